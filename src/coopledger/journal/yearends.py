"""When the fiscal years of a book end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.findings import Remark
from coopledger.domain.periods import FiscalYearEnd
from coopledger.errors import only_near
from coopledger.journal.directives import origin_of
from coopledger.journal.spelling import as_ours
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beancount.core import data

    from coopledger.domain.books import Books

#: Fava's option that says when fiscal years end.
_YEAR_END = "fiscal-year-end"


def read_year_end(customs: Iterable[data.Custom], books: Books) -> None:
    """Read Fava's own option, so that there is one truth about fiscal years."""
    for entry in customs:
        if entry.type == "fava-option":
            key, value = [*(str(v.value) for v in entry.values or ()), "", ""][:2]
            # Fava takes both spellings, and the last of several lines.
            option = as_ours(key)
            if option != _YEAR_END and only_near(option, (_YEAR_END,)):
                books.remarks.append(_misspelt_year_end(entry, key))
            elif key.replace("_", "-") == _YEAR_END:
                year_end = FiscalYearEnd.parse(value)
                books.year_end = year_end or books.year_end
                if year_end is None:
                    books.remarks.append(_unreadable_year_end(entry, value))


def _misspelt_year_end(entry: data.Custom, key: str) -> Remark:
    return Remark(
        about="vocabulary",
        found=Phrase(
            "Fava has no option '{key}'; did you mean '{option}'?",
            key=key,
            option=_YEAR_END,
        ),
        fix=Phrase("Correct it: otherwise fiscal years end with the calendar year."),
        origin=origin_of(entry.meta),
        date=entry.date,
    )


def _unreadable_year_end(entry: data.Custom, value: str) -> Remark:
    return Remark(
        about="vocabulary",
        found=Phrase(
            "Fava's option fiscal-year-end takes MM-DD, not {value}.",
            value=value or Phrase("nothing"),
        ),
        fix=Phrase('Correct it, for example to "06-30".'),
        origin=origin_of(entry.meta),
        date=entry.date,
    )
