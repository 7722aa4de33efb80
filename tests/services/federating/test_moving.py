"""A member goes from one enterprise to another: both books, whole and once."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.writing import Draft
from coopledger.services.checking import check_book
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.gathering import Federation
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.layouts import read_layout
from coopledger.services.federating.moving import Wish
from coopledger.services.federating.moving import move
from coopledger.services.federating.proposing import finish_interrupted
from coopledger.services.federating.proposing import write_joint
from coopledger.services.federating.status import lines_of
from coopledger.services.federating.status import people_of
from coopledger.services.redeeming import redemption_of
from tests import books
from tests.cli.running import run
from tests.services.federating.federations import named
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from pathlib import Path

ON = datetime.date(2026, 5, 1)
WISH = Wish("Marisol", "green-team", "nubias-cafe", ON, "FA-2026-02")
DECIDED = (
    '\n2026-04-20 custom "coop-resolution" "FA-2026-02" "The cafe needs hands"\n'
    '  body: "board"\n'
)


GREEN_TEAM = """2024-01-01 custom "coop-member" "Marisol" "join"
  name: "Marisol Trejo"
  class: "worker"
2024-01-01 custom "coop-member" "Curtis" "join"
  name: "Curtis Applewhite"
  class: "worker"
2024-01-01 * "Paid in, and retained in earlier years"
  coop-kind: "opening"
  Assets:Bank                          6,960.40 USD
  Equity:Members:Marisol:Contribution -1,500.00 USD
  Equity:Members:Marisol:Patronage    -3,960.40 USD
  Equity:Members:Curtis:Contribution  -1,500.00 USD
"""
CAFE = """2024-01-01 custom "coop-member" "Nubia" "join"
  name: "Nubia Abara"
  class: "worker"
2024-01-01 * "Paid in"
  Assets:Bank                        1,500.00 USD
  Equity:Members:Nubia:Contribution -1,500.00 USD
"""
LASTING = """
{year}-12-31 * "The year ends"
  Assets:Bank  0.00 USD
  Assets:Bank  0.00 USD
"""
IDS = ("green-team", "nubias-cafe")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    for name, text in zip(IDS, (GREEN_TEAM, CAFE), strict=True):
        write_book(tmp_path, name, text + LASTING.format(year=2025))
    write_federation(tmp_path, IDS, DECIDED)
    return tmp_path


def written(ledger: Path, wish: Wish = WISH) -> Federation:
    """Write a move into both books, and read the federation anew."""
    federation = gather(ledger)
    write_joint(federation, move(federation, wish).proposals)
    return gather(ledger)


def file_of(ledger: Path, enterprise: str) -> Path:
    return ledger / enterprise / "closings" / "move-Marisol.beancount"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_capital_leaves_one_book_and_arrives_whole_in_the_other(ledger: Path) -> None:
    before = gather(ledger)
    moving = move(before, WISH)
    assert moving.capital == {
        "contribution": Decimal("1500.00"),
        "patronage": Decimal("3960.40"),
    }
    federation = written(ledger)
    check = check_federation(federation)
    assert check.is_clean
    assert len(check.pairing.matched) == 1
    for name, held in (("green-team", 0), ("nubias-cafe", moving.amount)):
        book = load_sound_book(federation.paths[name])
        moved = book.case.books.movements()
        assert sum(one.amount for one in moved if one.member == "Marisol") == held
        assert check_book(book).is_clean
    assert [book.owed for book in federation.enterprises.values()].count(
        moving.amount
    ) == 1


def test_a_member_goes_once(ledger: Path) -> None:
    federation = written(ledger)
    with pytest.raises(CoopledgerError, match="have them as a member on"):
        move(federation, replace(WISH, on=ON + datetime.timedelta(days=30)))


@pytest.mark.parametrize(
    ("enterprise", "old", "new", "rules"),
    [
        ("nubias-cafe", "3960.40", "3960.39", {"COOP-FED-03"}),
        ("nubias-cafe", "GreenTeam-1", "GreenTeam-2", {"COOP-FED-23", "COOP-FED-24"}),
        ("green-team", '  exit: "transfer"\n', "", {"COOP-FED-24", "COOP-FED-25"}),
        ("nubias-cafe", '  peer: "green-team"\n', "", {"COOP-FED-24", "COOP-FED-25"}),
    ],
)
def test_what_is_wrong_on_one_side_is_found_in_both_books(
    ledger: Path, enterprise: str, old: str, new: str, rules: set[str]
) -> None:
    written(ledger)
    path = file_of(ledger, enterprise)
    change(path, old, new)
    if old == "3960.40":
        change(path, "5460.40", "5460.39")
    found = check_federation(gather(ledger)).findings
    assert {one.rule for one in found} == rules
    for rule in rules:
        books = {one.book for one in found if one.rule == rule}
        assert books == {"green-team", "nubias-cafe"}


def test_capital_that_stays_behind_is_found_in_both_books(ledger: Path) -> None:
    written(ledger)
    for name, sign in (("green-team", ""), ("nubias-cafe", "-")):
        path = file_of(ledger, name)
        text = path.read_text("utf-8")
        text = re.sub(rf"  Equity:Members:Marisol:Patronage +{sign}3.*\n", "", text)
        path.write_text(text.replace("5460.40", "1,500.00"), "utf-8")
    found = check_federation(gather(ledger)).findings
    assert {(one.rule, one.book) for one in found} == {
        ("COOP-FED-25", "green-team"),
        ("COOP-FED-25", "nubias-cafe"),
    }


RETAINED = """2022-01-01 custom "coop-member" "Marisol" "join"
  name: "Marisol Trejo"
  class: "worker"
