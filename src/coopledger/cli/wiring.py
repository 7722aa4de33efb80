"""The composition root: hands services their writers and starts the other faces.

Faces never import each other; this one module joins them, because the command line is
where a person asks for all of them.  Each is loaded only when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.principling import Measured


def write_workbook(book: Book, year: int, file: Path, *, force: bool) -> None:
    """Write a year's workbook with the Excel writer."""
    from coopledger import xlsx  # noqa: PLC0415 - loads openpyxl
    from coopledger.services import exporting  # noqa: PLC0415

    exporting.export(book, year, file, xlsx.write, force=force)


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
