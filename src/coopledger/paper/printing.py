"""Pages printed to PDF: the same bytes for the same page, and nothing fetched for it.

WeasyPrint is optional, and slow to load: it is imported when the first page is printed.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import BrokenExecutor
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import chain
from itertools import islice
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.services.extras import optional

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from concurrent.futures import Future

#: Fewer pages than this are printed sooner than other processes have begun.
FEW = 8
#: At most so many pages are printed at a time.
_PROCESSES = min(4, os.cpu_count() or 1)
#: So many pages wait for their turn or for being fetched.
_AHEAD = 4 * _PROCESSES


class PangoMissingError(CoopledgerError):
    """The system lacks what lays out letters."""

    def __init__(self) -> None:
        """Say what to install."""
        super().__init__(
            "PDF needs Pango of the system, which is not installed here: "
            "apt install libpangoft2-1.0-0."
        )


class PrintingStoppedError(CoopledgerError):
    """Something else ended a process that was printing."""

    def __init__(self) -> None:
        """Say that nothing came of it."""
        super().__init__(
            "A process that was printing was ended from outside, for want of memory "
            "perhaps; nothing was written. Run the command again."
        )


def printed(page: str) -> bytes:
    """Print one page that stands by itself, and return the PDF.

    It has the page's title and language, its headings and tables for screen readers,
    and the letters that it shows; no day or number of the moment is in it.

    Args:
        page: HTML, with its style in it.

    Raises:
        LibraryMissingError: WeasyPrint is not installed.
        PangoMissingError: Pango is not.
    """
    return _printer()(page)


def printed_all(pages: Iterable[str]) -> Iterator[bytes]:
    """Print pages one after the other, in several processes where there are many.

    Only a few pages are taken ahead of the one that is given.

    Raises:
        LibraryMissingError: WeasyPrint is not installed.
        PangoMissingError: Pango is not.
        PrintingStoppedError: A process was ended from outside.
    """
    left = iter(pages)
    first = [*islice(left, FEW)]
    if len(first) < FEW or _PROCESSES == 1:
        yield from map(printed, chain(first, left))
        return
    _printer()
    try:
        yield from _side_by_side(chain(first, left))
    except BrokenExecutor as error:
        raise PrintingStoppedError from error


def _side_by_side(pages: Iterable[str]) -> Iterator[bytes]:
    # An interruption is for this process to act upon, not for its helpers.
    pool = ProcessPoolExecutor(
        _PROCESSES,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    ahead: deque[Future[bytes]] = deque()
    try:
        for page in pages:
            ahead.append(pool.submit(printed, page))
            if len(ahead) > _AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@cache
def _printer() -> Callable[[str], bytes]:
    """Load what prints, and the fonts of this machine, once.

    Raises:
        LibraryMissingError: WeasyPrint is not installed.
        PangoMissingError: Pango is not.
    """
    try:
        weasyprint = optional("weasyprint", "pdf", "PDF")
        fonts = optional("weasyprint.text.fonts", "pdf", "PDF").FontConfiguration()
    except OSError as error:
        raise PangoMissingError from error
    # What of the style is for screens alone is no news to who prints.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())

    def pdf_of(page: str) -> bytes:
        document = weasyprint.HTML(string=page, url_fetcher=nothing)
        name = hashlib.sha256(page.encode("utf-8")).digest()[:16]
        return bytes(
            document.write_pdf(font_config=fonts, pdf_identifier=name, pdf_tags=True)
        )

    return pdf_of
