"""Templates of account names, as a book writes them: what can be right of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core import account

from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import OWED
from coopledger.domain.capital import ROOTS_BY_ROLE
from coopledger.errors import offer_nearest
from coopledger.journal.chart import PLACEHOLDERS
from coopledger.journal.chart import ROOTS
from coopledger.phrases import Phrase
from coopledger.phrases import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

#: Roles whose accounts are each somebody's in the register.
_OF_MEMBERS = CAPITAL | OWED | {"advance"}

#: What is wrong, and what to do.
Problem = tuple[Phrase, Phrase]


def template_problem(template: str, roots: Mapping[str, str]) -> Problem | None:
    """Say what is wrong with a template, and what to do; None where nothing is.

    Args:
        template: Account name with placeholders.
        roots: The book's name of each root account.
    """
    parts = template.split(":")
    known = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    unknown = [part for part in parts if _braced(part) and not is_placeholder(part)]
    if unknown:
        found = Phrase(
            "The template '{template}' has an unknown part {part}.",
            template=template,
            part=unknown[0],
        )
        return found, Phrase("Known are {known}.", known=known)
    if parts[0] not in {*roots, *roots.values()}:
        found = Phrase(
            "'{template}' stands under no root{nearest}",
            template=template,
            nearest=offer_nearest(parts[0], roots),
        )
        return found, Phrase("Correct the first part.")
    name = ":".join("X" if is_placeholder(part) else part for part in parts)
    if not account.is_valid(name):
        fix = Phrase(
            "Begin each part with a capital or a digit, and write letters, digits and "
            "hyphens, or one of {known}.",
            known=known,
        )
        return Phrase("'{template}' can be no account.", template=template), fix
    return None


def role_problem(role: str, template: str, roots: Mapping[str, str]) -> Problem | None:
    """Say why a role cannot have a template, and what to do; None where it can."""
    english = {own: root for root, own in roots.items()}
    written = template.partition(":")[0]
    root = written if written in ROOTS else english.get(written, written)
    right = ROOTS_BY_ROLE[role]
    if root not in right:
        found = Phrase(
            "'{template}' can be no account of the role '{role}', which stands under "
            "{roots}.",
            template=template,
            role=role,
            roots=one_of(sorted(right)),
        )
        fix = Phrase(
            "Write a template that begins with {roots}.", roots=one_of(sorted(right))
        )
        return found, fix
    if role in _OF_MEMBERS and "{member}" not in template:
        return (
            Phrase(
                "The template '{template}' names no member, and '{role}' is a "
                "member's.",
                template=template,
                role=role,
            ),
            Phrase("Write {{member}} where the member id stands."),
        )
    return None


def shared_templates(
    charts: Mapping[str, tuple[str, ...]], own: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the book's own templates that another role has too, with that role.

    Args:
        charts: All templates by role; new accounts are made by the last one.
        own: Role and template of each line of the book, written as in the chart.
    """
    return {
        (role, template): other
        for role, template in own
        for other, templates in charts.items()
        if other != role and templates[-1] == template
    }


def _braced(part: str) -> bool:
    return "{" in part or "}" in part


def is_placeholder(part: str) -> bool:
    """Say whether a part of a template stands for any name."""
    return part[:1] == "{" and part[-1:] == "}" and part[1:-1] in PLACEHOLDERS
