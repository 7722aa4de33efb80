"""What if: a year under other parameters, beside the year as it is.

Nothing is written and the books are not touched.  A scenario chooses as by-laws would,
so that the bounds of law and federation hold for it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal
from decimal import InvalidOperation
from typing import TYPE_CHECKING

from coopledger.domain.books import ParameterChoice
from coopledger.domain.findings import Origin
from coopledger.errors import CoopledgerError
from coopledger.errors import ParameterUnknownError
from coopledger.errors import YearUnknownError
from coopledger.law.case import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.books import Value
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book
    from coopledger.law.parameter import Parameter
    from coopledger.law.policy import Policy
    from coopledger.law.preset import Preset

#: Name of the year as it stands.
AS_IT_IS = "as it is"

#: Name of all scenarios put together.
ALL = "all together"

_SWITCHES = {"true": True, "yes": True, "false": False, "no": False}


class ScenarioError(CoopledgerError):
    """A scenario is not written as one."""

    def __init__(self, text: str) -> None:
        """Show the form."""
        super().__init__(
            f"'{text}' is no scenario; write PARAMETER=VALUE, or several of them as "
            "'NAME: PARAMETER=VALUE, PARAMETER=VALUE'."
        )


class ScenarioTwiceError(CoopledgerError):
    """A scenario sets one parameter to two values."""

    def __init__(self, parameter: str, text: str) -> None:
        """Name the parameter, and how to compare two values of it."""
        super().__init__(
            f"'{text}' sets '{parameter}' twice. To compare two values, write each as "
            "a scenario of its own: --set once for each."
        )


class ScenarioBoundError(CoopledgerError):
    """A scenario chooses what law or federation do not allow."""

    def __init__(self, name: str, value: object, source: object, bound: object) -> None:
        """Name the bound and its source."""
        super().__init__(
            f"'{name}' cannot be {value}: {source} asks for {bound}. What the law does "
            "not allow is not worked out."
        )


class ScenarioValueError(CoopledgerError):
    """A scenario gives a parameter a value of another kind."""

    def __init__(self, misfit: str) -> None:
        """Repeat what the parameter takes."""
        super().__init__(f"{misfit}.")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Parameters set otherwise, under a name.

    Attributes:
        name: The name.
        settings: Text of each value, by parameter.
    """

    name: str
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a year comes to in a scenario."""

    scenario: Scenario
    appropriation: Appropriation


def parse_scenario(text: str) -> Scenario:
    """Read ``PARAMETER=VALUE``, or ``NAME: PARAMETER=VALUE, PARAMETER=VALUE``.

    Raises:
        ScenarioError: It is neither.
        ScenarioTwiceError: It sets one parameter to two values.
    """
    before, colon, after = text.partition(":")
    name, listed = (before.strip(), after) if colon else ("", text)
    settings = {}
    for part in listed.split(","):
        parameter, equals, value = (one.strip() for one in part.partition("="))
        if not (parameter and equals and value):
            raise ScenarioError(text)
        if parameter in settings:
            raise ScenarioTwiceError(parameter, text)
        settings[parameter] = value
    return Scenario(
        name or ", ".join(f"{k}={v}" for k, v in settings.items()), settings
    )


def compare_scenarios(
    book: Book, year: int, scenarios: Sequence[Scenario]
) -> list[Outcome]:
    """Work a year out as it is, under each scenario, and under all of them together.

    Args:
        book: The book.
        year: Label of the fiscal year; it need not be over.
        scenarios: The scenarios.

    Returns:
        An outcome for each; the last is all together, where there are several that do
        not contradict each other.

    Raises:
        YearUnknownError: The book does not reach the year.
        ParameterUnknownError: The law of the year has no such parameter.
        ScenarioBoundError: Law or federation do not allow a value.
        ScenarioValueError: A value is of another kind than the parameter.
        CoopledgerError: A parameter that a step needs is not to be had.
    """
    if year not in book.case.books.years:
        raise YearUnknownError(year, book.case.books.years)
    policy, end = book.case.policy, book.case.books.years[year].fiscal.end
    meant = [_in_full(policy.preset_on(end), one) for one in scenarios]
    asked = [Scenario(AS_IT_IS, {}), *meant]
    together: dict[str, str] = {}
    for one in meant:
        together |= one.settings
    if len(meant) > 1 and len(together) == sum(len(one.settings) for one in meant):
        asked.append(Scenario(ALL, together))
    return [Outcome(one, _worked_out(book, year, one)) for one in asked]


def _in_full(preset: Preset, scenario: Scenario) -> Scenario:
    """Write out the names of parameters."""
    settings = {
        _name_in_full(preset, name): text for name, text in scenario.settings.items()
    }
    return Scenario(scenario.name, settings)


def _name_in_full(preset: Preset, name: str) -> str:
    """Return a parameter's own name: dots are as good as hyphens in a scenario.

    ``patronage`` may be left out before a name that would have no meaning without it.
    """
    own = {_words(known): known for known in preset.names}
    return own.get(_words(name)) or own.get(("patronage", *_words(name)), name)


def _words(name: str) -> tuple[str, ...]:
    return tuple(re.split(r"[.-]", name))


def _worked_out(book: Book, year: int, scenario: Scenario) -> Appropriation:
    case = book.case
    if not scenario.settings:
        return case.appropriation(year)
    on = case.books.years[year].fiscal.end
    origin = Origin(scenario.name, 1)
    choices = [
        ParameterChoice(
            datetime.date.min,
            name,
            value_of(case.policy, name, text, on),
            "statutes",
            "",
            origin,
        )
        for name, text in scenario.settings.items()
    ]
    policy = replace(
        case.policy, choices=[*case.policy.choices, *choices], _settings={}
    )
    _refuse_little_cash(policy, on)
    return Case(case.books, policy).appropriation(year)


def _refuse_little_cash(policy: Policy, on: datetime.date) -> None:
    """Refuse a qualified notice with less money than the law asks for each patron."""
    least = policy.find("patronage.cash-minimum", on)
    cash = policy.find_number("patronage.cash-share", on)
    is_qualified = policy.text("patronage.notice", on, "") == "qualified"
    if least is None or cash is None or not is_qualified:
        return
    minimum = policy.number("patronage.cash-minimum", on)
    if cash < minimum:
        name, source = "patronage.cash-share", least.sources[0]
        bound = f"at least {minimum} with a qualified notice"
        raise ScenarioBoundError(name, cash, source, bound)


def value_of(policy: Policy, name: str, text: str, on: datetime.date) -> Value:
    """Read a value as its parameter takes it, within the bounds of law and federation.

    Raises:
        ParameterUnknownError: There is no such parameter.
        ScenarioValueError: The value is of another kind.
        ScenarioBoundError: It is out of bounds.
    """
    preset = policy.preset_on(on)
    parameter = preset.parameter(name)
    if parameter is None:
        raise ParameterUnknownError(name, preset.id, preset.names)
    value = _read(parameter, text)
    misfit = parameter.misfit(value) or _impossible(parameter, value)
    if misfit:
        raise ScenarioValueError(misfit)
    for bound in policy.bounds(name, on, "statutes"):
        if not bound.allows(value):
            raise ScenarioBoundError(name, value, bound.source, bound)
    return value


def _impossible(parameter: Parameter, value: Value) -> str:
    """Say why a number cannot be one of its kind, whatever a law says; "" if it can."""
    if not isinstance(value, Decimal):
        return ""
    if _is_share(parameter) and not 0 <= value <= 1:
        why = "it is a share, from 0 to 1 (or from 0% to 100%)"
        return f"'{parameter.name}' cannot be {value}: {why}"
    if value < 0:
        return f"'{parameter.name}' cannot be {value}: it is never below zero"
    return ""


def _is_share(parameter: Parameter) -> bool:
    """Say whether a ratio is one of a part to its whole."""
    last = _words(parameter.name)[-1]
    return parameter.unit == "ratio" and last in {"share", "rate"}


def _read(parameter: Parameter, text: str) -> Value:
    """Read a text as the unit of a parameter suggests; else leave it as it is."""
    if parameter.unit in {"text", "choice"}:
        return text
    if parameter.unit == "switch":
        return _SWITCHES.get(text.lower(), text)
    try:
        if parameter.unit == "date":
            return datetime.date.fromisoformat(text)
        is_percentage = text.endswith("%")
        number = Decimal(text.removesuffix("%")).scaleb(-2 if is_percentage else 0)
    except (ValueError, InvalidOperation):
        return text
    return number if number.is_finite() else text
