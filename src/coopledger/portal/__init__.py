"""The door in front of Fava: people sign in, and each sees what is theirs to see.

`gate` is the one way in; it asks `people` and `sessions` who is there, lets through
what `roles` allows, and tells `auditing`.  Members read a book of their own: `deriving`
says what is theirs, `composing` writes it, `proving` holds it against the full book,
and `publishing` keeps it.  Fava itself is met in `serving` and `shelling` only.
`pages` are the portal's own: signing in, one's account, the people, the log.
"""

from __future__ import annotations
