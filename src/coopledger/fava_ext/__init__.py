"""Pages inside Fava.

Put this line into the top-level file of a book::

    2024-01-01 custom "fava-extension" "coopledger.fava_ext"

Fava then shows our pages in its sidebar.  It makes a page of every extension class
that it sees here, so that only the pages themselves are imported.

Each page's module says what it shows (`capital` ...), and its template lays that out,
on Fava's own components and without any JavaScript of ours.  `adapter` is the one
module that touches what Fava does not promise to keep; it reads a load once for all
pages and keeps what was laid out.  `words` is what pages call things, `charting`
reckons what a chart shows.  `serving` opens books for the office, behind `guarding`.
"""

from __future__ import annotations

from coopledger.fava_ext.capital import CapitalAccounts
from coopledger.fava_ext.distribution import Distribution
from coopledger.fava_ext.register import Register
from coopledger.fava_ext.rulespage import Rules
from coopledger.fava_ext.solidarity import Solidarity

__all__ = ["CapitalAccounts", "Distribution", "Register", "Rules", "Solidarity"]
