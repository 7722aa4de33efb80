"""The composition root: hands services their writers and starts the other faces.

Faces never import each other; this one module joins them, because the command line is
where a person asks for all of them.  Each is loaded only when it is asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.journal.loading import Book
    from coopledger.portal.administering import Office
    from coopledger.services.asking import Query
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.principling import Measured
    from coopledger.services.importing.sheets import Sheet
    from coopledger.services.importing.words import Kind
    from coopledger.services.telling import Wishes


def write_workbook(
    book: Book,
    year: int,
    file: Path,
    *,
    force: bool,
    layout: Path | None = None,
    language: str = "",
    federation: Path | None = None,
) -> None:
    """Write a year's workbook with the Excel writer.

    Args:
        book: The book.
        year: The fiscal year.
        file: The file to write.
        force: Whether a file that is there may be replaced.
        layout: The sheets that are wanted; None for the book's own or the usual ones.
        language: The language of its words; "" for English.
        federation: The federation's book that transfers are held against.
    """
    from coopledger import xlsx  # noqa: PLC0415 - loads openpyxl
    from coopledger.services import exporting  # noqa: PLC0415
    from coopledger.services.federating.caching import cache_folder  # noqa: PLC0415
    from coopledger.services.federating.showing import neighbours_of  # noqa: PLC0415

    wish = exporting.Wish(
        layout=exporting.layout_for(book.path, layout),
        language=language or exporting.OWN,
        neighbours=neighbours_of(federation, cache_folder(None))
        if federation
        else None,
    )
    exporting.export(book, year, file, xlsx.write, wish=wish, force=force)


def write_group(
    title: str,
    group: Consolidation,
    measured: Sequence[Measured],
    file: Path,
    *,
    force: bool,
) -> None:
    """Write a group's workbook with the Excel writer."""
    from coopledger import xlsx  # noqa: PLC0415 - loads openpyxl
    from coopledger.services.federating import groupbook  # noqa: PLC0415

    groupbook.export_group(title, group, measured, file, xlsx.write, force=force)


def write_report(
    query: Query,
    book: Book,
    year: int | None,
    file: Path,
    *,
    language: str,
    force: bool,
) -> None:
    """Write what came of a query with the Excel writer."""
    from coopledger import xlsx  # noqa: PLC0415 - loads openpyxl
    from coopledger.services.exporting import asked  # noqa: PLC0415

    workbook = asked.workbook_of(query, book, year, language)
    xlsx.write(workbook, file, force=force)


def write_template(
    book: Book, kind: Kind, language: str, file: Path, *, force: bool
) -> None:
    """Write a template of an import with the Excel writer."""
    from coopledger.services.importing import templates  # noqa: PLC0415 - read rarely
    from coopledger.xlsx import templating  # noqa: PLC0415 - loads openpyxl

    made = templates.template_of(book, kind, language)
    templating.write_template(made, file, force=force)


def read_sheets(file: Path) -> list[Sheet]:
    """Read a workbook with the Excel reader, or a text file of columns."""
    from coopledger.services.importing import tables  # noqa: PLC0415 - read rarely
    from coopledger.services.importing import texts  # noqa: PLC0415 - read rarely

    if not texts.is_workbook(file):
        return [texts.read_text_sheet(file, tables.known_columns)]
    from coopledger.xlsx import reading  # noqa: PLC0415 - loads openpyxl

    return reading.read(file)


def write_statement(
    book: Book, member: str, file: Path, wishes: Wishes, *, force: bool
) -> None:
    """Write one member's statement as a page.

    Args:
        book: The book.
        member: Member id.
        file: The file.
        wishes: Period, language, whom to ask, and the form.
        force: Whether a file that is there already may be replaced.
    """
    from coopledger import paper  # noqa: PLC0415 - loads Jinja

    paper.write_one(book, member, wishes, file, force=force)


def write_statements(
    book: Book, folder: Path, progress: Callable[[int, int], None], wishes: Wishes
) -> int:
    """Write all members' statements as pages into a folder, and return how many.

    Args:
        book: The book.
        folder: The folder.
        progress: Told how many members are done, and how many there are.
        wishes: Period, language, whom to ask, and the form.
    """
    from coopledger import paper  # noqa: PLC0415 - loads Jinja

    return paper.write_all(book, wishes, folder, progress)


def write_letter(
    books: Books, told: object, file: Path, *, force: bool, **look: str
) -> None:
    """Write one letter as a page.

    Args:
        books: The books that it is about.
        told: What it tells: a service's answer.
        file: The file.
        force: Whether a file that is there already may be replaced.
        look: Language, and whom to ask.
    """
    from coopledger.paper import letters  # noqa: PLC0415 - loads Jinja

    batch = letters.batch_of(told, books)
    letters.write_letter(books, batch, letters.Look(**look), file, force=force)


def write_letters(
    books: Books,
    told: object,
    folder: Path,
    progress: Callable[[int, int], None],
    **look: str,
) -> int:
    """Write letters as pages into a folder, and return how many.

    Args:
        books: The books that they are about.
        told: What they tell: a service's answer.
        folder: The folder.
        progress: Told how many are done, and how many there are.
        look: Language, and whom to ask.
    """
    from coopledger.paper import letters  # noqa: PLC0415 - loads Jinja

    batch = letters.batch_of(told, books)
    return letters.write_letters(books, batch, letters.Look(**look), folder, progress)


def serve_books(
    paths: Sequence[Path],
    *,
    port: int,
    read_only: bool,
    on_ready: Callable[[str], None],
) -> None:
    """Serve books in Fava on 127.0.0.1 until interrupted."""
    from coopledger.fava_ext import serving  # noqa: PLC0415 - loads Fava

    serving.serve(paths, port=port, read_only=read_only, on_ready=on_ready)


def serve_portal(
    book: Path | None,
    state: Path,
    *,
    on_ready: Callable[[str], None],
    **how: Any,
) -> None:
    """Serve the portal until interrupted.

    Args:
        book: The book's top-level file; None where only members are served.
        state: The folder of what the portal keeps.
        on_ready: Is told the address.
        how: The other fields of the portal's place.
    """
    from coopledger.portal import running  # noqa: PLC0415 - loads Fava

    running.serve(book, running.Place(state, **how), on_ready)


@contextmanager
def portal_office(state: Path, *, is_new: bool = False) -> Iterator[Office]:
    """Open what a portal keeps, for what is done about people."""
    from coopledger.portal import administering  # noqa: PLC0415 - loads argon2

    with administering.opened(state, is_new=is_new) as office:
        yield office
