"""What the tests of the documents share: a folder to play in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.docs.documents import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a new folder that holds a copy of the books and of the vectors."""
    for name in ("ledger", "vectors"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COOPLEDGER_BOOK", raising=False)
    return tmp_path
