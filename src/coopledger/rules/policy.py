"""Rules on law, federation and by-laws: who may decide what, and since when."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.law.weighing import bases_of
from coopledger.phrases import Phrase
from coopledger.phrases import figure
from coopledger.phrases import word
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.language import remarks_as_breaches
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.books import ParameterChoice
    from coopledger.law.case import Case


@rule(
    "COOP-LAW-01",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("policy",),
)
def a_policy_governs(case: Case) -> Iterator[Breach]:
    """A cooperative book names the law and statutes that govern it.

    Holds::

        2024-01-02 custom "coop-policy" "us-worker-ica"

    Breaks::

        ;; without the preamble's policy
    """
    if not case.books.policies:
        yield Breach(
            Phrase("No coop-policy directive that is valid governs this book."),
            Phrase('Add one, e.g. 2024-01-01 custom "coop-policy" "us-worker-ica".'),
            case.books.origin,
        )


@rule(
    "COOP-LAW-02",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("parameters",),
)
def parameters_exist(case: Case) -> Iterator[Breach]:
    """Every choice of a parameter names one that the law in force has, with its type.

    Holds::

        2024-01-01 custom "coop-parameter" "pay.ratio-cap" 5

    Breaks::

        2024-01-01 custom "coop-parameter" "pay.ratio" 5
    """
    for choice in case.books.choices:
        problem = _problem(case, choice)
        if problem:
            yield Breach(
                problem,
                Phrase("Correct the name or the value."),
                choice.origin,
                choice.date,
            )


def _problem(case: Case, choice: ParameterChoice) -> Phrase | None:
    preset = case.policy.preset_on(choice.date)
    parameter = preset.parameter(choice.name)
    if parameter is None:
        known = offer_nearest(choice.name, preset.known)
        return Phrase(
            "Preset '{preset}' has no parameter '{name}'{known}",
            preset=preset.id,
            name=choice.name,
            known=known,
        )
    misfit = parameter.misfit(choice.value, choice.currency)
    if misfit:
        return Phrase("{misfit}.", misfit=misfit)
    if choice.currency not in {"", case.books.currency}:
        return Phrase(
            "'{name}' is set in {currency}; this book is kept in {own}.",
            name=choice.name,
            currency=choice.currency,
            own=case.books.currency,
        )
    is_off = isinstance(choice.value, Decimal) and not 0 <= choice.value <= 1
    if is_off and choice.name in preset.shares:
        return Phrase(
            "'{name}' is the share of a step and lies between 0 and 1; {value} "
            "does not.",
            name=choice.name,
            value=figure(choice.value),
        )
    return None


@rule(
    "COOP-LAW-03",
    basis="law",
    sources=("the bound recorded with each parameter of the preset",),
    catalogue=("bounds",),
    example="es-basque-worker",
)
def bylaws_never_undercut_the_law(case: Case) -> Iterator[Breach]:
    """By-laws and federation choose within the bounds that the law leaves them.

    Holds::

        2024-01-01 custom "coop-parameter" "reserves.mandatory.rate" 0.20

    Breaks::

        2024-01-01 custom "coop-parameter" "reserves.mandatory.rate" 0.1999
    """
    for choice in case.books.choices:
        for day in _days_of_judgement(case, choice):
            for bound in case.policy.bounds(choice.name, day, choice.level):
                if not bound.allows(choice.value):
                    yield Breach(
                        Phrase(
                            "'{name}' is set to {value}; {source} asks for {bound}.",
                            name=choice.name,
                            value=figure(choice.value),
                            source=str(bound.source),
                            bound=bound.in_words,
                        ),
                        Phrase("Choose a value within the bound, by a new decision."),
                        choice.origin,
                        day,
                    )


def _days_of_judgement(case: Case, choice: ParameterChoice) -> list[datetime.date]:
    """Return the days on which a choice meets a bound for the first time.

    That is the day on which it is made, and each day on which the federation decides
    while it holds.
    """
    later = [
        other.date
        for other in case.books.choices
        if other.name == choice.name
        and other.level == "federation"
        and other.date > choice.date
        and choice.level == "statutes"
        and case.policy.choice_of(choice.name, other.date, "statutes") is choice
    ]
    return [choice.date, *later]


@rule(
    "COOP-LAW-04",
    basis="law",
    sources=("the dates recorded with each parameter of the preset",),
    catalogue=("dates",),
    example="es-basque-worker",
)
def distributed_years_can_be_worked_out(case: Case) -> Iterator[Breach]:
    """Every distributed year can be worked out again under the law of that year.

    Holds::

        2020-06-30 * "Venta"
          Assets:Banco               10.00 EUR
          Income:Ventas             -10.00 EUR
        2025-03-31 * "Aplicación de 2020" #coop-appropriation ^GA-2025-01
          coop-year: "2020"
          Equity:Resultado:Aplicado                 10.00 EUR
          Liabilities:Fondos:EducacionPromocion     -1.00 EUR
          Equity:Reservas:FondoReservaObligatorio   -9.00 EUR

    Breaks::

        2019-06-30 * "Venta"
          Assets:Banco               10.00 EUR
          Income:Ventas             -10.00 EUR
        2025-03-31 * "Aplicación de 2019" #coop-appropriation ^GA-2025-01
          coop-year: "2019"
          Equity:Resultado:Aplicado                 10.00 EUR
          Liabilities:Fondos:EducacionPromocion     -1.00 EUR
          Equity:Reservas:FondoReservaObligatorio   -9.00 EUR
    """
    for _, posted in case.distributed_years():
        try:
            case.appropriation(posted.year)
        except CoopledgerError as missing:
            yield Breach(
                Phrase(
                    "Fiscal year {year} cannot be checked: {why}",
                    year=posted.year,
                    why=missing.words,
                ),
                Phrase("Correct it, so that the other rules can be checked."),
                *posted.first.place,
            )


@rule(
    "COOP-LAW-05",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("resolutions",),
)
def choices_name_resolutions_on_file(case: Case) -> Iterator[Breach]:
    """A resolution that a directive names is on file and not later than it.

    Holds::

        2024-01-01 custom "coop-resolution" "GA-2024-01" "A third for the collective"
        2024-01-01 custom "coop-parameter" "collective.share" 0.30
          resolution: "GA-2024-01"

    Breaks::

        2024-01-02 custom "coop-resolution" "GA-2024-01" "A third for the collective"
        2024-01-01 custom "coop-parameter" "collective.share" 0.30
          resolution: "GA-2024-01"
    """
    return remarks_as_breaches(case, "resolution")


@rule(
    "COOP-LAW-06",
    basis="statutes",
    sources=("plugins check and people decide; what law asks nobody switches off",),
    catalogue=("switches",),
)
def only_practice_is_switched_off(case: Case) -> Iterator[Breach]:
    """Only a rule of practice is switched off, and the book says why.

    Holds::

        2024-01-01 custom "coop-rule" "COOP-BOOK-01" "off"
          reason: "the balances of the first year are padded"

    Breaks::

        2024-01-01 custom "coop-rule" "COOP-CAP-01" "off"
          reason: "it is in the way"
    """
    for switch in case.books.switches:
        basis = case.known_rules.get(switch.rule)
        if basis is None:
            nearest = offer_nearest(switch.rule, case.known_rules)
            found, fix = (
                Phrase(
                    "There is no rule '{rule}'{nearest}",
                    rule=switch.rule,
                    nearest=nearest,
                ),
                Phrase("Correct the id."),
            )
        elif basis != "practice":
            found = Phrase(
                "{rule} is a rule of {basis} and stays in force.",
                rule=switch.rule,
                basis=word(basis),
            )
            fix = Phrase(
                "Take the directive out; have the assembly decide within the law."
            )
        elif switch.is_off and not switch.reason:
            found = Phrase("{rule} is switched off without a reason.", rule=switch.rule)
            fix = Phrase('Add reason: "..." below the directive.')
        else:
            continue
        yield Breach(found, fix, switch.origin, switch.date)


@rule(
    "COOP-LAW-07",
    basis="statutes",
    sources=LANGUAGE_REFERENCE,
    needs=("patronage.combination",),
    catalogue=("shares",),
)
def every_basis_has_its_share(case: Case) -> Iterator[Breach]:
    """Where one basis of patronage divides its own share, every other one has a share.

    Holds::

        2023-12-01 custom "coop-parameter" "patronage.combination" "share-of-pool"
        2023-12-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
          measure: "hours"
          share: 0.60
        2023-12-01 custom "coop-patronage" "pay" "Expenses:Advances:{member}"
          share: 0.40

    Breaks::

        2023-12-01 custom "coop-parameter" "patronage.combination" "share-of-pool"
        2023-12-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
          measure: "hours"
          share: 0.60
        2023-12-01 custom "coop-patronage" "pay" "Expenses:Advances:{member}"
    """
    for figures in case.books.years.values():
        end = figures.fiscal.end
        bases = bases_of(case.books, figures)
        combination = case.policy.text("patronage.combination", end, "weighted-sum")
        without = [one for one in bases if one.share is None]
        if combination == "share-of-pool" and 0 < len(without) < len(bases):
            yield Breach(
                Phrase(
                    "'{basis}' has no share in fiscal year {year}, while another "
                    "basis has one; it would count as a whole.",
                    basis=without[0].basis,
                    year=figures.fiscal.label,
                ),
                Phrase(
                    "Choose a share for each basis, or for none, before a year begins."
                ),
                without[0].origin,
                end,
            )
