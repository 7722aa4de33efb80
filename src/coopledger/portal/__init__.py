"""The door in front of Fava: people sign in, and each sees what is theirs to see.

`gate` is the one way in; it asks `people` and `sessions` who is there, lets through
what `roles` allows, and tells `auditing`.  Members read a book of their own, which
`deriving` writes, `proving` holds against the full one and `publishing` keeps.  Fava
itself is met in `serving` and `shelling` only.  `pages` are the portal's own: signing
in, one's account, the people, the log.
"""

from __future__ import annotations
