"""Pages inside Fava.

Put this line into the top-level file of a book::

    2024-01-01 custom "fava-extension" "coopledger.fava_ext"

Fava then shows our pages in its sidebar.  It makes a page of every extension class
that it sees here, so that only the pages themselves are imported.

Each page's module says what it shows (`capital` ...), and its template lays that out,
on Fava's own components and without any JavaScript of ours.  `adapter`, `drawing` and
`keeping` are the modules that touch what Fava does not promise to keep: what all pages
have in common, charts as Fava takes them, and what is kept of a load for all pages.
`words` is what pages call things, `charting` reckons what a chart shows.  `serving`
opens books for the office, behind `guarding`.
"""

from __future__ import annotations

from coopledger.fava_ext.capital import CapitalAccounts
from coopledger.fava_ext.distribution import Distribution
from coopledger.fava_ext.register import Register
from coopledger.fava_ext.rulespage import Rules
from coopledger.fava_ext.solidarity import Solidarity

__all__ = ["CapitalAccounts", "Distribution", "Register", "Rules", "Solidarity"]
