"""The one page that a member's own book has.

The other pages tell of the whole co-operative, of which a member's book knows nothing.
"""

from __future__ import annotations

from coopledger.fava_ext.capital import CapitalAccounts

__all__ = ["CapitalAccounts"]
