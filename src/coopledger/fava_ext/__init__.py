"""Pages inside Fava.

Put this line into the top-level file of a book::

    2024-01-01 custom "fava-extension" "coopledger.fava_ext"

Fava then shows *Capital accounts* in its sidebar.  Fava makes a page of every extension
class that it sees here, so that only the pages themselves are imported.

`adapter` is the one module of the pages that touches what Fava does not promise to
keep; `capital` says what its page shows; `charting` reckons what a chart shows;
`shapes` is the JSON; `templates/` lays out, on Fava's own components and without any
JavaScript of ours.  `serving` opens books for the office, behind `guarding`.
"""

from __future__ import annotations

from coopledger.fava_ext.capital import CapitalAccounts

__all__ = ["CapitalAccounts"]
