"""How a workbook is wanted, and what has to agree in it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.services.exporting.layouts import default_layout
from coopledger.services.wording import OWN
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.layouts import Layout
    from coopledger.services.federating.showing import Neighbours
    from coopledger.services.wording import Wording


#: What layouts call the sheets of queries, as if they were one.
QUERIES = "Queries"


def sheet_id(name: str) -> str:
    """Return what layouts call a sheet: ``capital-accounts``."""
    return name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a workbook is wanted.

    Attributes:
        layout: Which sheets it has, and what their tables show.
        language: The language of its words.
        neighbours: The federation's books, where they are at hand.
    """

    layout: Layout = field(default_factory=default_layout)
    language: str = OWN
    neighbours: Neighbours | None = None

    @property
    def wording(self) -> Wording:
        """Words as readers of the language write them."""
        return wording_of(self.language)


class Tie(NamedTuple):
    """Two figures that have to agree: words, formula and value of each side, form."""

    what: str
    here: tuple[str, Decimal]
    there: tuple[str, Decimal]
    form: Form = "money"
