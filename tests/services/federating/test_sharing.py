"""Pooling, funds and aid of real books: proposed for all, written in all or in none."""

from __future__ import annotations

import datetime
import random
import re
import subprocess
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import CoopledgerError
from coopledger.errors import ResolutionUnknownError
from coopledger.journal import querying
from coopledger.journal.finding import MARKER
from coopledger.journal.joint import InterruptedWriteError
from coopledger.journal.joint import finish
from coopledger.journal.writing import BookChangedError
from coopledger.journal.writing import Draft
from coopledger.journal.writing import ProposalUncleanError
from coopledger.services.checking import check_path
from coopledger.services.federating import reading
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.mirroring import proposals_of
from coopledger.services.federating.proposing import JointProposal
from coopledger.services.federating.proposing import NothingDecidedError
from coopledger.services.federating.proposing import finish_interrupted
from coopledger.services.federating.proposing import propose
from coopledger.services.federating.proposing import write_joint
from coopledger.services.federating.sharing import booked_by
from coopledger.services.federating.sharing import held_after
from coopledger.services.federating.sharing import share_year
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from pathlib import Path

COOPS = ("farm", "cafe", "shop")
RESULTS = {"farm": "300000", "cafe": "100000", "shop": "-50000"}
PAY = {"farm": 400000, "cafe": 300000, "shop": 300000}
DECISIONS = """
2020-01-01 custom "coop-resolution" "FA-1" "Pool and funds"
2020-01-01 custom "coop-parameter" "pool.rate" 0.30
  resolution: "FA-1"
2020-01-01 custom "coop-parameter" "solidarity.rate" 0.02
  resolution: "FA-1"
2020-01-01 custom "coop-parameter" "aid.cap" 0.50
  resolution: "FA-1"
2025-03-31 custom "coop-resolution" "FA-2025" "Pool, funds and aid of 2024"
"""
ON_DECISION = '2020-01-01 custom "coop-parameter" "federation.booking" "decision"\n'


def coop(name: str) -> str:
    """Return a year with its pay, so that the result is what it has to be."""
    before = Decimal(RESULTS[name]) + PAY[name]
    return (
        '2020-01-02 custom "coop-member" "Ana" "join"\n  class: "worker"\n'
        + earned(str(before))
        + f'2024-12-30 * "Pay"\n  Expenses:Advances:Ana  {PAY[name]} USD\n'
        f"    hours: 1000\n  Assets:Bank  -{PAY[name]} USD\n"
    )


@pytest.fixture
def federation(tmp_path: Path) -> Path:
    for name in COOPS:
        write_book(tmp_path, name, coop(name))
    return write_federation(tmp_path, COOPS, DECISIONS)


