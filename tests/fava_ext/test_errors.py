"""Findings on Fava's own error page, and in the data of every page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from typing import Any

from coopledger.services.checking import check_path
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import PAGE
from tests.fava_ext.pages import SLUG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fava_ext.pages import Office

WRONG = '2024-06-01 custom "coop-membr" "Cy" "join"'


def findings_in(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors that are about the wrong line."""
    return [error for error in errors if "coop-membr" in error["message"]]


def line_of(book: Path) -> int:
    """Return the number of the wrong line."""
    return book.read_text("utf-8").splitlines().index(WRONG) + 1


def test_fava_shows_a_finding_at_its_own_file_and_line(
    office_over: Callable[[str], Office], tmp_path: Path
) -> None:
    office = office_over(f"{BOOK}\n{WRONG}\n")
    book = tmp_path / "main.beancount"
    (error,) = findings_in(office.client.get(f"{SLUG}/api/errors").get_json()["data"])
    assert error["type"] == "RuleViolation"
    assert error["source"]["filename"] == str(book)
    assert error["source"]["lineno"] == line_of(book)


def test_every_page_carries_the_findings_for_the_count_in_the_sidebar(
    office_over: Callable[[str], Office],
) -> None:
    office = office_over(f"{BOOK}\n{WRONG}\n")
    html = office.client.get(PAGE).text
    found = re.search(r'id="ledger-data">(.*?)</script>', html)
    assert found is not None
    assert len(findings_in(json.loads(found[1])["errors"])) == 1


def test_the_command_gets_the_same_finding_with_all_its_parts(
    office_over: Callable[[str], Office], tmp_path: Path
) -> None:
    office_over(f"{BOOK}\n{WRONG}\n")
    found = [f for f in check_path(tmp_path).findings if "coop-membr" in f.found]
    assert [(f.rule, f.origin.line) for f in found] == [
        ("COOP-LANG-01", line_of(tmp_path / "main.beancount"))
    ]
    assert found[0].fix != ""


def test_a_finding_is_no_error_that_makes_figures_wrong(
    office_over: Callable[[str], Office],
) -> None:
    assert "Beancount reports" not in office_over(f"{BOOK}\n{WRONG}\n").page()
