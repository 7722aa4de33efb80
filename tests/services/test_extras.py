"""Optional libraries: each has one home, and one sentence where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopledger.services.extras import LibraryMissingError
from coopledger.services.extras import optional

SOURCE = Path(__file__).parents[2] / "src" / "coopledger"
HOMES = {
    "pyrage": {"services/keeping/ciphers.py"},
    "sepaxml": {"services/payouts/filing.py"},
    "schwifty": {"services/keeping/numbers.py", "services/payouts/filing.py"},
}


@pytest.mark.parametrize("library", HOMES)
def test_an_optional_library_is_loaded_in_its_home_alone(library: str) -> None:
    homes = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if f'"{library}' in path.read_text("utf-8")
        or f"import {library}" in path.read_text("utf-8")
    }
    assert homes == HOMES[library]


def test_what_is_missing_is_named_with_what_brings_it() -> None:
    with pytest.raises(LibraryMissingError) as raised:
        optional("no_such_library.part", "odd", "This")
    assert str(raised.value) == (
        "This needs the package no_such_library, which is not installed here: "
        "pip install 'coopledger[odd]'."
    )
