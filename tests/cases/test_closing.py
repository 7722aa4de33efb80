"""Golden closings: a book of a few lines, and what closing its year gives."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from coopledger.services.checking import check_path
from tests.goldens import expect

CASES = sorted(
    case.parent for case in Path(__file__).parent.glob("closing/*/case.toml")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_year_closes_as_recorded_and_then_is_closed(
    case: Path, tmp_path: Path, *, update_goldens: bool
) -> None:
    asked = tomllib.loads((case / "case.toml").read_text("utf-8"))
    book = shutil.copytree(case, tmp_path / "book") / "source.beancount"
    close = [
        "close",
        "--book",
        str(book),
        "--year",
        str(asked["year"]),
        "--format=json",
    ]
    close += ["--resolution", asked["resolution"]]
    run = CliRunner().invoke(main, close)
    assert run.exit_code == asked["exit"], run.output
    shape = json.loads(run.stdout or '{"entries": ""}')
    if asked["resolution"] and asked["exit"] == 0:
        written = CliRunner().invoke(main, [*close, "--write"])
        assert (written.exit_code, written.stderr) == (0, "")
        again = CliRunner().invoke(main, close)
        assert json.loads(again.stdout)["entries"] == ""
    found = [
        f"{one.origin.line}: {one.sentence}\n" for one in check_path(book).findings
    ]
    texts = {
        "beancount": shape.pop("entries"),
        "json": json.dumps(shape, ensure_ascii=False, indent=2) + "\n",
        "errors": run.stderr + "".join(found),
    }
    for ending, text in texts.items():
        expect(case / f"expected.{ending}", text, update=update_goldens)
