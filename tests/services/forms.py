"""Legal forms that a test writes out, put where presets are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.law import preset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


def shipped(
    id_: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Put a form where presets are found, for as long as a test takes.

    Parameters stand between at signs: ``@unit name value Title.@``.
    """
    pieces = text.split("@")
    whole = "".join(
        _parameter(piece) if index % 2 else piece for index, piece in enumerate(pieces)
    )
    path = folder / f"{id_}.toml"
    path.write_text(whole, "utf-8")
    monkeypatch.setitem(preset.preset_paths(), id_, path)
    preset._READ.clear()
    yield
    preset._READ.clear()


def _parameter(line: str) -> str:
    unit, name, value, title = line.split(" ", 3)
    return (
        f'[[parameter]]\nname = "{name}"\ntitle = "{title}"\nunit = "{unit}"\n'
        f'bound = "free"\nvalues = [{{ from = 2000-01-01, value = {value}, source = '
        '"ACT", confidence = "derived", checked_on = 2026-11-24 }]\n'
    )
