"""The format of vector files, checked strictly: a misspelt word is an error."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StrictBool
from pydantic import StrictStr

from coopledger.errors import CoopledgerError
from coopledger.law.format import RawStep
from coopledger.law.strictly import read_strictly

if TYPE_CHECKING:
    from pathlib import Path

Amounts = dict[str, Decimal]
Value = StrictBool | Decimal | StrictStr

CENT = Decimal("0.01")


class VectorsInvalidError(CoopledgerError):
    """A file of vectors breaks the format."""

    def __init__(self, path: str, problems: list[str]) -> None:
        """List the problems."""
        super().__init__(
            f"{path} is no file of vectors: {'; '.join(problems)}. The format stands "
            "in docs/vectors.md."
        )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Payroll(_Strict):
    """Pay of a year."""

    members: Decimal = Decimal(0)
    hired: Decimal = Decimal(0)


class Past(_Strict):
    """An earlier year: what it came to and what it put where."""

    label: int
    surplus: Decimal
    allocated: Amounts = {}
    terms: Amounts = {}


class Year(_Strict):
    """A year's facts; what is left out is nothing."""

    result: Decimal | Amounts = Decimal(0)
    tax: Decimal | Amounts = Decimal(0)
    surplus: Decimal | None = None
    prior_losses: Decimal = Field(default=Decimal(0), alias="prior-losses")
    balances: Amounts = {}
    capital: Amounts = {}
    capital_highest: Decimal | None = Field(default=None, alias="capital-highest")
    highest: Amounts = {}
    capital_time: Amounts = Field(default={}, alias="capital-time")
    capital_time_by: dict[str, Amounts] = Field(default={}, alias="capital-time-by")
    debts: Decimal = Decimal(0)
    equity: Decimal = Decimal(0)
    turnover: Decimal = Decimal(0)
    payroll: Payroll = Payroll()
    members: int | None = None
    workers: int | None = None
    weights: Amounts = {}
    loss_weights: Amounts | None = Field(default=None, alias="loss-weights")
    units: Amounts | None = None
    hired: Amounts = {}
    weights_by: dict[str, Amounts] = Field(default={}, alias="weights-by")
    classes: dict[str, str] = {}
    seniority: dict[str, int] = {}
    consents: list[str] = []
    deficits: Amounts = {}
    history: list[Past] = []
    fiscal_year_number: int = Field(default=10, alias="fiscal-year-number")


class Expected(_Strict):
    """What has to come out of a year: by step, then by member or worker."""

    steps: Amounts = {}
    remaining: Decimal = Decimal(0)
    parts: dict[str, Amounts] = {}
    hired_parts: dict[str, Amounts] = Field(default={}, alias="hired-parts")
    cash: dict[str, Amounts] = {}
    retained: dict[str, Amounts] = {}
    nonqualified: dict[str, Amounts] = {}
    withheld: dict[str, Amounts] = {}
    replenished: dict[str, Amounts] = {}


class _Vector(_Strict):
    """What every vector has: a sentence, and where its figures come from."""

    name: str = Field(min_length=1)
    source: str = ""


class CaseVector(_Vector):
    """A year's appropriation."""

    preset: str = ""
    on: datetime.date | None = None
    currency: str = ""
    choices: dict[str, Value] = {}
    year: Year
    expect: Expected


class SplitVector(_Vector):
    """An exact split; ties go by the order in which weights are listed."""

    pool: Decimal
    unit: Decimal = CENT
    weights: Amounts
    expect: Amounts


class Movement(_Strict):
    """A change of a member's capital on a day."""

    member: str
    date: datetime.date
    amount: Decimal


class InterestVector(_Vector):
    """Interest on capital by the time it stood."""

    start: datetime.date
    end: datetime.date
    movements: list[Movement]
    rate: Decimal
    method: str = "day"
    balance: Literal["opening", "running"] = "running"
    day_count: Literal["365", "360", "actual"] = Field(
        default="actual", alias="day-count"
    )
    caps: list[Decimal] = []
    limit: Decimal | None = None
    cash_share: Decimal = Field(default=Decimal(1), alias="cash-share")
    withholding: Decimal = Decimal(0)
    unit: Decimal = CENT
    expect: Amounts
    withheld: Amounts | None = None
    cash: Amounts | None = None


class DeadlineVector(_Vector):
    """The n-th day of the n-th month after a fiscal year's end."""

    year_end: datetime.date = Field(alias="year-end")
    month: int
    day: int
    expect: datetime.date


class NoticesVector(_Vector):
    """The money of a nonqualified notice that leaves a co-op as much."""

    amount: Decimal
    cash_share: Decimal = Field(alias="cash-share")
    tax_rate: Decimal = Field(alias="tax-rate")
    unit: Decimal = CENT
    expect: Decimal


class RedemptionVector(_Vector):
    """Redemption of what was allotted, the oldest year first."""

    budget: Decimal
    method: Literal["fifo", "percentage"] = "fifo"
    held: dict[int, Amounts]
    unit: Decimal = CENT
    expect: dict[int, Amounts]


class PaymentDue(_Strict):
    """A payment on a settlement, with its interest."""

    date: datetime.date
    capital: Decimal
    interest: Decimal | None = None


class SettlementVector(_Vector):
    """What somebody who leaves is owed, and when it is paid."""

    compulsory: Decimal
    others: Decimal = Decimal(0)
    losses: Decimal = Decimal(0)
    deduction: Decimal = Decimal(0)
    left: datetime.date
    settled: datetime.date
    years: Decimal | None = None
    instalments: int | None = None
    rate: Decimal | None = None
    unit: Decimal = CENT
    expect: Decimal
    payments: list[PaymentDue] = []


class Taking(_Strict):
    """An enterprise that takes part in a federation's year."""

    result: Decimal
    tax: Decimal = Decimal(0)
    payroll: Decimal = Decimal(0)
    members: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    allocated: Amounts = {}
    choices: dict[str, Value] = {}


class FederationVector(_Vector):
    """What enterprises of a federation do together in a year."""

    preset: str
    on: datetime.date
    choices: dict[str, Value] = {}
    enterprises: dict[str, Taking]
    funds: Amounts = {}
    unit: Decimal = CENT
    expect: dict[str, Amounts]
    expect_funds: Amounts = Field(default={}, alias="expect-funds")


class VectorFile(_Strict):
    """A whole file."""

    schema_: Literal[1] = Field(alias="schema")
    title: str
    preset: str = ""
    rates: dict[str, Value] = {}
    surplus: list[RawStep] = []
    loss: list[RawStep] = []
    case: list[CaseVector] = []
    split: list[SplitVector] = []
    interest: list[InterestVector] = []
    deadline: list[DeadlineVector] = []
    notices: list[NoticesVector] = []
    redemption: list[RedemptionVector] = []
    settlement: list[SettlementVector] = []
    federation: list[FederationVector] = []


def read_vectors(path: Path) -> VectorFile:
    """Read a file of vectors strictly.

    Raises:
        VectorsInvalidError: It breaks the format, with all problems.
    """
    refusal = partial(VectorsInvalidError, str(path))
    file = read_strictly(path.read_bytes(), VectorFile, refusal)
    problems = _misfits(file)
    if problems:
        raise VectorsInvalidError(str(path), problems)
    return file


def _misfits(file: VectorFile) -> list[str]:
    problems = []
    for index, case in enumerate(file.case):
        governed = case.preset or file.preset
        if governed and case.on is None:
            problems.append(f"case.{index}: a preset's case needs 'on', a day")
        if not governed and not (file.surplus or file.loss):
            problems.append(f"case.{index}: neither a preset nor steps")
    return problems
