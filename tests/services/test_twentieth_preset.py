"""A twentieth legal form is one more file of data, and not a line of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main as command
from coopledger.journal.loading import load_sound_book
from coopledger.services.exporting import workbook_of
from coopledger.services.vectors import play
from coopledger.services.vectors import read_vectors
from tests.services.forms import shipped
from tests.services.journeys import Journey
from tests.services.journeys import book_year
from tests.services.journeys import close
from tests.services.journeys import findings
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "xx-twentieth"

#: 25 for each member and each hired worker to a community fund; a fifth to a reserve;
#: interest on contributions alone; nobody more than two fifths of the returns; equally.
TEXT = """
schema = 1
id = "xx-twentieth"
title = "A form that nobody has thought of"
jurisdiction = "XX"
level = "law"
language = "en"
currency = "TND"

[sources.ACT]
title = "Act on co-operatives of nowhere"
address = "https://example.org/act"

[chart]
contribution = "Equity:Members:{member}:Shares"
voluntary = "Equity:Members:{member}:Loans"
patronage = "Equity:Members:{member}:Returns"
member-interest = "Equity:Members:{member}:Interest"
member-loss = "Equity:Members:{member}:Losses"
member-payable = "Liabilities:Members:{member}:Payable"
worker-payable = "Liabilities:Workers:{worker}"
fund-payable = "Liabilities:Funds:{fund}"
withholding-payable = "Liabilities:Withholding"
mandatory-reserve = "Equity:Reserve"
voluntary-reserve = "Equity:Spill"
surplus-appropriated = "Equity:Result:Appropriated"
prior-losses = "Equity:Result:Carried"
advance = "Expenses:Pay:{member}"
wages = "Expenses:Wages:{worker}"
capital-interest-expense = "Expenses:Interest"

[classes.member]
title = "Member"
patronage = true
losses = true
votes = true
capital = true

[patronage.labour]
template = "Expenses:Pay:{member}"
measure = "hours"

@amount community.each 25 Given for each member and worker.@
@ratio reserves.mandatory.rate 0.20 Share of the surplus for the reserve.@
@ratio interest.rate 0.05 Interest on shares.@
@ratio interest.cash-share 0.5 Part of the interest that is paid in money.@
@ratio interest.withholding 0.10 Part of what is paid that is withheld.@
@ratio patronage.part-cap 0.40 Most of the returns for one person.@
@ratio patronage.cash-share 1 Part of the returns that is paid in money.@
@ratio loss.members-share 0.5 Part of what the reserve cannot bear that members bear.@

[[surplus]]
id = "prior-losses"
title = "Losses of earlier years"
kind = "offset"
base = ["prior-losses"]
role = "prior-losses"
source = "ACT 1"

[[surplus]]
id = "interest"
title = "Interest on shares"
kind = "interest"
base = ["capital.by-time:contribution"]
rate = "interest.rate"
limit = ["remaining"]
role = "member-interest"
treatment = "expense"
expense-role = "capital-interest-expense"
cash = "interest.cash-share"
withholding = "interest.withholding"
source = "ACT 2"

[[surplus]]
id = "community"
title = "Community"
kind = "share"
base = ["community.each*members", "community.each*workers"]
role = "fund-payable"
fund = "Community"
source = "ACT 3"

[[surplus]]
id = "reserve"
title = "Reserve"
kind = "share"
base = ["result", "-step:interest", "-step:prior-losses"]
rate = "reserves.mandatory.rate"
round = "up"
role = "mandatory-reserve"
source = "ACT 4"

[[surplus]]
id = "returns"
title = "Returns"
kind = "patronage"
role = "patronage"
among = "workers"
by = "equal"
part-cap = "patronage.part-cap"
cash = "patronage.cash-share"
source = "ACT 5"

[[surplus]]
id = "left"
title = "What is above the cap"
kind = "share"
base = ["spill:returns"]
role = "voluntary-reserve"
source = "ACT 6"

[[loss]]
id = "reserve"
title = "Reserve, as far as it reaches"
kind = "share"
base = ["loss"]
limit = ["balance:mandatory-reserve"]
role = "mandatory-reserve"
source = "ACT 7"

[[loss]]
id = "members"
title = "Members"
kind = "members"
rate = "loss.members-share"
role = "member-loss"
source = "ACT 8"

[[loss]]
id = "carried"
title = "Carried"
kind = "carry"
role = "prior-losses"
source = "ACT 9"
"""

VECTOR = """
schema = 1
title = "The twentieth"
preset = "xx-twentieth"

[[case]]
name = "Two equal people under the cap, and what is above it"
on = 2025-12-31
[case.year]
result = 1000
members = 1
weights = { Ana = 10 }
hired = { Helga = 1 }
[case.expect]
steps = { community = 50, reserve = 200, returns = 600, left = 150 }
parts = { returns = { Ana = 300 } }
hired-parts = { returns = { Helga = 300 } }
cash = { returns = { Ana = 300 } }
"""


@pytest.fixture
def twentieth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the file where presets are found."""
    yield from shipped(ID, TEXT, tmp_path, monkeypatch)


@pytest.mark.usefixtures("twentieth")
def test_a_form_that_is_one_more_file_goes_through_good_years_and_bad_ones(
    tmp_path: Path,
) -> None:
    journey = Journey(ID, (20_000, -9_000, -40_000, 60_000))
    main = journey.write(tmp_path)
    assert findings(main) == []
    for year, result in zip(journey.years, journey.results, strict=True):
        proposed = Recalculated(workbook_of(load_sound_book(main), year))
        assert proposed.disagreements() == []
        assert proposed.flag == "OK"
        closing = book_year(main, year)
        assert closing.appropriation.pool == result
        assert findings(main) == []
        assert close(main, year).is_booked
        booked = Recalculated(workbook_of(load_sound_book(main), year))
        assert (booked.disagreements(), booked.flag) == ([], "OK")


@pytest.mark.usefixtures("twentieth")
def test_its_worked_figures_and_its_law_are_read_like_any_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vector.toml"
    path.write_text(VECTOR, "utf-8")
    (outcome,) = play(read_vectors(path))
    assert outcome.differences == ()
    shown = CliRunner().invoke(command, ["law", ID, "--on", "2025-12-31"])
    assert "community.each = 25  (law)" in shown.stdout
