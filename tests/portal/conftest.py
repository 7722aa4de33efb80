"""One portal for tests that only read; a fresh one for tests that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import books
from tests.portal.door import BOOK
from tests.portal.door import Door
from tests.portal.door import door_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Write the small co-op's book."""
    (tmp_path / "book").mkdir()
    return books.write(tmp_path / "book", BOOK)


@pytest.fixture
def door(book: Path, tmp_path: Path) -> Iterator[Door]:
    """Open a portal that the test may change."""
    with door_to(book, tmp_path / "state") as found:
        yield found


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Open a portal that tests only read."""
    folder = tmp_path_factory.mktemp("portal")
    with door_to(books.write(folder, BOOK), folder / "state") as found:
        yield found
