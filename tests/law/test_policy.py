"""Law, then federation, then by-laws; each in its time and within its bounds."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PolicyChoice
from coopledger.domain.books import Value
from coopledger.domain.findings import Origin
from coopledger.domain.periods import FiscalYearEnd
from coopledger.errors import NoPolicyError
from coopledger.errors import ParameterMistypedError
from coopledger.errors import ParameterUndatedError
from coopledger.errors import ParameterUndecidedError
from coopledger.errors import ParameterUnknownError
from coopledger.law import preset
from coopledger.law.parameter import Bound
from coopledger.law.parameter import Source
from coopledger.law.policy import Policy
from coopledger.law.policy import RatesOn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = Origin("main.beancount", 1)
DAY = datetime.date(2024, 12, 31)
RESERVE = "reserves.mandatory.rate"


def day(text: str) -> datetime.date:
    """Read a date."""
    return datetime.date.fromisoformat(text)


def choice(
    value: Value, since: str, level: str = "statutes", name: str = RESERVE
) -> ParameterChoice:
    """Choose a value."""
    return ParameterChoice(day(since), name, value, level, "", HERE)


def policy(name: str, *choices: ParameterChoice) -> Policy:
    """Let one preset govern a book, with these choices."""
    return Policy(
        "A book", [PolicyChoice(day("2020-01-01"), name, HERE)], list(choices)
    )


# --- who decides ----------------------------------------------------------------------


def test_the_law_s_figure_holds_where_nobody_has_chosen() -> None:
    setting = policy("es-basque-worker").setting(RESERVE, DAY)
    assert (setting.value, setting.level) == (Decimal("0.20"), "law")
    assert setting.sources == (
        "Ley 11/2019, de 20 de diciembre, de Cooperativas de Euskadi, art. 70.2.a",
    )


def test_the_federation_s_preset_outranks_the_law_s() -> None:
    setting = policy("mondragon-2015").setting(RESERVE, DAY)
    assert (setting.value, setting.level) == (Decimal("0.45"), "federation")
    assert setting.sources[0].endswith("(secondary)")


def test_the_federation_s_choice_outranks_the_law_and_names_its_resolution() -> None:
    chosen = ParameterChoice(
        day("2023-01-01"), RESERVE, Decimal("0.30"), "federation", "CG-1", HERE
    )
    setting = policy("es-basque-worker", chosen).setting(RESERVE, DAY)
    assert (setting.value, setting.level) == (Decimal("0.30"), "federation")
    assert setting.sources[0] == "the federation's rules of 2023-01-01 by CG-1"


@pytest.mark.parametrize("later", ["2021-01-01", "2024-01-01"])
def test_by_laws_outrank_the_federation_whichever_came_later(later: str) -> None:
    chosen = policy(
        "es-basque-worker",
        choice(Decimal("0.25"), "2023-01-01"),
        choice(Decimal("0.30"), later, "federation"),
    )
    assert chosen.number(RESERVE, DAY) == Decimal("0.25")
    assert chosen.setting(RESERVE, DAY).sources[0] == (
        "the co-op's by-laws of 2023-01-01"
    )


def test_a_later_choice_replaces_an_earlier_one_from_its_own_day() -> None:
    chosen = policy(
        "es-basque-worker",
        choice(Decimal("0.25"), "2023-01-01"),
        choice(Decimal("0.35"), "2024-12-31"),
        choice(Decimal("0.40"), "2025-01-01"),
    )
    assert chosen.number(RESERVE, day("2022-12-31")) == Decimal("0.20")
    assert chosen.number(RESERVE, day("2024-12-30")) == Decimal("0.25")
    assert chosen.number(RESERVE, day("2024-12-31")) == Decimal("0.35")


# --- from when ------------------------------------------------------------------------


def test_a_day_before_the_law_is_refused_with_the_first_day_and_the_file() -> None:
    with pytest.raises(ParameterUndatedError) as refused:
        policy("es-basque-worker").number(RESERVE, day("2020-01-28"))
    assert str(refused.value) == (
        "Parameter 'reserves.mandatory.rate' has no value on 2020-01-28: its first "
        "value is of 2020-01-29 (basque-worker.toml). A figure from another time would "
        "be a guess; record the value that was in force."
    )
    assert policy("es-basque-worker").number(RESERVE, day("2020-01-29"))


LAYER = """\
schema = 1
id = "{id}"
title = "A layer"
jurisdiction = "XX"
level = "{level}"
extends = "{extends}"
language = "en"
currency = "EUR"

