"""A form whose steps are divided by bases and classes of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_sound_book
from coopledger.services.checking import check_path
from coopledger.services.explaining import explanations_of
from coopledger.services.exporting import workbook_of
from tests.services.forms import shipped
from tests.services.journeys import Journey
from tests.services.journeys import book_year
from tests.services.journeys import close
from tests.services.journeys import findings
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "xx-stakeholders"

#: A fifth to a reserve, two fifths to workers by hours, a fifth to users by purchases,
#: a fifth to workers by their capital.
TEXT = """
schema = 1
id = "xx-stakeholders"
title = "Workers and users"
jurisdiction = "XX"
level = "law"
language = "en"
currency = "JPY"

[sources.ACT]
title = "Act on co-operatives of nowhere"
address = "https://example.org/act"

[chart]
contribution = "Equity:Members:{member}:Shares"
patronage = "Equity:Members:{member}:Returns"
member-loss = "Equity:Members:{member}:Losses"
member-payable = "Liabilities:Members:{member}:Payable"
mandatory-reserve = "Equity:Reserve"
surplus-appropriated = "Equity:Result:Appropriated"
prior-losses = "Equity:Result:Carried"
advance = "Expenses:Pay:{member}"
wages = "Expenses:Wages:{worker}"

[classes.worker]
title = "Worker"
patronage = true
losses = true
votes = true
capital = true

[classes.user]
title = "User"
patronage = true
losses = true
votes = true
capital = true

[patronage.labour]
template = "Expenses:Pay:{member}"
measure = "hours"

[patronage.purchases]
template = "Income:Sales:{member}"
measure = "amount"

@ratio reserves.mandatory.rate 0.20 Share of the surplus for the reserve.@
@ratio labour.share 0.40 Share of the surplus for labour.@
@ratio users.share 0.20 Share of the surplus for users.@
@ratio patronage.cash-share 1 Part of the returns that is paid in money.@

[[surplus]]
id = "reserve"
title = "Reserve"
kind = "share"
base = ["result"]
rate = "reserves.mandatory.rate"
role = "mandatory-reserve"

[[surplus]]
id = "labour"
title = "To labour"
kind = "patronage"
base = ["result"]
rate = "labour.share"
role = "patronage"
bases = ["labour"]
classes = ["worker"]
cash = "patronage.cash-share"

[[surplus]]
id = "users"
title = "To users"
kind = "patronage"
base = ["result"]
rate = "users.share"
role = "patronage"
bases = ["purchases"]
classes = ["user"]
cash = "patronage.cash-share"

[[surplus]]
id = "holders"
title = "To workers, by capital"
kind = "patronage"
role = "patronage"
by = "capital"
classes = ["worker"]
cash = "patronage.cash-share"

[[loss]]
id = "carried"
title = "Carried"
kind = "carry"
role = "prior-losses"
"""

#: Bea is a user; Cleo becomes one after what she did in 2023.
CLASSES = """
2023-01-02 custom "coop-member" "Bea" "class"
  class: "user"
2024-01-01 custom "coop-member" "Cleo" "class"
  class: "user"
"""


@pytest.fixture(autouse=True)
def _stakeholders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from shipped(ID, TEXT, tmp_path, monkeypatch)


def test_each_step_is_divided_by_its_own_basis_among_its_own_classes(
    tmp_path: Path,
) -> None:
    main = Journey(ID, (20_000, 20_000), more=CLASSES).write(tmp_path)
    first, second = book_year(main, 2023), book_year(main, 2024)
    parts = {one.step.id: one.parts for one in first.appropriation.steps}
    assert parts["labour"] == {"Ana": 6000, "Cleo": 2000}
    assert parts["users"] == {"Bea": 4000}
    assert parts["holders"] == {"Ana": 2000, "Cleo": 2000}
    later = {one.step.id: one.parts for one in second.appropriation.steps}
    assert later["labour"] == {"Ana": 8000}
    assert later["users"] == {"Bea": Decimal(2667), "Cleo": Decimal(1333)}
    assert later["holders"] == {"Ana": 4000}
    assert findings(main) == []


def test_a_part_is_explained_by_what_counts_for_its_step(tmp_path: Path) -> None:
    main = Journey(ID, (20_000,), more=CLASSES).write(tmp_path)
    case = load_sound_book(main).case
    said = [
        f"{one.step.step.id} {one.name}: {one.sentence}"
        for one in explanations_of(case, case.appropriation(2023), 2023)
    ]
    assert said[0] == (
        "labour Ana: 1,800 hours: 8,000 x 1,800 / 2,400 = 6,000, booked as 6,000"
    )
    assert "users Bea: 1,200.00 amount: 4,000 x 1,200 / 1,200" in said[2]


def test_its_workbook_reckons_the_same(tmp_path: Path) -> None:
    main = Journey(ID, (20_000,), more=CLASSES).write(tmp_path)
    proposed = Recalculated(workbook_of(load_sound_book(main), 2023))
    assert proposed.disagreements() == []
    assert close(main, 2023).appropriation.remaining == 0


@pytest.mark.parametrize(
    ("parts", "unfair"),
    [((4000, 2000, 2000), set()), ((5000, 1000, 2000), {"COOP-APP-04"})],
)
def test_half_of_the_returns_is_judged_by_all_keys_together(
    tmp_path: Path, parts: tuple[int, ...], unfair: set[str]
) -> None:
    named = dict(zip(("Ana", "Bea", "Cleo"), parts, strict=True))
    halved = "".join(
        f"  Liabilities:Members:{member}:Payable  -{part} JPY\n"
        for member, part in named.items()
    )
    booked = f"""{CLASSES}
2024-03-31 * "Half of the returns" #coop-appropriation ^GA-2023
  coop-year: "2023"
  Equity:Result:Appropriated  8000 JPY
{halved}"""
    main = Journey(ID, (20_000,), more=booked).write(tmp_path)
    codes = {finding.rule for finding in check_path(main).findings}
    assert codes & {"COOP-APP-04"} == unfair
