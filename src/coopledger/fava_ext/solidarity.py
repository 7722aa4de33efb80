"""The page *Solidarity*: funds, what passes between enterprises, and the pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.errors import CoopledgerError
from coopledger.fava_ext import words
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.adapter import View
from coopledger.services.federating.caching import cache_folder
from coopledger.services.federating.showing import neighbours_of
from coopledger.services.federating.showing import solidarity_of
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flask import Response

    from coopledger.domain.findings import Origin
    from coopledger.domain.solidarity import FederalShare
    from coopledger.services.federating.showing import Neighbours
    from coopledger.services.federating.showing import SolidarityPage


@dataclass(slots=True, kw_only=True)
class SolidarityView(View):
    """What the page shows.

    Attributes:
        found: What passes between this enterprise and the others.
        hashes: Hash of the entry behind each transfer, by which Fava opens it.
        natures: What natures of transfers are called.
        matches: What it is called that the other book says the same, or not.
        trouble: Why the federation's books could not be read, or "".
    """

    found: SolidarityPage
    hashes: Mapping[Origin, str]
    natures: Mapping[str, str]
    matches: Mapping[str, str]
    trouble: str


class Solidarity(CooperativePage):
    """Funds, transfers matched or not, and the enterprise's place in the pool."""

    title = "Solidarity"
    _neighbours: Neighbours | None = None

    def view(self) -> View:
        """Return what passed between the enterprises in the period."""
        books, period = self.books, self.period()
        neighbours, trouble = self._read()
        found = solidarity_of(books, period.first, period.end, neighbours)
        view = SolidarityView(
            template="coopledger/solidarity.html",
            found=found,
            hashes=self.entry_hashes([one.transfer for one in found.passages]),
            natures=words.NATURES,
            matches=words.MATCHES,
            trouble=trouble,
        )
        self.framed(view, period)
        return view

    def stamp(self) -> str:
        """Say in which state the other books are: a page is kept for one state."""
        known = self._neighbours
        if known is not None and known.is_outdated:
            known = self._neighbours = None
        return str(id(known))

    def _read(self) -> tuple[Neighbours | None, str]:
        """Read the federation's books, where it is known which they are."""
        path = self._federation()
        if path is None:
            return None, ""
        if self._neighbours is None or self._neighbours.is_outdated:
            try:
                self._neighbours = neighbours_of(path, cache_folder(None))
            except CoopledgerError as error:
                return None, error.words
        return self._neighbours, ""

    def _federation(self) -> Path | None:
        """Return the federation's book: this one, or what ``federation`` names."""
        main = self.book.path
        named = self.settings.get("federation")
        if isinstance(named, str) and named:
            return main.parent / named
        books = self.book.case.books
        is_one = any(
            one.path for one in books.enterprises if one.id != books.enterprise
        )
        return main if is_one else None

    @extension_endpoint
    def transfers(self) -> Response:
        """Answer with funds, transfers, dues and the years shared out."""
        return self.answer(self._shape)

    def _shape(self) -> dict[str, Any]:
        books, period = self.books, self.period()
        neighbours, _ = self._read()
        found = solidarity_of(books, period.first, period.end, neighbours)
        return {"schema": SCHEMA, "currency": books.currency, **_shape(found)}


def _shape(found: SolidarityPage) -> dict[str, Any]:
    return {
        "enterprise": found.enterprise,
        "funds": [
            {
                "fund": one.name,
                "opening": str(one.opening),
                "received": str(one.received),
                "given": str(one.given),
                "closing": str(one.closing),
            }
            for one in found.funds
        ],
        "transfers": [
            {
                "id": one.transfer.id,
                "date": one.transfer.date.isoformat(),
                "peer": one.transfer.peer,
                "nature": one.transfer.nature,
                "year": one.transfer.year,
                "fund": one.transfer.fund,
                "amount": str(one.transfer.signed),
                "match": one.match,
                "why": one.why,
            }
            for one in found.passages
        ],
        "dues": {name: str(amount) for name, amount in found.dues.items()},
        "years": [
            {
                "year": one.year,
                "why": one.why,
                "steps": [_step_shape(share) for share in one.shares],
            }
            for one in found.years
        ],
    }


def _step_shape(share: FederalShare) -> dict[str, Any]:
    parts = {
        name: {
            "base": str(part.base),
            "given": str(part.given),
            "received": str(part.received),
            "net": str(part.net),
        }
        for name, part in share.parts.items()
    }
    return {"id": share.step.id, "parts": parts}