[sources.TEXT]
title = "A text"
address = "https://example.org"

[[parameter]]
name = "collective.share"
title = "Share."
unit = "ratio"
bound = "free"

[[parameter.values]]
from = {since}
value = {value}
source = "TEXT"
confidence = "seen"
checked_on = 2026-11-24
"""


@pytest.fixture
def federation_since_2022(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Policy]:
    """Govern a book by a law of 2020 and, on top, a federation's rule of 2022."""
    layers = {
        "xx-law": ("law", "", "2020-01-01", "0.2"),
        "xx-group": ("federation", "xx-law", "2022-01-01", "0.3"),
    }
    paths = {}
    for name, (level, extends, since, value) in layers.items():
        paths[name] = tmp_path / f"{name}.toml"
        text = LAYER.format(
            id=name, level=level, extends=extends, since=since, value=value
        )
        paths[name].write_text(text, "utf-8")
    monkeypatch.setattr(preset, "preset_paths", lambda: paths)
    preset._READ.clear()
    yield policy("xx-group")
    preset._READ.clear()


def test_the_law_holds_before_the_federation_had_a_rule_of_its_own(
    federation_since_2022: Policy,
) -> None:
    def setting(on: str) -> tuple[Value, str]:
        found = federation_since_2022.setting("collective.share", day(on))
        return found.value, found.level

    assert setting("2022-01-01") == (Decimal("0.3"), "federation")
    assert setting("2021-12-31") == (Decimal("0.2"), "law")
    with pytest.raises(ParameterUndatedError, match=r"of 2020-01-01 \(xx-law\.toml\)"):
        setting("2019-12-31")


def test_each_year_has_its_own_legal_interest() -> None:
    chosen = policy("es-basque-worker")
    assert chosen.number("interest.legal-rate", day("2022-12-31")) == Decimal("0.03")
    assert chosen.number("interest.legal-rate", day("2023-01-01")) == Decimal("0.0325")


def test_another_preset_governs_from_its_own_day() -> None:
    both = Policy(
        "A book",
        [
            PolicyChoice(day("2020-01-01"), "es-basque-worker", HERE),
            PolicyChoice(day("2024-01-01"), "mondragon-2015", HERE),
        ],
        [],
    )
    assert both.preset_on(day("1999-01-01")).id == "es-basque-worker"
    assert both.preset_on(day("2023-12-31")).id == "es-basque-worker"
    assert both.preset_on(day("2024-01-01")).id == "mondragon-2015"
    assert both.changes(day("2023-01-01"), day("2024-01-01"))
    assert not both.changes(day("2024-01-01"), day("2024-12-31"))
    assert [one.id for one in both.presets] == [
        "es-basque-worker",
        "mondragon-2015",
    ]


def test_a_book_without_a_policy_has_no_law_to_ask() -> None:
    with pytest.raises(NoPolicyError, match="has no coop-policy directive"):
        Policy("A book", [], []).number(RESERVE, DAY)


# --- what is not to be had ------------------------------------------------------------


def test_an_unknown_parameter_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ParameterUnknownError, match=r"did you mean 'education\.rate'"):
        policy("es-basque-worker").number("education.rat", DAY)


def test_what_the_law_leaves_open_must_be_decided() -> None:
    with pytest.raises(ParameterUndecidedError, match="is not decided for 2024-12-31"):
        policy("us-worker-ica").number("pay.ratio-cap", DAY)
    decided = choice(Decimal(5), "2024-01-01", name="pay.ratio-cap")
    assert policy("us-worker-ica", decided).number("pay.ratio-cap", DAY) == 5