2022-01-01 * "Paid in"
  Assets:Bank                          1,500.00 USD
  Equity:Members:Marisol:Contribution -1,500.00 USD
2023-04-01 * "Retained"
  coop-kind: "patronage"
  coop-year: "2022"
  Assets:Bank                          300.00 USD
  Equity:Members:Marisol:Patronage    -300.00 USD
2024-04-01 * "Retained"
  coop-kind: "patronage"
  Assets:Bank                          250.00 USD
  Equity:Members:Marisol:Patronage    -200.00 USD
    coop-year: "2023"
  Equity:Members:Marisol:Nonqualified    -50.00 USD
    coop-year: "2023"
2025-04-01 * "Redeemed"
  coop-kind: "redemption"
  coop-year: "2022"
  Equity:Members:Marisol:Patronage     120.00 USD
  Assets:Bank                         -120.00 USD
"""
MOVED = {
    ("patronage", 2022): Decimal("180.00"),
    ("patronage", 2023): Decimal("200.00"),
    ("nonqualified", 2023): Decimal("50.00"),
}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Give a federation in which something was retained for two years."""
    for name, text in zip(IDS, (RETAINED, CAFE), strict=True):
        write_book(tmp_path, name, text + LASTING.format(year=2025))
    write_federation(tmp_path, IDS, DECIDED)
    return tmp_path


def by_year(federation: Federation, enterprise: str) -> dict[int, Decimal]:
    """Return what can be redeemed in a book, by year of allotment."""
    books = load_sound_book(federation.paths[enterprise]).case.books
    fund = RevolvingFund(books.year_end)
    for booking, leg in books.traces_in(REVOLVING):
        fund.note(booking, leg)
    return {
        year: sum(own.values(), Decimal()) for year, own in fund.redeemable().items()
    }


def test_what_was_retained_arrives_with_its_years(older: Path) -> None:
    before = gather(older)
    years = by_year(before, "green-team")
    assert years == {2022: Decimal("180.00"), 2023: Decimal("250.00")}
    assert move(before, WISH).allotted == MOVED
    federation = written(older)
    assert by_year(federation, "green-team") == {}
    assert by_year(federation, "nubias-cafe") == years
    assert check_federation(federation).is_clean


