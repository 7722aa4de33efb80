"""From directives whose form is right to the records of `coopledger.domain`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from beancount.core import amount

from coopledger.domain.books import Enterprise
from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PatronageBasis
from coopledger.domain.books import PolicyChoice
from coopledger.domain.books import Resolution
from coopledger.domain.books import RuleSwitch
from coopledger.domain.books import Seal
from coopledger.domain.filings import FORMS
from coopledger.domain.filings import PATRON_FORM
from coopledger.domain.filings import Filing
from coopledger.domain.findings import Remark
from coopledger.domain.refunds import Refund
from coopledger.errors import offer_nearest
from coopledger.journal.chart import ROOTS
from coopledger.journal.contradicting import contradictions
from coopledger.journal.directives import year_in
from coopledger.journal.enrolling import read_member
from coopledger.journal.templates import Problem
from coopledger.journal.templates import role_problem
from coopledger.journal.templates import template_problem
from coopledger.law.preset import preset_paths
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.domain.members import MemberEvent
    from coopledger.journal.directives import Directive

#: What Beancount takes as a key of metadata.
_KEY = re.compile(r"[a-z][a-zA-Z0-9_-]+")


@dataclass(slots=True)
class Records:
    """All cooperative directives of a book, as records."""

    enterprises: list[Enterprise] = field(default_factory=list)
    policies: list[PolicyChoice] = field(default_factory=list)
    choices: list[ParameterChoice] = field(default_factory=list)
    templates: list[tuple[str, str]] = field(default_factory=list)
    bases: list[PatronageBasis] = field(default_factory=list)
    events: list[MemberEvent] = field(default_factory=list)
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    seals: list[Seal] = field(default_factory=list)
    switches: list[RuleSwitch] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    roots: Mapping[str, str] = field(default_factory=lambda: {r: r for r in ROOTS})
    #: Where the book gives a role a template.
    places: dict[tuple[str, str], Directive] = field(default_factory=dict)

    def remark(self, directive: Directive, found: Phrase, fix: Phrase) -> None:
        """Note something that cannot be taken as it stands."""
        self.remarks.append(
            Remark("vocabulary", found, fix, directive.origin, directive.date)
        )


def read_records(
    directives: Iterable[Directive], roots: Mapping[str, str] | None = None
) -> Records:
    """Turn directives into records, in order of date.

    Args:
        directives: The directives.
        roots: The book's name of each root account, where it has names of its own.
    """
    records = Records(roots=roots or {root: root for root in ROOTS})
    listed = list(directives)
    records.remarks.extend(contradictions(listed))
    for directive in listed:
        _READERS[directive.type](directive, records)
    for directive in listed:
        _look_up_resolution(directive, records)
    known = {event.member for event in records.events}
    for directive in listed:
        member = directive.text("member")
        if member not in known and directive.type in _ABOUT_MEMBERS and member:
            found = Phrase(
                "'{member}' is not in the register{nearest}",
                member=member,
                nearest=offer_nearest(member, known),
            )
            records.remark(directive, found, _ABOUT_MEMBERS[directive.type])
    return records


#: Directives about somebody who has to be in the register, and what to do otherwise.
_ABOUT_MEMBERS = {
    "coop-refund": Phrase("Correct the member of the refund."),
    "coop-filing": Phrase("Correct the member of the filing."),
}


def _look_up_resolution(directive: Directive, records: Records) -> None:
    """Look for the resolution that a directive names: on file, and no later."""
    name = str(directive.metadata.get("resolution", ""))
    resolution = records.resolutions.get(name)
    found = None
    if name and resolution is None:
        nearest = offer_nearest(name, records.resolutions)
        found = Phrase(
            "Resolution '{name}' is not on file{nearest}", name=name, nearest=nearest
        )
    elif resolution and resolution.date > directive.date:
        found = Phrase(
            "'{directive}' holds from {day}, and resolution '{name}' that it "
            "names is of {decided}.",
            directive=directive.type,
            day=directive.date,
            name=name,
            decided=resolution.date,
        )
    if found:
        fix = Phrase(
            "Name the resolution that decided it, or date it from that day on."
        )
        records.remarks.append(
            Remark("resolution", found, fix, directive.origin, directive.date)
        )


def _enterprise(directive: Directive, records: Records) -> None:
    path = directive.text("path")
    home = Path(directive.origin.file)
    if path and home.is_file() and not (home.parent / path).exists():
        found = Phrase(
            "There is no book at '{path}', where '{enterprise}' should be.",
            path=path,
            enterprise=directive.text("id"),
        )
        records.remark(
            directive, found, Phrase("Correct the path; it begins at this file.")
        )
    records.enterprises.append(
        Enterprise(
            directive.text("id"),
            path,
            directive.date,
            directive.origin,
            directive.metadata.get("pay-to") or "",
        )
    )


def _policy(directive: Directive, records: Records) -> None:
    preset = directive.text("preset")
    known = preset_paths()
    if preset not in known:
        found = Phrase(
            "There is no preset '{preset}'{nearest}",
            preset=preset,
            nearest=offer_nearest(preset, known),
        )
        records.remark(directive, found, Phrase("Name a preset that exists."))
        return
    records.policies.append(PolicyChoice(directive.date, preset, directive.origin))


def _parameter(directive: Directive, records: Records) -> None:
    given = directive.values["value"]
    is_amount = isinstance(given, amount.Amount)
    records.choices.append(
        ParameterChoice(
            date=directive.date,
            name=directive.text("name"),
            value=given.number if is_amount else given,
            level=directive.text("level") or "statutes",
            resolution=directive.text("resolution"),
            origin=directive.origin,
            currency=given.currency if is_amount else "",
            enterprise=directive.text("enterprise"),
        )
    )


def _account(directive: Directive, records: Records) -> None:
    role, template = directive.text("role"), directive.text("template")
    problem = template_problem(template, records.roots)
    problem = problem or role_problem(role, template, records.roots)
    if problem:
        records.remark(directive, *problem)
        return
    records.templates.append((role, template))
    records.places[role, template] = directive


def _patronage(directive: Directive, records: Records) -> None:
    template = directive.text("template")
    problem = template_problem(template, records.roots) or _measure_problem(directive)
    if problem:
        records.remark(directive, *problem)
        return
    records.bases.append(
        PatronageBasis(
            basis=directive.text("basis"),
            template=template,
            measure=directive.text("measure") or "amount",
            weight=directive.metadata.get("weight", Decimal(1)),
            share=directive.metadata.get("share"),
            factor=directive.text("factor"),
            currency=directive.text("currency"),
            date=directive.date,
            origin=directive.origin,
        )
    )


def _measure_problem(directive: Directive) -> Problem | None:
    """Say what is wrong with how a basis is measured, and what to do."""
    basis, currency = directive.text("basis"), directive.text("currency")
    if "{member}" not in directive.text("template"):
        found = Phrase(
            "The template '{template}' names no member.",
            template=directive.text("template"),
        )
        return found, Phrase("Write {{member}} where the member id stands.")
    for key in ("weight", "share"):
        number = directive.metadata.get(key)
        if number is not None and number <= 0:
            return Phrase(
                "The {key} of '{basis}' is {amount}.",
                key=key,
                basis=basis,
                amount=number,
            ), Phrase("Write a {key} above zero.", key=key)
    for key in ("measure", "factor"):
        word = directive.text(key)
        if word and not _KEY.fullmatch(word):
            found = Phrase(
                "The {key} '{word}' of '{basis}' can be no key of metadata.",
                key=key,
                word=word,
                basis=basis,
            )
            return found, Phrase("Begin with a small letter; write no spaces.")
    if currency and not re.fullmatch(amount.CURRENCY_RE, currency):
        found = Phrase(
            "'{currency}', which '{basis}' counts, can be no commodity.",
            currency=currency,
            basis=basis,
        )
        return found, Phrase(
            "Write it as postings do, in capitals: {written}.", written=currency.upper()
        )
    return None


def _refund(directive: Directive, records: Records) -> None:
    given = directive.values.get("amount")
    if given is not None and given.number <= 0:
        found = Phrase(
            "The refund of {member} is {amount} {currency}.",
            member=directive.text("member"),
            amount=given.number,
            currency=given.currency,
        )
        records.remark(directive, found, Phrase("Write an amount above zero."))
        return
    records.refunds.append(
        Refund(
            member=directive.text("member"),
            event=directive.values["event"],
            date=directive.date,
            amount=given.number if given is not None else None,
            origin=directive.origin,
        )
    )


def _resolution(directive: Directive, records: Records) -> None:
    name = directive.text("id")
    if name in records.resolutions:
        first = records.resolutions[name].origin
        found = Phrase(
            "Resolution '{name}' is on file twice, first at line {line}.",
            name=name,
            line=first.line,
        )
        records.remark(
            directive, found, Phrase("Give each resolution an id of its own.")
        )
        return
    text = directive.text("text")
    records.resolutions[name] = Resolution(
        name, directive.date, text, directive.origin, directive.text("body")
    )


def _seal(directive: Directive, records: Records) -> None:
    year = year_in(directive.text("year"))
    if year is None:
        found = Phrase(
            "'coop-seal' takes a year, not '{given}'.", given=directive.text("year")
        )
        records.remark(directive, found, Phrase("Correct the directive."))
        return
    digest = directive.text("digest")
    records.seals.append(Seal(year, directive.date, digest, directive.origin))


def _rule(directive: Directive, records: Records) -> None:
    records.switches.append(
        RuleSwitch(
            rule=directive.text("rule"),
            is_off=directive.text("state") == "off",
            reason=directive.text("reason"),
            date=directive.date,
            origin=directive.origin,
        )
    )


def _filing(directive: Directive, records: Records) -> None:
    form, year = directive.text("form"), year_in(directive.text("year"))
    boxes = {k: v for k, v in directive.metadata.items() if isinstance(v, Decimal)}
    if year is None:
        found = Phrase(
            "'coop-filing' takes a year, not '{given}'.", given=directive.text("year")
        )
        records.remark(directive, found, Phrase("Correct the directive."))
        return
    problem = _wrong_filing(directive, FORMS[form], boxes)
    if problem:
        records.remark(directive, *problem)
        return
    records.filings.append(
        Filing(
            form=form,
            year=year,
            member=directive.text("member"),
            date=directive.date,
            origin=directive.origin,
            boxes=boxes,
            is_specified=bool(directive.metadata.get("specified-cooperative")),
        )
    )


def _wrong_filing(
    directive: Directive, known: tuple[str, ...], boxes: Mapping[str, Decimal]
) -> Problem | None:
    """Say what is wrong with a filing's member or boxes, and what to do."""
    form = directive.text("form")
    is_patrons = form == PATRON_FORM
    if is_patrons != bool(directive.text("member")):
        if is_patrons:
            return Phrase("A {form} names no member.", form=form), Phrase(
                "Add the member's id after the year."
            )
        return Phrase("A {form} is the co-op's own.", form=form), Phrase(
            "Leave the member out."
        )
    for box, amount_ in boxes.items():
        if box not in known:
            listed = ", ".join(known) or Phrase("none")
            return Phrase("A {form} has no box '{box}'.", form=form, box=box), Phrase(
                "Its boxes are: {known}.", known=listed
            )
        if amount_ < 0:
            return Phrase(
                "The box '{box}' is {amount}.", box=box, amount=amount_
            ), Phrase("Write what was reported, or 0.")
    return None


_READERS: dict[str, Callable[[Directive, Records], None]] = {
    "coop-enterprise": _enterprise,
    "coop-policy": _policy,
    "coop-parameter": _parameter,
    "coop-account": _account,
    "coop-patronage": _patronage,
    "coop-member": read_member,
    "coop-refund": _refund,
    "coop-resolution": _resolution,
    "coop-seal": _seal,
    "coop-rule": _rule,
    "coop-filing": _filing,
}
