"""The format of preset files, checked by pydantic.

This is the shape only.  What no type can say (a role that exists, a step that stands
before the one that names it) is checked in `coopledger.law.misfits`.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field

from coopledger.domain.amounts import Rounding
from coopledger.domain.solidarity import FederalKind
from coopledger.domain.steps import Among
from coopledger.domain.steps import Key
from coopledger.domain.steps import LeftOver
from coopledger.domain.steps import Lookback
from coopledger.domain.steps import Treatment
from coopledger.law.parameter import BoundKind
from coopledger.law.parameter import Confidence
from coopledger.law.parameter import Unit
from coopledger.law.strictly import Strict


class RawSource(Strict):
    """A text that figures rest on."""

    title: str
    address: str


class RawValue(Strict):
    """What a parameter is from a date."""

    start: datetime.date = Field(alias="from")
    value: Decimal | int | bool | str | datetime.date | None = None
    min: Decimal | int | None = None
    max: Decimal | int | None = None
    source: str
    confidence: Confidence
    checked_on: datetime.date
    until: datetime.date | None = None
    note: str = ""


class RawParameter(Strict):
    """A parameter with its values."""

    name: str
    title: str
    unit: Unit
    bound: BoundKind
    before_year: bool = Field(default=False, alias="before-year")
    choices: list[str] = Field(default_factory=list)
    values: list[RawValue] = Field(min_length=1)


class RawClass(Strict):
    """A class of members."""

    title: str
    patronage: bool
    losses: bool
    votes: bool
    capital: bool


class RawBasis(Strict):
    """A patronage basis to start with."""

    template: str
    measure: str
    weight: Decimal | int = 1


class RawStep(Strict):
    """A step of the appropriation."""

    id: str
    title: str
    kind: str
    base: list[str] | None = None
    rate: str = ""
    less: list[str] = Field(default_factory=list)
    limit: list[str] | list[list[str]] | None = None
    when: list[list[str]] = Field(default_factory=list)
    against: list[str] = Field(default_factory=list)
    counts: list[str] = Field(default_factory=list)
    round: Rounding = "nearest"
    role: str
    treatment: Treatment = "appropriation"
    expense_role: str = Field("", alias="expense-role")
    slice: str = ""
    years: str = ""
    lookback: Lookback = "surplus-years"
    presentation: str = ""
    excess: str = ""
    grace: str = ""
    skip_in_grace: bool = Field(default=False, alias="skip-in-grace")
    movement: str = ""
    cash: str = ""
    notice: str = ""
    among: Among = ""
    by: Key = "patronage"
    bases: list[str] = Field(default_factory=list)
    classes: list[str] = Field(default_factory=list)
    hired_weight: str = Field("", alias="hired-weight")
    seniority_step: str = Field("", alias="seniority-step")
    seniority_cap: str = Field("", alias="seniority-cap")
    part_cap: str = Field("", alias="part-cap")
    part_limit: str = Field("", alias="part-limit")
    left_over: LeftOver = Field("next", alias="left-over")
    part_floor: str = Field("", alias="part-floor")
    cash_below: str = Field("", alias="cash-below")
    consent: str = ""
    replenish: str = ""
    fund: str = ""
    caps: list[str] = Field(default_factory=list)
    withholding: str = ""
    source: str = ""


class RawFederalStep(Strict):
    """A step of what enterprises do together."""

    id: str
    title: str
    kind: FederalKind
    nature: str
    rate: str
    base: str = ""
    of: str = ""
    fund: str = ""
    key: str = ""
    losses: str = ""
    unit: str = ""
    source: str


class RawPreset(Strict):
    """A whole file."""

    model_config = ConfigDict(title="preset")
    schema_: int = Field(alias="schema", ge=1, le=1)
    id: str
    title: str
    jurisdiction: str
    level: Literal["law", "federation"]
    extends: str = ""
    language: str
    currency: str
    sources: dict[str, RawSource]
    chart: dict[str, str | list[str]] = Field(default_factory=dict)
    classes: dict[str, RawClass] = Field(default_factory=dict)
    patronage: dict[str, RawBasis] = Field(default_factory=dict)
    parameter: list[RawParameter] = Field(default_factory=list)
    surplus: list[RawStep] | None = None
    loss: list[RawStep] | None = None
    federation: list[RawFederalStep] | None = None


def number_of(value: Any) -> Any:
    """Return a whole number as an exact one, and anything else as it is."""
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_integer else value