def test_the_oldest_year_is_redeemed_first_where_it_arrived(older: Path) -> None:
    federation = written(older)
    path = federation.paths["nubias-cafe"]
    decided = '2026-06-01 custom "coop-resolution" "GA-2026-03" "Redeemed"\n'
    path.write_text(path.read_text("utf-8") + decided, "utf-8")
    found = redemption_of(load_sound_book(path), 2022, None, None, "GA-2026-03")
    assert found.parts == {2022: {"Marisol": Decimal("180.00")}}


def test_a_year_that_is_lost_or_altered_is_found_in_both_books(older: Path) -> None:
    written(older)
    texts = {name: file_of(older, name).read_text("utf-8") for name in IDS}
    for name, text in texts.items():
        for year in ("2022", "2023"):
            line = f'    coop-year: "{year}"\n'
            for new in ("", line.replace(year, "2021")):
                file_of(older, name).write_text(text.replace(line, new, 1), "utf-8")
                found = check_federation(gather(older)).findings
                assert {(one.rule, one.book) for one in found} == {
                    ("COOP-FED-26", "green-team"),
                    ("COOP-FED-26", "nubias-cafe"),
                }
        file_of(older, name).write_text(text, "utf-8")
    assert check_federation(gather(older)).is_clean


@pytest.mark.parametrize("new", ["", '    coop-year: "2021"\n'])
def test_a_year_that_both_books_have_wrong_is_found_in_both(
    older: Path, new: str
) -> None:
    written(older)
    for name in IDS:
        change(file_of(older, name), '    coop-year: "2022"\n', new)
    found = check_federation(gather(older)).findings
    assert {(one.rule, one.book) for one in found} == {
        ("COOP-FED-26", "green-team"),
        ("COOP-FED-26", "nubias-cafe"),
    }


def test_the_group_holds_as_much_capital_as_before(ledger: Path) -> None:
    for path in ledger.glob("*/main.beancount"):
        text = path.read_text("utf-8") + LASTING.format(year=2026)
        path.write_text(text, "utf-8")

    def capital() -> dict[str, Decimal]:
        federation = gather(ledger)
        pairing = check_federation(federation).pairing
        group = consolidate_year(federation, 2026, read_layout(None), pairing)
        assert group.statements.kept == ()
        return group.capital

    before = capital()
    written(ledger)
    assert capital() == before
    assert before["transfers"] == 0


def test_whom_the_federation_knows_counts_once(ledger: Path) -> None:
    lines = lines_of(gather(ledger), 2025)
    assert people_of(lines).persons == people_of(lines).memberships
    for name in IDS:
        path = ledger / name / "main.beancount"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace('"join"\n', '"join"\n  federation-member: "P-7"\n', 1), "utf-8"
        )
    people = people_of(lines_of(gather(ledger), 2025))
    assert people.several == 1
    assert people.persons == people.memberships - 1
    done = run("federation", "status", "--book", ledger, "--no-cache", "--year", "2025")
    assert f"{people.persons} people in {people.memberships} memberships" in done.stdout


def test_a_summary_knows_people_by_the_federations_id_alone(ledger: Path) -> None:
    federation = written(ledger)
    for name in IDS:
        book = federation.enterprises[name]
        told = repr((book.persons, book.moves, book.transfers, book.dues))
        assert "GreenTeam-1" in told
        assert "Trejo" not in told
        assert ":Marisol:" not in told


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"giver": "green-teem"}, "no enterprise 'green-teem'.*green-team"),
        ({"receiver": "nubia"}, "no enterprise 'nubia'"),
        ({"receiver": "green-team"}, "Name two enterprises"),
        ({"member": "Marisl"}, "Marisl"),
        ({"resolution": "FA-1"}, "FA-1"),
        ({"on": datetime.date(2026, 4, 1)}, "before resolution FA-2026-02"),
        ({"as_": "Nubia"}, "another id there with --as"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    ledger: Path, changed: dict[str, object], why: str
) -> None:
    federation = gather(ledger)
    with pytest.raises(CoopledgerError, match=why):
        move(federation, replace(WISH, **changed))  # type: ignore[arg-type]