def decide(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def proposed(
    path: Path, kind: str, resolution: str = "FA-2025", year: int = 2024
) -> JointProposal:
    return propose(share_year(gather(path), year), kind, resolution)


def nets(joint: JointProposal) -> list[Decimal]:
    return [one.net for one in joint.transfers]


def write(path: Path, kind: str) -> list[Path]:
    joint = proposed(path, kind)
    return write_joint(joint.shared.federation, proposals_of(joint))


def test_a_year_is_pooled_funded_and_helped_and_a_second_run_proposes_nothing(
    federation: Path,
) -> None:
    pool = proposed(federation, "pool")
    assert nets(pool) == [Decimal(-48000), Decimal(1500), Decimal(46500)]
    assert {str(one.date) for one in pool.transfers} == {"2024-12-31"}
    assert len(write(federation, "pool")) == 4
    assert proposed(federation, "pool").is_booked
    assert nets(proposed(federation, "fund")) == [Decimal(-5040), Decimal(-2030)]
    write(federation, "fund")
    assert nets(proposed(federation, "aid")) == [Decimal(1750)]
    write(federation, "aid")
    for kind in ("pool", "fund", "aid"):
        assert proposed(federation, kind).is_booked
        assert proposals_of(proposed(federation, kind)) == []
    check = check_federation(gather(federation))
    assert check.is_clean
    assert len(check.pairing.matched) == 6
    for name in ("federation", *COOPS):
        assert check_path(federation.parents[1] / name).findings == ()
    after = gather(federation).enterprises["farm"].year(2024)
    assert after is not None
    assert after.result == Decimal(300000 - 48000 - 5040)


def test_writing_into_all_books_holds_none_of_them_when_it_is_done(
    federation: Path, tmp_path: Path
) -> None:
    """A federation has more books than memory."""
    querying._READINGS.clear()
    write(federation, "pool")
    assert [name for name in querying._READINGS if str(tmp_path) in name] == []


def test_other_processes_propose_the_same(
    federation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joint = proposed(federation, "pool")
    here = proposals_of(joint)
    monkeypatch.setattr(reading, "_WORTHWHILE", 0)
    assert proposals_of(joint) == here


def test_how_far_it_is_is_told_book_by_book(federation: Path) -> None:
    told: list[tuple[int, int]] = []
    joint = proposed(federation, "pool")
    proposals = proposals_of(joint, lambda *done: told.append(done))
    number = len(COOPS) + 1
    steps = [(done, number) for done in range(1, number + 1)]
    assert told == steps
    told.clear()
    write_joint(joint.shared.federation, proposals, lambda *done: told.append(done))
    assert told == steps


def test_entries_are_mirrored_under_one_id_and_linked_to_the_resolution(
    federation: Path,
) -> None:
    own, farm, *_ = proposals_of(proposed(federation, "pool"))
    assert farm.text.endswith(
        """2024-12-31 * "federation" "Pooling of results, fiscal year 2024" ^FA-2025
  coop-transfer: "POOL-2024-Farm"
  coop-peer: "federation"
  coop-nature: "pool"
  coop-year: "2024"
  Expenses:Pooling               48000.00 USD
  Liabilities:DueTo:Federation  -48000.00 USD
"""
    )
    assert (
        """  coop-transfer: "POOL-2024-Farm"
  coop-peer: "farm"
  coop-nature: "pool"
  coop-year: "2024"
  Assets:DueFrom:Farm   48000.00 USD
  Income:Pooling       -48000.00 USD
"""
        in own.text
    )


def test_without_a_resolution_it_is_a_draft(federation: Path) -> None:
    _, farm, *_ = proposals_of(proposed(federation, "pool", ""))
    assert '2024-12-31 ! "federation"' in farm.text


def test_where_the_day_of_the_decision_counts_it_is_booked_then(
    federation: Path,
) -> None:
    decide(federation, ON_DECISION)
    days = {str(one.date) for one in proposed(federation, "pool").transfers}
    drafted = {str(one.date) for one in proposed(federation, "pool", "").transfers}
    assert (days, drafted) == ({"2025-03-31"}, {"2025-01-01"})


def test_one_enterprise_may_have_a_rate_of_its_own(federation: Path) -> None:
    decide(
        federation,
        '2020-01-01 custom "coop-parameter" "pool.rate" 0\n'
        '  enterprise: "farm"\n  resolution: "FA-1"\n',
    )
    # 15,000 is pooled: 6,000 for the farm that gives nothing.
    assert nets(proposed(federation, "pool"))[0] == Decimal(6000)


def test_who_joined_later_takes_no_part(tmp_path: Path, federation: Path) -> None:
    write_book(tmp_path, "late", earned("100"))
    decide(
        federation,
        '2025-01-01 custom "coop-enterprise" "late" "../late/main.beancount"\n',
    )
    shared = share_year(gather(federation), 2024)
    assert list(shared.years) == list(COOPS)


def test_an_education_fund_is_tapped_when_it_has_been_fed(
    tmp_path: Path, federation: Path
) -> None:
    decide(
        federation,
        ON_DECISION + '2020-01-01 custom "coop-parameter" "common-education.share" 0.5'
        '\n2020-01-01 custom "coop-parameter" "pool.rate" 0\n',
    )
    write(federation, "fund")
    decide(
        tmp_path / "farm" / "main.beancount",
        "2000-01-01 open Equity:Surplus:Appropriated\n"
        "2000-01-01 open Equity:Collective\n"
        "2000-01-01 open Liabilities:Funds:Education\n"
        '2025-03-01 * "Distribution" #coop-appropriation\n  coop-year: "2024"\n'
        "  Equity:Surplus:Appropriated   300000 USD\n"
        "  Equity:Collective            -299000 USD\n"
        "  Liabilities:Funds:Education    -1000 USD\n",
    )
    joint = proposed(federation, "fund")
    assert [(one.step.id, one.net) for one in joint.transfers] == [
        ("education", Decimal(-500))
    ]
    farm = proposals_of(joint)[1].text
    assert "Liabilities:Funds:Education    500.00 USD" in farm
    assert proposals_of(joint)[1].draft.target.stem == "federation-fund-2024-2"


# --- refusals -------------------------------------------------------------------------


def refusal(
    path: Path, kind: str, resolution: str = "FA-2025", year: int = 2024
) -> str:
    with pytest.raises(CoopledgerError) as caught:
        proposed(path, kind, resolution, year)
    return str(caught.value)


def test_what_nobody_decided_is_not_proposed(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    path = write_federation(tmp_path, ["farm"])
    with pytest.raises(NothingDecidedError, match=r"pool\.rate has no value"):
        proposed(path, "pool", "")


def test_an_unknown_resolution_or_one_before_the_year_ends_is_refused(
    federation: Path,
) -> None:
    with pytest.raises(ResolutionUnknownError):
        proposed(federation, "pool", "FA-25")
    assert "ends on 2024-12-31" in refusal(federation, "pool", "FA-1")


def test_a_missing_book_stops_a_year_and_is_named(
    tmp_path: Path, federation: Path
) -> None:
    (tmp_path / "cafe" / "main.beancount").unlink()
    assert "the book of 'cafe' is missing" in refusal(federation, "pool")


def test_a_book_that_does_not_reach_the_year_is_named(federation: Path) -> None:
    assert "the book of 'farm' does not reach it" in refusal(
        federation, "pool", "", 2025
    )


UNBALANCED = """{day} * "A cent is missing"
  Assets:Bank   100.00 USD
  Income:Sales  -99.99 USD
"""


def test_a_year_whose_figures_may_be_wrong_in_one_book_is_shared_by_nobody(
    tmp_path: Path, federation: Path
) -> None:
    cafe = tmp_path / "cafe" / "main.beancount"
    decide(cafe, UNBALANCED.format(day="2025-01-01"))
    assert proposed(federation, "pool").transfers
    decide(cafe, UNBALANCED.format(day="2024-05-01"))
    why = refusal(federation, "pool")
    assert "the figures of 'cafe' may be wrong" in why
    assert f"{cafe}:" in why
    assert "(ValidationError)" in why


def test_a_book_without_a_law_stops_a_year(tmp_path: Path, federation: Path) -> None:
    cafe = tmp_path / "cafe" / "main.beancount"
    text = cafe.read_text("utf-8")
    cafe.write_text(re.sub('.*coop-policy".*\n', "", text), "utf-8")
    assert "the book of 'cafe' names no law" in refusal(federation, "pool")


def test_a_book_that_has_nowhere_to_book_it_is_named(
    tmp_path: Path, federation: Path
) -> None:
    own = '2020-01-01 custom "coop-account" "pool-paid" "Expenses:Pool:{year}"\n'
    decide(tmp_path / "farm" / "main.beancount", own)
    with pytest.raises(CoopledgerError, match=r"in the book of 'farm'.*'pool-paid'"):
        proposals_of(proposed(federation, "pool"))


def test_books_of_several_currencies_are_not_added_up(
    tmp_path: Path, federation: Path
) -> None:
    text = coop("cafe").replace("USD", "EUR")
    write_book(tmp_path, "cafe", text, currency="EUR")
    assert "'cafe' keeps its book in EUR" in refusal(federation, "pool")


def test_a_pool_without_anybody_to_share_it_is_refused(federation: Path) -> None:
    decide(federation, '2020-01-01 custom "coop-parameter" "pool.key" "hours"\n')
    assert proposed(federation, "pool").transfers
    for name in COOPS:
        path = federation.parents[1] / name / "main.beancount"
        text = path.read_text("utf-8")
        path.write_text(text.replace("    hours: 1000\n", ""), "utf-8")
    assert "nobody has any hours" in refusal(federation, "pool")


def test_what_comes_first_is_booked_first(federation: Path) -> None:
    assert "'Pooling of results' comes first" in refusal(federation, "fund")


def test_what_was_booked_otherwise_is_not_booked_again(
    tmp_path: Path, federation: Path
) -> None:
    write(federation, "pool")
    path = tmp_path / "farm" / "closings" / "federation-pool-2024.beancount"
    text = path.read_text("utf-8")
    path.write_text(text.replace("48000.00", "47000.00"), "utf-8")
    said = refusal(federation, "pool")
    assert "gives 'farm' -48000.00; its own book has -47000.00" in said
    path.write_text("", "utf-8")
    assert "its own book has 0 and the federation's -48000.00" in refusal(
        federation, "pool"
    )


@pytest.mark.parametrize("book", ["both", "farm"])
def test_a_part_that_is_not_as_decided_is_found_by_the_federations_check(
    federation: Path, book: str
) -> None:
    write(federation, "pool")
    pattern = "*" if book == "both" else book
    files = federation.parents[1].glob(f"{pattern}/closings/federation-pool-2024.*")
    for file in files:
        text = file.read_text("utf-8")
        file.write_text(text.replace("48000.00", "47000.00"), "utf-8")
    found = check_federation(gather(federation)).findings
    own = [one for one in found if one.rule == "COOP-FED-10"]
    assert {one.book for one in own} == (
        {"federation", "farm"} if book == "both" else {"farm"}
    )
    assert {abs(one.limit or 0) for one in own} == {Decimal(48000)}
    assert {abs(one.amount or 0) for one in own} == {Decimal(47000)}


def test_what_cannot_be_worked_out_is_not_judged(
    tmp_path: Path, federation: Path
) -> None:
    write(federation, "pool")
    write_book(tmp_path, "shop", earned("1", 2025))
    found = check_federation(gather(federation)).findings
    assert {one.rule for one in found} == {"COOP-FED-01"}


def test_less_aid_than_could_be_given_is_nothing_wrong(federation: Path) -> None:
    write(federation, "pool")
    write(federation, "fund")
    write(federation, "aid")
    for file in federation.parents[1].glob("*/closings/federation-aid-2024.beancount"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("1750.00", "1000.00"), "utf-8")
    joint = proposed(federation, "aid")
    assert joint.is_booked
    assert check_federation(gather(federation)).is_clean
    (share,) = joint.decided
    assert sum(booked_by(joint.shared, share.step).values()) == Decimal(1000)
    fund = gather(federation).own.funds
    assert held_after(joint.shared, share) == sum(one.amount for one in fund)


def test_a_year_that_is_distributed_already_is_not_changed(
    tmp_path: Path, federation: Path
) -> None:
    decide(
        tmp_path / "farm" / "main.beancount",
        "2000-01-01 open Equity:Surplus:Appropriated\n"
        "2000-01-01 open Equity:Collective\n"
        '2025-03-01 * "Distribution" #coop-appropriation\n  coop-year: "2024"\n'
        "  Equity:Surplus:Appropriated   300000 USD\n"
        "  Equity:Collective            -300000 USD\n",
    )
    assert "'farm' has distributed its result already" in refusal(federation, "pool")


JUNE = '2020-01-01 custom "fava-option" "fiscal-year-end" "06-30"\n'


def uneven(folder: Path, early: str, more: str = "") -> Path:
    """Write a loss and a surplus of 2024; one enterprise's year ends in June."""
    for name, amount in (("farm", "-1000.00"), ("shop", "10000.00")):
        text = earned(amount).replace("2024-06-30", "2024-05-31")
        write_book(folder, name, (JUNE if name == early else "") + text)
    own = DECISIONS.replace('"pool.rate" 0.30', '"central.rate" 0.00')
    return write_federation(folder, ["farm", "shop"], own + more)


def test_aid_of_a_year_that_ends_before_the_fund_is_fed_is_refused(
    tmp_path: Path,
) -> None:
    path = uneven(tmp_path, early="farm")
    write(path, "fund")
    found = r"on 2024-06-30 the fund 'Mutual' would be at -200\.00"
    with pytest.raises(CoopledgerError, match=found):
        proposed(path, "aid")


def test_where_the_day_of_the_decision_counts_years_may_end_on_different_days(
    tmp_path: Path,
) -> None:
    path = uneven(tmp_path, "farm", ON_DECISION)
    write(path, "fund")
    write(path, "aid")
    assert check_federation(gather(path)).is_clean
    assert gather(path).enterprises["farm"].owed == Decimal(200)


def test_aid_of_a_year_that_ends_after_the_fund_is_fed_is_given(
    tmp_path: Path,
) -> None:
    path = uneven(tmp_path, early="shop")
    write(path, "fund")
    write(path, "aid")
    assert check_federation(gather(path)).is_clean
    held = {one.date: one.amount for one in gather(path).own.funds}
    assert held == {
        datetime.date(2024, 6, 30): Decimal(200),
        datetime.date(2024, 12, 31): Decimal(-200),
    }
    assert check_path(path.parent).findings == ()


def test_a_fund_that_gave_away_what_it_had_gives_no_more(tmp_path: Path) -> None:
    spent = (
        '2025-01-15 * "Spent"\n  coop-kind: "statutory"\n'
        "  Equity:Funds:Mutual  100.00 USD\n  Assets:Bank  -100.00 USD\n"
    )
    path = uneven(tmp_path, "shop", spent)
    write(path, "fund")
    joint = proposed(path, "aid")
    assert nets(joint) == [Decimal(100)]


def test_an_id_that_is_taken_gets_a_number(tmp_path: Path, federation: Path) -> None:
    decide(
        tmp_path / "farm" / "main.beancount",
        "2000-01-01 open Expenses:Dues\n"
        '2024-05-01 * "Something else"\n  coop-transfer: "POOL-2024-Farm"\n'
        '  coop-peer: "federation"\n  coop-nature: "fee"\n'
        "  Expenses:Dues  0.01 USD\n  Assets:Bank  -0.01 USD\n",
    )
    assert proposed(federation, "pool").transfers[0].id == "POOL-2024-Farm-2"


# --- all or none ----------------------------------------------------------------------


def texts(path: Path) -> dict[str, str]:
    """Return all files of all books."""
    root = path.parents[1]
    return {
        str(file.relative_to(root)): file.read_text("utf-8")
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def test_where_one_book_would_not_be_clean_none_is_written(
    tmp_path: Path, federation: Path
) -> None:
    decide(
        tmp_path / "shop" / "main.beancount",
        "2000-01-01 open Assets:DueFrom:Federation\n"
        "2024-12-01 close Assets:DueFrom:Federation\n",
    )
    old = texts(federation)
    joint = proposed(federation, "pool")
    with pytest.raises(ProposalUncleanError):
        write_joint(joint.shared.federation, proposals_of(joint))
    assert texts(federation) == old


def test_where_somebody_saves_a_book_meanwhile_none_is_written(
    tmp_path: Path, federation: Path
) -> None:
    joint = proposed(federation, "pool")
    proposals = proposals_of(joint)
    decide(tmp_path / "cafe" / "main.beancount", "; saved\n")
    with pytest.raises(BookChangedError):
        write_joint(joint.shared.federation, proposals)
    assert list(tmp_path.rglob("federation-pool-*")) == []
    assert list(tmp_path.rglob(".*")) == []


def interrupted(path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Write as far as some of the books, and be killed."""
    joint = proposed(path, "pool")
    put = Draft.put
    done: list[Draft] = []

    def dying(draft: Draft) -> None:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(draft)
        put(draft)

    with monkeypatch.context() as patch:
        patch.setattr(Draft, "put", dying)
        with pytest.raises(KeyboardInterrupt):
            write_joint(joint.shared.federation, proposals_of(joint))


@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_an_interrupted_run_began_is_finished_by_the_next(
    federation: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    interrupted(federation, monkeypatch, after)
    found = gather(federation)
    assert found.is_interrupted
    assert not check_federation(found).is_clean
    # Meanwhile somebody adds a line.
    shop = federation.parents[1] / "shop" / "main.beancount"
    decide(shop, "; a line of somebody else\n")
    assert len(finish_interrupted(found)) == 4
    assert "; a line of somebody else" in shop.read_text("utf-8")
    assert proposed(federation, "pool").is_booked
    assert check_federation(gather(federation)).is_clean
    assert finish_interrupted(found) == []


@pytest.mark.parametrize("text", ["", "[", "{}", "[[1]]", "[3]"])
def test_a_mark_that_cannot_be_read_is_left_to_a_person(
    federation: Path, text: str
) -> None:
    marker = federation.parent / MARKER
    marker.write_text(text, "utf-8")
    if text == "{}":
        assert finish(marker) == []
        return
    with pytest.raises(InterruptedWriteError, match="cannot be read"):
        finish(marker)


PROGRAM = """\
import sys
from coopledger.cli import main
print("ready", flush=True)
main(sys.argv[1:])
"""


def killed_after(path: Path, seconds: float | None) -> float:
    """Kill a run that writes so long after it began; return how long it ran."""
    asked = ("federation", "pool", "--book", str(path), "--year", "2024", "--no-cache")
    more = ("--resolution", "FA-2025", "--write")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *asked, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        if seconds is not None:
            time.sleep(seconds)
            process.kill()
        process.communicate()
        return time.monotonic() - begun


def test_what_a_run_left_that_was_killed_before_it_decided_goes_with_the_next(
    tmp_path: Path,
) -> None:
    for name in COOPS:
        write_book(tmp_path, name, coop(name))
    path = write_federation(tmp_path, COOPS, DECISIONS)
    left = path.parent / f".{MARKER}.99999999.new"
    left.write_text("[", "utf-8")
    assert killed_after(path, None) > 0
    assert not left.exists()


def test_a_run_killed_at_any_moment_leaves_all_books_old_or_all_new_in_the_end(
    tmp_path: Path,
) -> None:
    def made(name: str) -> Path:
        for coop_ in COOPS:
            write_book(tmp_path / name, coop_, coop(coop_))
        return write_federation(tmp_path / name, COOPS, DECISIONS)

    whole = killed_after(made("whole"), None)
    chance = random.Random(5)  # noqa: S311 - any moments will do
    for number in range(5):
        path = made(str(number))
        killed_after(path, chance.uniform(whole / 2, whole))
        found = gather(path)
        assert found.troubles == ()
        finish_interrupted(found)
        is_new = proposed(path, "pool").is_booked
        files = list((tmp_path / str(number)).rglob("federation-pool-2024.beancount"))
        assert len(files) == (4 if is_new else 0)
        assert killed_after(path, None) > 0
        assert proposed(path, "pool").is_booked
        assert check_federation(gather(path)).is_clean
        assert list((tmp_path / str(number)).rglob("*.new")) == []
