"""Templates: an empty sheet for each kind of import, with what may be entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.services.importing.openings import components_of
from coopledger.services.importing.words import fields_of
from coopledger.services.importing.words import words
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    import datetime

    from coopledger.journal.loading import Book
    from coopledger.services.importing.words import Field
    from coopledger.services.importing.words import Kind


@dataclass(frozen=True, slots=True)
class Choices:
    """What a column's cells are chosen from: words, and what is said of each."""

    title: str
    words: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column to fill in.

    Attributes:
        title: Its heading.
        form: What its cells are.
        note: What to enter.
        ask: What is said where something else is entered; "" where all is possible.
        choices: What they are chosen from; None where they are free.
        width: Its width in characters.
    """

    title: str
    form: str
    note: str
    ask: str
    choices: Choices | None
    width: int


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook to fill in.

    Attributes:
        title: The book, and what is entered.
        name: The name of its sheet.
        lists: The name of the sheet of choices.
        intro: What to do, in one line.
        refused: The title of what is said where something else is entered.
        columns: Its columns.
        decimals: Decimals of the currency.
        dated: The day of the book that it was made from.
    """

    title: str
    name: str
    lists: str
    intro: str
    refused: str
    columns: tuple[Column, ...]
    decimals: int
    dated: datetime.date


def template_of(book: Book, kind: Kind, language: str = "") -> Template:
    """Return the template of a kind of import for a book.

    Args:
        book: The book: its members, classes and components can be chosen.
        kind: What is to be entered.
        language: Language of its headings; "" for that of the book's accounts.
    """
    books, told = book.case.books, words()
    day = last_day(books)
    spoken = book.case.policy.preset_on(day).language
    language = language or (spoken if spoken in told["totals"] else "en")
    texts = told["template"]
    name = told["kinds"][kind][language]
    return Template(
        title=f"{books.title}: {name}",
        name=name,
        lists=texts["lists"][language],
        intro=texts["intro"][language][kind],
        refused=texts["refused"][language],
        columns=tuple(
            _column(book, one, language, day)
            for one in fields_of(kind).values()
            if _is_asked(book, one, day)
        ),
        decimals=max(0, -int(books.unit.as_tuple().exponent)),
        dated=day,
    )


def _is_asked(book: Book, one: Field, day: datetime.date) -> bool:
    """Say whether a book has any use for a field."""
    if one.name == "factor":
        return any(basis.factor for basis in book.case.books.bases)
    if one.name == "consent":
        preset = book.case.policy.preset_on(day)
        return preset.parameter("patronage.consent") is not None
    return True


def _column(book: Book, one: Field, language: str, day: datetime.date) -> Column:
    texts = words()["template"]
    choices = _choices(book, one, language, day)
    title = one.headings[language][0]
    needed = f" ({texts['needed'][language]})" if one.is_needed else ""
    ask = texts["ask"]["list" if choices else one.form][language]
    width = {"text": 26, "member": 20}.get(one.form, 16)
    if choices:
        width = min(40, max(width, *(len(word) + 6 for word in choices.words)))
    return Column(
        title, one.form, f"{one.notes[language]}{needed}", ask, choices, width
    )


def _choices(
    book: Book, one: Field, language: str, day: datetime.date
) -> Choices | None:
    """Return what a column's cells are chosen from, if from anything."""
    member, name, class_, exit_, component = words()["template"]["ids"][language]
    register = book.case.books.register
    if one.form == "member" and register.ids:
        names = tuple(f"{name}: {register.name(id_)}" for id_ in register.ids)
        return Choices(member, register.ids, names)
    if one.form == "class":
        return _classes(book, class_, day)
    if one.form == "exit":
        told = words()["exits"]
        return Choices(exit_, tuple(own[language][0] for own in told.values()))
    if one.form == "component":
        told = words()["components"]
        roles = [role for role in told if role in components_of(book.chart)]
        return Choices(component, tuple(told[role][language][0] for role in roles))
    return None


def _classes(book: Book, title: str, day: datetime.date) -> Choices | None:
    """Return the classes of members, by title where each has one of its own."""
    classes = book.case.policy.classes_on(day)
    titles = [one.title for one in classes.values()]
    if len(set(titles)) == len(titles):
        return Choices(title, tuple(titles)) if titles else None
    return Choices(title, tuple(classes), tuple(titles))