def test_a_book_that_is_missing_is_named(ledger: Path) -> None:
    shutil.rmtree(ledger / "nubias-cafe")
    with pytest.raises(CoopledgerError, match="book of 'nubias-cafe' is missing"):
        move(gather(ledger), WISH)


def test_one_person_has_one_id(ledger: Path) -> None:
    given = written(ledger, replace(WISH, person="P-7"))
    assert given.enterprises["nubias-cafe"].persons[0].person == "P-7"
    back = Wish("Marisol", "nubias-cafe", "green-team", ON + datetime.timedelta(30))
    with pytest.raises(CoopledgerError, match="knows them as 'P-7' already"):
        move(given, replace(back, person="P-8"))
    returning = move(given, back)
    assert returning.person == "P-7"
    assert returning.transfer != "MOVE-2026-05-01-GreenTeam"
    write_joint(given, move(given, replace(back, resolution="FA-2026-02")).proposals)
    assert check_federation(gather(ledger)).is_clean


def test_ids_and_transfers_that_are_taken_get_a_number(ledger: Path) -> None:
    written(ledger)
    second = move(gather(ledger), replace(WISH, member="Curtis"))
    assert second.person == "GreenTeam-2"
    assert second.transfer == "MOVE-2026-05-01-GreenTeam-2"


PAID_IN = """2024-01-01 custom "coop-member" "Ana" "join"
  name: "Ana \\"the baker\\" Ortiz"
  class: "worker"
2024-01-01 * "Ana pays in"
  Assets:Bank                       100.00 USD
  Equity:Members:Ana:Contribution  -100.00 USD
"""


def test_who_has_no_capital_is_told_which_lines_to_write(tmp_path: Path) -> None:
    write_book(tmp_path, "a", PAID_IN[: PAID_IN.index('2024-01-01 * "Ana')])
    write_book(tmp_path, "b")
    federation = gather(write_federation(tmp_path, ["a", "b"]))
    with pytest.raises(CoopledgerError, match='"leave" with exit: "transfer"'):
        move(federation, Wish("Ana", "a", "b", ON))


def test_capital_is_not_converted(tmp_path: Path) -> None:
    write_book(tmp_path, "a", PAID_IN)
    write_book(tmp_path, "b", currency="EUR")
    federation = gather(write_federation(tmp_path, ["a", "b"]))
    with pytest.raises(CoopledgerError, match="book in USD and 'b' in EUR"):
        move(federation, Wish("Ana", "a", "b", ON))


def test_a_book_that_has_nowhere_to_book_it_is_named(tmp_path: Path) -> None:
    write_book(tmp_path, "a", PAID_IN)
    lawless = write_book(tmp_path, "b")
    text = lawless.read_text("utf-8")
    lawless.write_text(re.sub('.*coop-policy".*\n', "", text), "utf-8")
    federation = gather(write_federation(tmp_path, ["a", "b"]))
    with pytest.raises(CoopledgerError, match="in the book of 'b' there is nowhere"):
        move(federation, Wish("Ana", "a", "b", ON))


def test_who_is_a_member_there_already_does_not_join(tmp_path: Path) -> None:
    known = PAID_IN.replace("  name", '  federation-member: "P-1"\n  name')
    write_book(tmp_path, "a", known)
    write_book(tmp_path, "b", known)
    federation = gather(write_federation(tmp_path, ["a", "b"]))
    with pytest.raises(CoopledgerError, match="a member of 'b' on 2026-05-01 already"):
        move(federation, Wish("Ana", "a", "b", ON))


