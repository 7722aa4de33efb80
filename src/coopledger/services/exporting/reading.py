"""The first sheet: what the workbook is, where it comes from, whether it agrees."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from coopledger.phrases import Phrase
from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import OK
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.tying import FLAG
from coopledger.services.exporting.wording import ours
from coopledger.services.provenance import digest_of
from coopledger.services.provenance import digests_of
from coopledger.services.provenance import made_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.subject import Subject

README = "Read me"

_PAIRS = Columns.of(Column("what", "About", 34), Column("value", "What it says", 76))


def readme_sheet(subject: Subject, sheets: Sequence[Sheet]) -> Sheet:
    """Make the first sheet.

    Args:
        subject: The year.
        sheets: All other sheets.
    """
    draft = subject.draft(README, "What this workbook is, and whether it agrees")
    draft.begin(
        subject.title,
        Phrase("Workbook of {period}, not audited", period=subject.period),
    )
    draft.table(
        "about",
        _PAIRS,
        [("All checks", flag_of(sheets)), *_about(subject)],
        lambda row, _: {"what": text(Phrase(row[0])), "value": row[1]},
    )
    draft.table(
        "sheets",
        Columns.of(Column("what", "Sheet", 34), Column("value", "What it holds", 76)),
        [
            (sheet.name, subject.wish.wording(sheet.purpose))
            for sheet in sheets
            if not sheet.is_hidden
        ],
        lambda row, _: {"what": text(row[0]), "value": text(row[1], "wrapped")},
        caption="Sheets",
    )
    draft.table(
        "colours",
        Columns.of(Column("what", "Colour", 34), Column("value", "What it means", 76)),
        COLOURS,
        lambda row, _: {"what": row[0], "value": text(Phrase(row[1]), "wrapped")},
        caption="Colours",
    )
    draft.table(
        "files",
        Columns.of(
            Column("what", "File of the book", 34), Column("value", "SHA-256", 76)
        ),
        digests_of(subject.book).items(),
        lambda row, _: {"what": text(row[0], "wrapped"), "value": text(row[1], "code")},
        caption="What the book was when this was made",
    )
    return replace(draft.done, is_one_page=True)


def _about(subject: Subject) -> Iterator[tuple[str, Cell]]:
    book, fiscal = subject.book, subject.fiscal
    preset = subject.policy.preset_on(subject.end)
    layers = [
        Phrase("{id} ({title})", id=layer.id, title=ours(layer.title))
        for layer in reversed(preset.layers)
    ]
    yield "Co-operative", text(subject.title, "strong")
    yield "Fiscal year", text(str(fiscal.label))
    yield "First day", Cell(fiscal.start, "date")
    yield "Last day", Cell(fiscal.end, "date")
    yield "Currency", text(subject.books.currency)
    yield "Book", text(f"{book.path.parent.name}/{book.path.name}")
    yield "Digest of the book", text(digest_of(digests_of(book)), "code")
    yield "Last entry of the book", Cell(subject.books.last, "date")
    law: Phrase = reduce(
        lambda upper, lower: Phrase(
            "{upper}; on top of {lower}", upper=upper, lower=lower
        ),
        layers,
    )
    yield "Law and by-laws", text(law, "wrapped")
    yield "Distribution", text(subject.state, "wrapped")
    yield "Made by", text(made_by())


def flag_of(sheets: Sequence[Sheet]) -> Cell:
    """Repeat the flag of the checks."""
    flag = next(c for s in sheets for _, _, c in s.marked() if c.name == FLAG)
    value = flag.content.value if isinstance(flag.content, Formula) else CHECK
    return Cell(Formula(FLAG, value), "status", "total")


COLOURS = (
    (
        Cell(Phrase("may be changed"), "text", "input"),
        "An input. The formulas follow it.",
    ),
    (
        Cell(Phrase("from the book"), "text", "fact"),
        "A figure from the book, or from the law.",
    ),
    (text(Phrase("formula")), "Reckoned on the sheet from the other cells."),
    (
        Cell(Phrase("total"), "text", "total"),
        "A total; it follows the filters of its table.",
    ),
    (Cell(OK, "status"), "Two figures agree to the last unit."),
    (Cell(CHECK, "status"), "They do not: see the sheet Checks."),
)
