"""Pages put into files that nobody but their owner may read, at once or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections import Counter
from collections import deque
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.placing import beside
from coopledger.journal.placing import clear_beside
from coopledger.paper.printing import printed
from coopledger.paper.printing import printed_all

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

HTML, PDF = "html", "pdf"
#: What a page may become; each is also the ending of the file's name.
FORMS = (HTML, PDF)

#: A member's id that is a file's name as it stands, on every system.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class FolderInUseError(CoopledgerError):
    """Pages would mix with other files."""

    def __init__(self, path: str) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"{path} is there already and is no empty folder; name a new folder, so "
            "that the pages of one period stay together and nothing is replaced."
        )


def refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a file that is there already.

    Raises:
        FileExistsAlreadyError: It is, and `force` is not given.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(str(path))


def put_page(path: Path, page: str, form: str = HTML) -> None:
    """Write a page that only its owner may read, at once or not at all.

    Args:
        path: The file; what is there is replaced.
        page: HTML that stands by itself, with its style in it.
        form: What becomes of it, one of `FORMS`.

    Raises:
        LibraryMissingError, PangoMissingError: There is nothing to print PDF with.
    """
    content = printed(page) if form == PDF else page.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = beside(path)
    try:
        _write_private(staged, content)
        staged.replace(path)
    finally:
        clear_beside(path)


def refuse_used(folder: Path) -> None:
    """Refuse a folder that has something in it.

    Raises:
        FolderInUseError: It has.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(str(folder))


def put_pages(folder: Path, pages: Iterable[tuple[str, str]], form: str = HTML) -> int:
    """Write pages into a new folder of their owner's, at once or not at all.

    Each page is on the disk before many more are asked for.

    Args:
        folder: The folder; it may not be there yet, or has to be empty.
        pages: Name of each file, with the HTML that it is made of.
        form: What becomes of them, one of `FORMS`.

    Returns:
        How many there are; without any there is no folder.

    Raises:
        LibraryMissingError, PangoMissingError: There is nothing to print PDF with.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_beside(folder)
    staged, count = beside(folder), 0
    try:
        staged.mkdir(mode=0o700)
        with contextlib.closing(_contents(pages, form)) as contents:
            for name, content in contents:
                _write_private(staged / name, content)
                count += 1
        if count:
            _put_folder(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return count


def file_names(members: Iterable[str], stem: str, form: str = HTML) -> dict[str, str]:
    """Return the name of each member's file.

    An id is in it as it stands where every system takes it, and where no other id
    differs from it in small and capital letters alone.

    Args:
        members: The ids, of all members: a file's name depends on the other ids.
        stem: What each name begins with.
        form: What it ends with, one of `FORMS`.
    """
    ids = [*members]
    alike = Counter(map(str.casefold, ids))
    return {
        one: f"{stem}-{_plain(one, is_alone=alike[one.casefold()] == 1)}.{form}"
        for one in ids
    }


def _plain(member: str, *, is_alone: bool) -> str:
    if is_alone and _SAFE.fullmatch(member):
        return member
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", member)[:40]
    digest = hashlib.sha256(member.encode("utf-8", "surrogatepass")).hexdigest()
    # A point is in no id that stands as it is, so that the two kinds never meet.
    return f"{plain}.{digest[:12]}"


def _contents(
    pages: Iterable[tuple[str, str]], form: str
) -> Generator[tuple[str, bytes], None, None]:
    """Yield names with what comes into their files."""
    if form != PDF:
        for name, page in pages:
            yield name, page.encode()
        return
    names: deque[str] = deque()

    def only_pages() -> Iterator[str]:
        for name, page in pages:
            names.append(name)
            yield page

    for content in printed_all(only_pages()):
        yield names.popleft(), content


def _write_private(path: Path, content: bytes) -> None:
    """Write a new file to the disk that nobody but its owner may read."""
    as_it_is = getattr(os, "O_BINARY", 0)  # which Windows alone has, and needs
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | as_it_is
    opened = os.open(path, how, 0o600)
    with open(opened, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_folder(staged: Path, folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        # Elsewhere than on POSIX a folder does not take an empty one's place.
        folder.rmdir()
    staged.replace(folder)
