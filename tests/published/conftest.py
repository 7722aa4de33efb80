"""The forms that published cases need, beside those that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.law import preset
from tests.published.figures import HERE
from tests.published.figures import BookFigures
from tests.published.playing import Played
from tests.published.playing import play

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

OWN_PRESETS = {
    preset_id: path
    for path in sorted((HERE / "presets").glob("*.toml"))
    for preset_id in [path.read_text("utf-8").partition('id = "')[2].partition('"')[0]]
}


@pytest.fixture(scope="module", autouse=True)
def own_presets() -> Iterator[None]:
    """Let the law know the presets beside these tests."""
    with pytest.MonkeyPatch.context() as patch:
        for preset_id, path in OWN_PRESETS.items():
            patch.setitem(preset.preset_paths(), preset_id, path)
        yield
    preset._READ.clear()


@pytest.fixture(scope="module")
def played(
    tmp_path_factory: pytest.TempPathFactory,
    own_presets: None,  # noqa: ARG001 - the books name them
) -> Callable[[BookFigures], Played]:
    """Play a book once, whoever asks."""
    done: dict[int, Played] = {}

    def play_once(figures: BookFigures) -> Played:
        if id(figures) not in done:
            done[id(figures)] = play(figures, tmp_path_factory.mktemp("book"))
        return done[id(figures)]

    return play_once