def test_a_choice_of_the_wrong_type_is_never_reckoned_with() -> None:
    wrong = policy("es-basque-worker", choice("a third", "2024-01-01"))
    with pytest.raises(ParameterMistypedError) as refused:
        wrong.number(RESERVE, DAY)
    assert str(refused.value) == (
        "'reserves.mandatory.rate' takes a number, not 'a third' (value on "
        "2024-12-31). Nothing is reckoned from a value that does not fit; correct the "
        "coop-parameter directive."
    )
    assert wrong.find_number(RESERVE, DAY) is None


def test_a_word_is_no_number() -> None:
    with pytest.raises(ParameterMistypedError, match="is no number but 'es-coop'"):
        policy("es-basque-worker").number("tax.regime", DAY)
    assert policy("es-basque-worker").find_number("tax.regime", DAY) is None


def test_rules_ask_without_being_refused() -> None:
    chosen = policy("us-worker-ica")
    assert chosen.find("no.such", DAY) is None
    assert chosen.find("pay.ratio-cap", DAY) is None
    assert chosen.find_number("collective.share", DAY) == Decimal("0.25")
    assert chosen.text("tax.regime", DAY, "none") == "sub-t"
    assert chosen.text("no.such", DAY, "none") == "none"


def test_steps_ask_for_the_figures_of_one_day() -> None:
    rates = RatesOn(policy("us-worker-ica"), DAY)
    assert rates.number("collective.share") == Decimal("0.25")
    assert rates.text("patronage.notice") == "qualified"
    assert rates.sources("collective.share")[0].startswith("Sample By-laws")
    assert rates.sources("no.such") == ()


# --- within which bounds --------------------------------------------------------------


def test_the_law_s_minimum_binds_by_laws_and_federation() -> None:
    for level in ("statutes", "federation"):
        (bound,) = policy("es-basque-worker").bounds(RESERVE, DAY, level)
        assert bound.allows(Decimal("0.20"))
        assert not bound.allows(Decimal("0.1999"))
        assert str(bound) == "at least 0.20"


def test_the_law_below_still_binds_where_the_federation_leaves_free() -> None:
    bounds = policy("mondragon-2015").bounds(RESERVE, DAY, "statutes")
    assert [str(bound) for bound in bounds] == ["at least 0.20", "free"]
    assert all(bound.allows(Decimal("0.20")) for bound in bounds)


def test_the_federation_s_own_preset_does_not_bind_the_federation() -> None:
    chosen = policy("mondragon-2015")
    (bound,) = chosen.bounds("pay.ratio-cap", DAY, "statutes")
    assert str(bound) == "at most 6"
    assert bound.allows(Decimal(6))
    assert not bound.allows(Decimal("6.01"))
    assert chosen.bounds("pay.ratio-cap", DAY, "federation") == []


def test_there_is_no_bound_before_the_law() -> None:
    assert (
        policy("es-basque-worker").bounds(RESERVE, day("2019-12-31"), "statutes") == []
    )


def test_a_range_has_two_ends() -> None:
    (bound,) = policy("es-basque-worker").bounds("education.rate", DAY, "statutes")
    assert str(bound) == "at least 0.05 and at most 1.0"
    assert bound.allows(Decimal("0.05"))
    assert not bound.allows(Decimal("0.0499"))
    assert not bound.allows(Decimal("1.01"))


def test_a_fixed_figure_allows_no_other() -> None:
    (bound,) = policy("us-worker-ica").bounds("patronage.cash-minimum", DAY, "statutes")
    assert bound.allows(Decimal("0.2"))
    assert not bound.allows(Decimal("0.25"))
    assert str(bound) == "exactly 0.20"


def test_a_bound_on_figures_says_nothing_of_words() -> None:
    bound = Bound(Decimal(1), None, None, Source("A law", "", ""))
    assert bound.allows("any word")
    assert str(bound.source) == "A law"


# --- classes --------------------------------------------------------------------------


