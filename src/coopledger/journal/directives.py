"""Typed readers of the cooperative directives: a closed vocabulary.

Everything cooperative in a book is a ``custom`` directive whose type begins with
``coop-`` or a metadata key that does.  A word that is not known here is a remark that
offers the nearest known one: a typo must never switch a rule off.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from decimal import InvalidOperation
from typing import TYPE_CHECKING
from typing import Any

from beancount.parser import printer

from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.domain.words import has_unseen
from coopledger.domain.words import seen
from coopledger.errors import offer_nearest
from coopledger.errors import only_near
from coopledger.journal.spelling import as_ours
from coopledger.journal.spelling import is_meant
from coopledger.journal.vocabulary import DIRECTIVES
from coopledger.journal.vocabulary import METADATA
from coopledger.journal.vocabulary import OWN_KEYS
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping

    from beancount.core import data

    from coopledger.journal.vocabulary import Form

_TYPES = frozenset(DIRECTIVES)
_KEYS = frozenset(METADATA)

#: Numbers among them that count something, and so are whole and above zero.
_COUNTS = frozenset({"coop-instalments", "coop-every"})
#: The most that anybody counts: a payment each month for a hundred years.
_MOST = 1200


@dataclass(frozen=True, slots=True)
class Directive:
    """A cooperative directive whose form is right.

    Attributes:
        type: Type, such as ``coop-member``.
        date: Date.
        values: Argument by name; optional ones that were left out are missing.
        metadata: Metadata by key.
        origin: Where it stands.
    """

    type: str
    date: datetime.date
    values: Mapping[str, Any]
    metadata: Mapping[str, Any]
    origin: Origin

    def text(self, name: str) -> str:
        """Return an argument or a metadata value as text, or ""."""
        return str(self.values.get(name, self.metadata.get(name, "")))


def origin_of(meta: data.Meta) -> Origin:
    """Return where something stands."""
    return Origin(meta.get("filename", ""), meta.get("lineno", 0))


def is_cooperative(entry: data.Custom) -> bool:
    """Say whether a custom directive is ours, or was meant to be."""
    return is_meant(entry.type, _TYPES)


def is_ours(key: str) -> bool:
    """Say whether a metadata key is ours, or was meant to be."""
    return is_meant(key, _KEYS)


def read_directive(entry: data.Custom) -> tuple[Directive | None, list[Remark]]:
    """Read one custom directive that is ours.

    Returns:
        The directive, or None when its form is wrong, and the remarks on it.
    """
    form = DIRECTIVES.get(entry.type)
    if form is None:
        return None, [
            _remark(
                entry,
                Phrase(
                    "There is no directive '{directive}'{nearest}",
                    directive=entry.type,
                    nearest=offer_nearest(as_ours(entry.type), DIRECTIVES),
                ),
                _respelt(entry, type=only_near(as_ours(entry.type), DIRECTIVES)),
            )
        ]
    given = [_plain(value) for value in entry.values or []]
    values = {name: v for (name, _), v in zip(form.arguments, given, strict=False)}
    metadata = {
        key: value
        for key, value in entry.meta.items()
        if key not in OWN_KEYS and not key.startswith("__")
    }
    wrong = [
        *_wrong_count(entry, form, given),
        *_wrong_arguments(entry, form, values),
        *_wrong_metadata(entry, form, metadata),
        *_wrong_words(entry, form, {**metadata, **values}),
    ]
    # A text that cannot be printed as it stands takes nobody out of the register.
    odd = [*_wrong_texts(entry, {**metadata, **values})]
    if wrong:
        return None, [*wrong, *odd]
    return Directive(
        entry.type, entry.date, values, metadata, origin_of(entry.meta)
    ), odd


def _respelt(entry: data.Custom, **changes: Any) -> str:
    """Write a directive anew with some of it changed, unless to nothing."""
    if not all(changes.values()):
        return ""
    return str(printer.format_entry(entry._replace(**changes)))


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _wrong_count(entry: data.Custom, form: Form, given: list[Any]) -> Iterator[Remark]:
    most = len(form.arguments)
    if not most - form.optional <= len(given) <= most:
        names = ", ".join(name for name, _ in form.arguments)
        yield _remark(
            entry,
            Phrase(
                "'{directive}' takes {most} arguments ({names}), not {given}.",
                directive=entry.type,
                most=most,
                names=names,
                given=len(given),
            ),
        )


def _wrong_arguments(
    entry: data.Custom, form: Form, values: Mapping[str, Any]
) -> Iterator[Remark]:
    for name, (expected, words) in form.arguments:
        if name not in values:
            continue
        value = values[name]
        is_empty = isinstance(value, str) and not value
        if is_empty or not isinstance(value, expected):
            shown = Phrase("nothing") if is_empty else str(value)
            yield _remark(
                entry,
                Phrase(
                    "'{directive}' takes {words} as its {name}, not {value}.",
                    directive=entry.type,
                    words=words,
                    name=name,
                    value=shown,
                ),
            )


def _wrong_metadata(
    entry: data.Custom, form: Form, metadata: Mapping[str, Any]
) -> Iterator[Remark]:
    for key, value in metadata.items():
        if key not in form.metadata:
            known = offer_nearest(key, form.metadata)
            yield _remark(
                entry,
                Phrase(
                    "'{directive}' has no metadata '{key}'{known}",
                    directive=entry.type,
                    key=key,
                    known=known,
                ),
                _respelt(entry, meta=_renamed(entry.meta, key, form.metadata)),
            )
        elif not isinstance(value, form.metadata[key][0]):
            words = form.metadata[key][1]
            yield _remark(
                entry,
                Phrase(
                    "'{key}' takes {words}, not {value}.",
                    key=key,
                    words=words,
                    value=str(value),
                ),
            )


def _renamed(meta: data.Meta, key: str, known: Collection[str]) -> data.Meta:
    """Return metadata with a key spelt as it must have been meant, or nothing."""
    meant = only_near(key, known)
    if not meant or meant in meta:
        return {}
    return {meant if name == key else name: value for name, value in meta.items()}


def _wrong_words(
    entry: data.Custom, form: Form, given: Mapping[str, Any]
) -> Iterator[Remark]:
    for name, known in form.words.items():
        word = given.get(name)
        if isinstance(word, str) and word not in known:
            yield _remark(
                entry,
                Phrase(
                    "There is no {name} '{word}'{nearest}",
                    name=name,
                    word=word,
                    nearest=offer_nearest(word, known),
                ),
            )


def _wrong_texts(entry: data.Custom, given: Mapping[str, Any]) -> Iterator[Remark]:
    """Find texts that would steer a terminal, or that are several lines."""
    for name, text in given.items():
        if isinstance(text, str) and has_unseen(text):
            yield _remark(
                entry,
                Phrase(
                    "The {name} '{text}' has characters that cannot be seen.",
                    name=name,
                    text=seen(text),
                ),
            )


def _remark(entry: data.Custom, found: Phrase, suggestion: str = "") -> Remark:
    return Remark(
        about="vocabulary",
        found=found,
        fix=Phrase("Correct the directive."),
        origin=origin_of(entry.meta),
        date=entry.date,
        suggestion=suggestion,
    )


def wrong_metadata(meta: data.Meta, date: datetime.date, at: Origin) -> list[Remark]:
    """Check the cooperative metadata of a transaction, a posting or an open.

    Args:
        meta: The metadata.
        date: Date of the entry.
        at: Where it stands.

    Returns:
        A remark for each unknown key, wrong type or unknown word.
    """
    found = [_wrong_key(key, value) for key, value in meta.items() if is_ours(key)]
    fix = Phrase("Correct the metadata.")
    return [Remark("vocabulary", text, fix, at, date) for text in found if text]


def _wrong_key(key: str, value: object) -> Phrase | None:
    if key not in METADATA:
        return Phrase(
            "There is no metadata '{key}'{nearest}",
            key=key,
            nearest=offer_nearest(as_ours(key), METADATA),
        )
    (expected, words), known = METADATA[key]
    if key == "coop-year":
        found = Phrase("'coop-year' takes a year, not {value}.", value=str(value))
        return None if year_in(value) else found
    if not isinstance(value, expected):
        return Phrase(
            "'{key}' takes {words}, not {value}.",
            key=key,
            words=words,
            value=str(value),
        )
    if known and value not in known:
        return Phrase(
            "There is no {key} '{value}'{nearest}",
            key=key,
            value=str(value),
            nearest=offer_nearest(str(value), known),
        )
    if isinstance(value, Decimal) and not _is_possible(key, value):
        words = (
            Phrase("whole number from 1 to {most}", most=_MOST)
            if key in _COUNTS
            else Phrase("number above 0")
        )
        return Phrase(
            "'{key}' takes a {words}, not {value}.",
            key=key,
            words=words,
            value=str(value),
        )
    return None


def _is_possible(key: str, number: Decimal) -> bool:
    is_count = number <= _MOST and number == number.to_integral_value()
    return number > 0 and (is_count or key not in _COUNTS)


def year_in(value: object) -> int | None:
    """Read a fiscal year, which may be written ``"2025"`` or ``2025``."""
    text = str(value)
    # Other scripts have digits of their own, and powers count as digits too.
    is_year = text.isascii() and text.isdigit() and len(text) == len("2025")
    return int(text) if is_year else None


def is_number(text: str) -> bool:
    """Say whether a text would be a number without its quotes."""
    try:
        return text.isascii() and Decimal(text).is_finite()
    except InvalidOperation:
        return False


def number_in(value: object) -> Decimal | None:
    """Read a number; an amount is none."""
    return value if isinstance(value, Decimal) else None
