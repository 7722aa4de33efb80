"""The page *Rules*: findings with their lines, and the rule book beside the book."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopledger.journal.loading import load_book
from coopledger.rules import RULES
from coopledger.services.checking import check_book
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fava_ext.pages import Office

    OfficeOver = Callable[[str], Office]

WRONG = '2024-06-01 custom "coop-membr" "<i>Cy</i>" "join"'


def test_each_finding_stands_with_a_link_to_its_line(
    office_over: OfficeOver, tmp_path: Path
) -> None:
    page = office_over(f"{BOOK}\n{WRONG}\n").page("Rules")
    line = (tmp_path / "main.beancount").read_text("utf-8").splitlines().index(WRONG)
    place = f"file_path={tmp_path}/main.beancount&line={line + 1}"
    links = re.findall(r'href="([^"]*editor/[^"]*)"[^>]*>([^<]*)<', page)
    shown = {
        address.replace("&amp;", "&").replace("%2F", "/"): at for address, at in links
    }
    assert [at for address, at in shown.items() if place in address] == [
        f"main.beancount:{line + 1}"
    ]
    assert "There is no directive &#39;coop-membr&#39;" in page


def test_a_reader_without_the_editor_sees_the_line_and_no_link(
    office_over: OfficeOver,
) -> None:
    line = '"fava-extension" "coopledger.fava_ext"'
    book = BOOK.replace(line, f"{line} \"{{'editor': False}}\"")
    page = office_over(f"{book}\n{WRONG}\n").page("Rules")
    assert "main.beancount:" in page
    assert "editor/" not in page


def test_all_findings_of_the_check_are_counted_by_severity(
    office_over: OfficeOver, tmp_path: Path
) -> None:
    page = text_of(office_over(f"{BOOK}\n{WRONG}\n").page("Rules"))
    found = check_book(load_book(tmp_path)).findings
    counts = {
        kind: sum(f.severity == kind for f in found) for kind in ("error", "warning")
    }
    assert f"{counts['error']} error" in page
    assert f"{counts['warning']} warning" in page
    assert page.index("coop-membr") < page.index("What each rule asks")


def test_the_time_filter_chooses_and_says_how_many_it_leaves_out(
    office_over: OfficeOver,
) -> None:
    office = office_over(f"{BOOK}\n{WRONG}\n")
    assert "coop-membr" in office.page("Rules", time="2024")
    other = office.page("Rules", time="2022")
    assert "coop-membr" not in other
    assert re.search(r"\d+ more findings? lies? outside the time filter", other)


def test_every_rule_says_what_it_asks_and_what_came_of_it(office: Office) -> None:
    found = office.json("findings", page="Rules")
    assert {one["id"] for one in found["rules"]} == {rule.id for rule in RULES}
    verdicts = {one["id"]: one["verdict"] for one in found["rules"]}
    broken = {one["rule"] for one in found["findings"]}
    assert {name for name, one in verdicts.items() if one == "broken"} == (
        broken & verdicts.keys()
    )
    page = office.page("Rules")
    for rule in RULES:
        assert f'id="rule-{rule.id}"' in page


def test_a_rule_whose_parameter_nobody_decided_does_not_apply(office: Office) -> None:
    found = office.json("findings", page="Rules")
    verdicts = {one["id"]: one["verdict"] for one in found["rules"]}
    assert verdicts["COOP-CAP-09"] == "idle"
    assert verdicts["COOP-CAP-01"] == "holds"


def test_a_rule_that_the_book_switched_off_is_named_with_the_reason(
    office_over: OfficeOver,
) -> None:
    practice = next(
        rule.id
        for rule in RULES
        if rule.basis == "practice" and rule.id.startswith("COOP-BOOK")
    )
    off = (
        f'2022-01-01 custom "coop-rule" "{practice}" "off"\n'
        '  reason: "<b>we know</b>"\n'
    )
    office = office_over(BOOK + off)
    assert "Switched off: &lt;b&gt;we know&lt;/b&gt;" in office.page("Rules")


def test_the_json_of_findings_is_that_of_the_command(
    office_over: OfficeOver, tmp_path: Path
) -> None:
    from coopledger.cli.shapes import check_shape  # noqa: PLC0415 - only here

    office = office_over(f"{BOOK}\n{WRONG}\n")
    found = office.json("findings", page="Rules")["findings"]
    expected = check_shape("", check_book(load_book(tmp_path)).findings)["findings"]
    key = lambda one: (one["rule"], one["line"], one["message"])  # noqa: E731 - short
    assert sorted(found, key=key) == sorted(expected, key=key)


def test_a_bad_time_filter_gets_one_sentence(office: Office) -> None:
    assert "is no period" in office.page("Rules", time="soon")
    assert "error" in office.json("findings", page="Rules", status=404, time="soon")


def test_the_editor_opens_at_the_address(office_over: OfficeOver) -> None:
    office = office_over(f"{BOOK}\n{WRONG}\n")
    link = re.search(r'href="([^"]*editor/[^"]*)"', office.page("Rules"))
    assert link is not None
    assert link[1].startswith(f"{SLUG}/editor/")
    assert office.client.get(link[1].replace("&amp;", "&")).status_code == 200
