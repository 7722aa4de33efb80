"""Directives of one day that say different things of the same.

Which of them holds would depend on the order of lines and files, which says nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.findings import Remark
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.domain.findings import Origin
    from coopledger.journal.directives import Directive

#: What a directive speaks of, by its type: of that it says one thing on one day.
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "coop-policy": (),
    "coop-parameter": ("name", "level", "enterprise"),
    "coop-patronage": ("basis",),
    "coop-rule": ("rule",),
}

#: What may be left out, and what it says then.
_DEFAULTS = {"level": "statutes", "measure": "amount", "weight": 1}

#: Why something was decided, which is no part of what was.
_REASONS = frozenset({"resolution", "reason"})


def contradictions(directives: Iterable[Directive]) -> Iterator[Remark]:
    """Return a remark for each directive that another one of its day contradicts."""
    first: dict[tuple[Any, ...], Directive] = {}
    for directive in directives:
        names = _SUBJECTS.get(directive.type)
        if names is None:
            continue
        said = _said(directive)
        subject = tuple(said.get(name) for name in names)
        other = first.setdefault((directive.type, directive.date, *subject), directive)
        if said != _said(other):
            words = [str(one) for one in subject if one is not None]
            yield _remark(directive, other, " ".join(words))


def _said(directive: Directive) -> dict[str, Any]:
    given = {**_DEFAULTS, **directive.metadata, **directive.values}
    return {name: value for name, value in given.items() if name not in _REASONS}


def _remark(directive: Directive, other: Directive, subject: str) -> Remark:
    of_what = Phrase(" of '{subject}'", subject=subject) if subject else ""
    return Remark(
        about="contradiction",
        found=Phrase(
            "Two '{directive}'{of_what} of {day} differ: {where} and this one, at "
            "line {line}.",
            directive=directive.type,
            of_what=of_what,
            day=directive.date,
            where=_place(other.origin, directive.origin),
            line=directive.origin.line,
        ),
        fix=Phrase(
            "Keep the one that was decided, or give each the date from which it holds."
        ),
        origin=directive.origin,
        date=directive.date,
    )


def _place(origin: Origin, seen_from: Origin) -> str:
    if origin.file == seen_from.file:
        return Phrase("line {line}", line=origin.line)
    return f"{Path(origin.file).name}:{origin.line}"
