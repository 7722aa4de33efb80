"""Which sheets a workbook has, and what their tables show, by a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopledger.services.exporting import Wish
from coopledger.services.exporting import layout_for
from coopledger.services.exporting import layouts
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.layouts import LayoutUnreadableError
from coopledger.services.exporting.layouts import read_layout
from tests.cli.running import run
from tests.services.workbooks import demo
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from coopledger.services.exporting.description import Workbook

SAMPLE = Path(__file__).parents[2] / "reports" / layouts.OWN_FILE

SHORT = """
[[sheet]]
id = "checks"
[[sheet]]
id = "members"
title = { en = "People" }
[sheet.table.register]
columns = ["pay", "member", "hours"]
widths = { pay = 40 }
formats = { hours = "whole" }
titles.en = { pay = "Advances" }
[[sheet]]
id = "read-me"
"""


def laid(folder: Path, text: str) -> Workbook:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return workbook_of(demo("freedom-farms"), 2025, Wish(read_layout(path)))


def test_the_sample_is_what_the_program_uses() -> None:
    folder = Path(layouts.__file__).parent
    assert SAMPLE.read_bytes() == (folder / layouts.OWN_FILE).read_bytes()


def test_the_default_shows_every_sheet() -> None:
    for name in ("basque", "freedom-farms", "federation"):
        workbook = workbook_of(demo(name), 2025)
        assert not any(sheet.is_hidden for sheet in workbook.sheets)


def test_sheets_come_in_the_order_of_the_file_and_others_are_hidden(
    tmp_path: Path,
) -> None:
    workbook = laid(tmp_path, SHORT)
    shown = [sheet.name for sheet in workbook.sheets if not sheet.is_hidden]
    assert shown == ["Checks", "People", "Read me"]
    assert "Inputs" in [sheet.name for sheet in workbook.sheets if sheet.is_hidden]
    listed = [row[0].content for row in workbook.sheet("Read me").table("sheets").rows]
    assert listed == ["Checks", "People"]


def test_what_no_formula_needs_is_left_out(tmp_path: Path) -> None:
    names = {sheet.id for sheet in laid(tmp_path, SHORT).sheets}
    assert names.isdisjoint({"journal", "rules", "solidarity", "charts"})


def test_columns_have_the_order_titles_widths_and_forms_of_the_file(
    tmp_path: Path,
) -> None:
    table = laid(tmp_path, SHORT).sheet("People").table("register")
    shown = [column for column in table.columns if not column.is_hidden]
    assert [column.key for column in shown] == ["pay", "member", "hours"]
    assert (shown[0].title, shown[0].width) == ("Advances", 40)
    assert {row[2].form for row in table.rows} == {"whole"}
    assert {row[1].form for row in table.rows} == {"text"}


def test_formulas_follow_wherever_columns_and_sheets_are(tmp_path: Path) -> None:
    workbook = Recalculated(laid(tmp_path, SHORT))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "sheet: Field required"),
        ("sheet = []", "at least 1 item"),
        ('[[sheet]]\nid = "membrs"', "no sheet 'membrs'; did you mean 'members'?"),
        ('[[sheet]]\nid = "rules"\n' * 2, "sheet 'rules' stands there twice"),
        ('[[sheet]]\nid = "rules"\nname = "R"', "sheet.0.name: Extra inputs"),
        ('[formats]\ndate = "dd of mm"\n[[sheet]]\nid = "rules"', "no format of days"),
        (
            '[formats]\nnegatives = "blue"\n[[sheet]]\nid = "rules"',
            "formats.negatives: Input should be 'red', 'minus' or 'brackets'",
        ),
        ('[[sheet]]\nid = "rules"\ntitle.en = "a/b"', "'a/b' can be no sheet's name"),
        ('[[sheet]]\nid = "rules"\ntitle.en = ""', "'' can be no sheet's name"),
        (
            '[[sheet]]\nid = "rules"\ntitle.en = "CHECKS"',
            "sheets 'rules' and 'checks' are both called 'Checks'",
        ),
        (
            '[[sheet]]\nid = "members"\ntable.register.columns = ["pay", "pay"]',
            "members.register: column 'pay' stands there twice",
        ),
        (
            '[[sheet]]\nid = "members"\n[sheet.table.register]\nwidths = { pay = 0 }',
            "column 'pay' is 1 to 255 characters wide, not 0",
        ),
        (
            '[[sheet]]\nid = "members"\n[sheet.table.register]\ncolumns = ["pays"]',
            "no column of 'register' 'pays'; did you mean 'pay'?",
        ),
        (
            '[[sheet]]\nid = "members"\n[sheet.table.registr]\ncolumns = ["pay"]',
            "no table of sheet 'members' 'registr'; did you mean 'register'?",
        ),
        ("[[sheet", "cannot be used for the workbook"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_one_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(LayoutUnreadableError) as caught:
        laid(tmp_path, text)
    sentence = str(caught.value)
    assert said in sentence
    assert sentence.endswith("Correct the file; docs/workbook.md shows its form.")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutUnreadableError, match="No such file"):
        read_layout(tmp_path / "none.toml")


def test_a_file_beside_the_book_counts_and_a_given_one_before_it(
    tmp_path: Path,
) -> None:
    main = tmp_path / "main.beancount"
    assert layout_for(main) is layouts.default_layout()
    (tmp_path / layouts.OWN_FILE).write_text('[[sheet]]\nid = "rules"', "utf-8")
    assert [*layout_for(main).sheets] == ["rules"]
    given = tmp_path / "given.toml"
    given.write_text('[[sheet]]\nid = "checks"', "utf-8")
    assert [*layout_for(main, given).sheets] == ["checks"]


def test_the_command_takes_a_layout_a_language_and_a_federation(tmp_path: Path) -> None:
    given = tmp_path / "mine.toml"
    given.write_text(SHORT, "utf-8")
    target = tmp_path / "year.xlsx"
    book = demo("freedom-farms").path
    done = run(
        *("export", "--book", book, "--year", 2025, "--layout", given),
        *("--language", "es", "--federation", book.parents[1] / "federation", target),
    )
    assert done.exit_code == 0, done.output
    assert target.read_bytes()[:2] == b"PK"
