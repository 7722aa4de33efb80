"""The vectors in ``vectors/``, each worked out to the last unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopledger.law.preset import preset_paths
from coopledger.services.vectors import play
from coopledger.services.vectors import read_vectors

FOLDER = Path(__file__).parents[2] / "vectors"
FILES = {path.stem: read_vectors(path) for path in sorted(FOLDER.glob("*.toml"))}
OUTCOMES = [
    pytest.param(outcome.differences, id=f"{stem}: {outcome.name}")
    for stem, file in FILES.items()
    for outcome in play(file)
]


@pytest.mark.parametrize("differences", OUTCOMES)
def test_a_vector_comes_out_to_the_last_unit(differences: tuple[object, ...]) -> None:
    assert list(map(str, differences)) == []


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_each_preset_has_a_surplus_and_a_loss(preset: str) -> None:
    results = [
        case.year.result
        for file in FILES.values()
        for case in file.case
        if (case.preset or file.preset) == preset
    ]
    sums = [sum(r.values()) if isinstance(r, dict) else r for r in results]
    assert any(one > 0 for one in sums)
    assert any(one < 0 for one in sums)


@pytest.mark.parametrize("stem", FILES)
def test_no_two_vectors_of_a_file_share_a_name(stem: str) -> None:
    names = [(outcome.kind, outcome.name) for outcome in play(FILES[stem])]
    assert len(set(names)) == len(names)