def test_a_member_without_a_class_has_the_preset_s_first() -> None:
    chosen = policy("us-worker-ica")
    worker = chosen.class_on("", DAY)
    assert worker is not None
    assert worker.id == "worker"
    assert chosen.class_on("wrker", DAY) is None
    assert set(chosen.classes_on(DAY)) == {"worker", "probationer"}


# --- before the year ------------------------------------------------------------------

ICA = "us-worker-ica"
FORMULA = "collective.share"


def ica(*since: str, name: str = FORMULA, founded: str = "2020-01-01") -> Policy:
    """Let the sample by-laws govern, with 0.30, 0.31, ... chosen from these days."""
    choices = [
        choice(Decimal("0.30") + Decimal(number) / 100, one, name=name)
        for number, one in enumerate(since)
    ]
    governing = [PolicyChoice(day(founded), ICA, HERE)]
    return Policy("A book", governing, choices, FiscalYearEnd(), day(founded))


def test_the_formula_of_a_year_is_that_of_its_first_day() -> None:
    chosen = ica("2024-01-01", "2024-01-02")
    assert chosen.number(FORMULA, DAY) == Decimal("0.30")
    assert chosen.number(FORMULA, day("2025-12-31")) == Decimal("0.31")


def test_the_form_of_payment_may_be_decided_within_the_year() -> None:
    cash = "patronage.cash-share"
    chosen = ica("2024-12-31", name=cash)
    assert chosen.number(cash, DAY) == Decimal("0.30")


def test_in_the_year_of_foundation_what_is_chosen_in_it_counts() -> None:
    chosen = ica("2024-06-01", founded="2024-05-01")
    assert chosen.number(FORMULA, DAY) == Decimal("0.30")
    assert ica("2024-06-01").number(FORMULA, DAY) == Decimal("0.25")


def test_a_year_that_ends_in_june_begins_in_july() -> None:
    choices = [choice(Decimal("0.30"), "2024-07-01", name=FORMULA)]
    governing = [PolicyChoice(day("2020-01-01"), ICA, HERE)]
    chosen = Policy("A book", governing, choices, FiscalYearEnd(6, 30))
    assert chosen.number(FORMULA, day("2024-06-30")) == Decimal("0.25")
    assert chosen.number(FORMULA, day("2025-06-30")) == Decimal("0.30")


def test_a_preset_that_does_not_say_so_lets_its_co_op_choose_later() -> None:
    chosen = policy("es-basque-worker", choice(Decimal("0.30"), "2024-12-31"))
    assert chosen.number(RESERVE, DAY) == Decimal("0.30")


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        (ICA, {"collective.share", "collective.profit-share", "labour.measure"}),
        ("us-colab", {"collective.share", "collective.profit-share", "labour.measure"}),
        ("us-consumer", {"collective.share", "patronage.minimum-amount"}),
        ("us-producer", {"collective.share", "retain.rate"}),
    ],
)
def test_the_presets_of_subchapter_t_mark_their_formula_and_no_form_of_payment(
    name: str, formula: set[str]
) -> None:
    loaded = preset.load_preset(name)
    marked = {one.name for one in loaded.parameters.values() if one.before_year}
    assert formula | {"patronage.combination"} <= marked
    assert not marked & {"patronage.cash-share", "patronage.notice", "interest.rate"}


# --- the cap on interest --------------------------------------------------------------


@pytest.mark.parametrize(("own", "cap"), [("0.0924", "0.0924"), ("0.0926", "0.0925")])
def test_of_the_caps_on_interest_the_lowest_counts(own: str, cap: str) -> None:
    # The legal interest of 3.25 % and six points above it are 9.25 %.
    chosen = choice(Decimal(own), "2020-02-01", name="interest.policy-cap")
    assert policy("es-basque-worker", chosen).interest_cap(DAY) == Decimal(cap)


def test_where_nobody_sets_a_cap_on_interest_there_is_none() -> None:
    assert policy("custom").interest_cap(DAY) is None
    assert Policy("A book", [], []).interest_cap(DAY) is None