def test_a_name_with_quotes_stays_one(tmp_path: Path) -> None:
    write_book(tmp_path, "a", PAID_IN)
    write_book(tmp_path, "b")
    folder = write_federation(tmp_path, ["a", "b"], DECIDED)
    federation = gather(folder)
    moving = move(federation, Wish("Ana", "a", "b", ON, "FA-2026-02"))
    write_joint(federation, moving.proposals)
    register = load_sound_book(federation.paths["b"]).case.books.register
    assert register.name("Ana") == 'Ana "the baker" Ortiz'


ASKED = (
    *("federation", "move", "Marisol", "--from", "green-team", "--to", "nubias-cafe"),
    *("--on", "2026-05-01", "--no-cache"),
)


def test_the_command_proposes_and_writes_with_a_resolution_only(ledger: Path) -> None:
    draft = run(*ASKED, "--book", ledger)
    assert draft.exit_code == 0
    assert "Proposal for green-team" in draft.stdout
    assert '2026-05-01 ! "Marisol Trejo"' in draft.stdout
    assert "nobody has decided it" in run(*ASKED, "--book", ledger, "--write").stderr
    decided = (*ASKED, "--book", ledger, "--resolution", "FA-2026-02")
    shape = json.loads(run(*decided, "--format", "json").stdout)
    assert shape["capital"] == {"contribution": "1500.00", "patronage": "3960.40"}
    assert not file_of(ledger, "green-team").exists()
    done = run(*decided, "--write")
    assert done.exit_code == 0
    assert "included in both books" in done.stdout
    assert file_of(ledger, "green-team").exists()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('"leave"\n  exit: "transfer"', "nothing says to which"),
        ('"leave"\n  exit: "justified"\n  peer: "b"', "nobody moves by it"),
    ],
)
def test_a_line_of_the_register_that_says_half_is_found(
    tmp_path: Path, line: str, found: str
) -> None:
    text = PAID_IN + f'2024-05-01 custom "coop-member" "Ana" {line}\n'
    check = check_book(load_sound_book(write_book(tmp_path, "a", text)))
    assert any(found in one.found for one in check.findings)


def test_an_exit_is_no_move(ledger: Path) -> None:
    asked = ("exit", "Marisol", "--book", ledger / "green-team", "--on", "2026-05-01")
    done = run(*asked, "--kind", "transfer")
    assert done.exit_code == 2
    assert "'transfer' is not one of" in done.stderr


def test_a_move_killed_between_both_books_is_finished_by_the_next_run(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    federation = gather(ledger)
    put = Draft.put
    done: list[Draft] = []

    def dying(draft: Draft) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(draft)
        put(draft)

    with monkeypatch.context() as patch:
        patch.setattr(Draft, "put", dying)
        with pytest.raises(KeyboardInterrupt):
            write_joint(federation, move(federation, WISH).proposals)
    halfway = gather(ledger)
    assert halfway.is_interrupted
    assert not check_federation(halfway).is_clean
    assert len(finish_interrupted(halfway)) == 2
    check = check_federation(gather(ledger))
    assert check.is_clean
    assert len(check.pairing.matched) == 1


@pytest.mark.parametrize(
    "preset", ["es-basque-worker", "es-state-worker", "us-worker-ica", "it-prevalent"]
)
def test_under_several_laws_a_move_breaks_no_rule_of_either_book(
    tmp_path: Path, preset: str
) -> None:
    plain = books.preamble(preset)
    others = plain.replace("Bea", "Zoe").replace("Ana", "Eva")
    for name, text in (("a", plain), ("b", others)):
        (tmp_path / name).mkdir()
        books.write(tmp_path / name, text.replace('"example"', f'"{name}"'))
    currency = load_sound_book(tmp_path / "a").case.books.currency
    own = named("a") + named("b") + DECIDED
    folder = write_book(tmp_path, "federation", own, currency)
    federation = gather(folder)
    moving = move(federation, Wish("Bea", "a", "b", ON, "FA-2026-02"))
    assert moving.amount > 0
    write_joint(federation, moving.proposals)
    assert check_federation(gather(folder)).is_clean
    for name in ("a", "b"):
        assert check_book(load_sound_book(tmp_path / name)).findings == ()
