"""Members: who joined when, and who left, as lines of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.members import ENDINGS
from coopledger.journal.enrolling import is_component
from coopledger.journal.planning import quoted
from coopledger.services.importing.people import People
from coopledger.services.importing.records import CHANGED
from coopledger.services.importing.records import Fact
from coopledger.services.importing.records import Outcome
from coopledger.services.importing.words import compared

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.domain.members import MemberEvent
    from coopledger.journal.loading import Book
    from coopledger.services.importing.records import Record
    from coopledger.services.importing.records import Trouble

HEADS = ("member", "name", "class", "joined", "left")


class _Line(NamedTuple):
    """A line of the register to be."""

    date: datetime.date
    member: str
    text: str


def members_of(book: Book, records: Iterable[Record]) -> Outcome:
    """Turn rows into lines of the register; lines that stand there are known."""
    enrolling = _Enrolling(book)
    outcome = Outcome(HEADS, [], [])
    lines: list[_Line] = []
    for record in records:
        member = enrolling.id_of(record)
        troubles = list(enrolling.troubles(member, record))
        if troubles:
            outcome.troubles += troubles
            continue
        new = list(enrolling.lines(member, record))
        lines += new
        words = (member, *map(record.get, HEADS[1:]))
        outcome.facts.append(Fact(record.row, words, not new))
    lines.sort()
    outcome.text = "".join(line.text for line in lines)
    outcome.until = max((line.date for line in lines), default=None)
    return outcome


class _Enrolling:
    """Compares rows with the register of a book."""

    def __init__(self, book: Book) -> None:
        self._policy = book.case.policy
        self._register = book.case.books.register
        self._people = People(self._register)
        self._persons = self._register.people()
        #: The row that each member of the sheet stands in.
        self._rows: dict[str, int] = {}
        #: The row in which each new person stands, by what they are known by.
        self._new: dict[str, int] = {}

    def id_of(self, record: Record) -> str:
        """Return the id that a row gives, or one that is made of its name."""
        told, name = record.get("member"), record.get("name")
        if told:
            return str(told)
        same = self._people.named(name)
        return same[0] if len(same) == 1 else _made_of(name)

    def troubles(self, member: str, record: Record) -> Iterator[Trouble]:
        """Say what is wrong with a row, taken by itself and with the book."""
        joined, left = record.get("joined"), record.get("left")
        if not is_component(member):
            yield record.trouble(
                "member" if record.get("member") else "name",
                "makes no id, which is a part of account names",
                "Give an id that begins with a capital and has letters, digits and "
                "hyphens only.",
            )
            return
        if member in self._rows:
            yield record.trouble(
                "member" if record.get("member") else "name",
                f"gives the id '{member}', which row {self._rows[member]} has already",
                "Delete one of the rows, or give each of them an id of their own.",
            )
        self._rows.setdefault(member, record.row)
        if left and left < joined:
            yield record.trouble(
                "left", f"is before the first day, {joined}", "Correct one of the days."
            )
        if record.get("exit") and not left:
            yield record.trouble(
                "exit", "is said of somebody who has not left", "Say on which day."
            )
        events = self._register.events.get(member, [])
        if record.get("class") or not events:
            yield from self._class(record)
        if events:
            yield from self._contradictions(member, record, events)
        else:
            yield from self._namesakes(record)

    def _namesakes(self, record: Record) -> Iterator[Trouble]:
        """Say where a new member would be taken for somebody else of that name."""
        who = record.get("person") or record.get("name")
        others = self._persons.get(who, [])
        other = f"row {self._new[who]}" if who in self._new else ", ".join(others)
        if other:
            yield record.trouble(
                "name",
                f"is the name of {other} too, and one person has one membership",
                "Where they are two people, tell them apart in a column 'Person'.",
            )
        self._new.setdefault(who, record.row)

    def _class(self, record: Record) -> Iterator[Trouble]:
        """Say where a class is missing, or is none on that day."""
        classes = self._policy.classes_on(record.get("joined"))
        told = record.get("class")
        if (told in classes) if told else len(classes) < 2:
            return
        found = "is no class on that day" if told else "has no class"
        fix = f"Write one of: {', '.join(classes)}."
        if "class" not in record.columns:
            fix = f"Add a column 'Class'. {fix}"
        yield record.trouble("class", found, fix)

    def _contradictions(
        self, member: str, record: Record, events: list[MemberEvent]
    ) -> Iterator[Trouble]:
        """Say what the register says otherwise."""
        fix = CHANGED
        joins = [one for one in events if one.event == "join"]
        same = [one for one in joins if one.date == record.get("joined")]
        if joins and not same:
            days = ", ".join(str(one.date) for one in joins)
            yield record.trouble("joined", f"is not when {member} joined ({days})", fix)
            return
        names = {compared(one.name) for one in events if one.name} | {compared(member)}
        if compared(record.get("name")) not in names:
            name = self._register.name(member)
            yield record.trouble("name", f"is not the name of {member} ({name})", fix)
        if not same:
            return
        told, known = record.get("class"), same[0].member_class
        if told and told != known:
            yield record.trouble(
                "class", f"is not the class on that day ({known})", fix
            )
        left = record.get("left")
        endings = [one for one in events if one.event in ENDINGS]
        if left and endings and left not in {one.date for one in endings}:
            days = ", ".join(str(one.date) for one in endings)
            yield record.trouble("left", f"is not when {member} left ({days})", fix)
        consent = record.get("consent")
        if consent and consent not in {one.consent for one in events}:
            found = "is a consent that the register does not have"
            yield record.trouble("consent", found, "Add it to the register by hand.")

    def lines(self, member: str, record: Record) -> Iterator[_Line]:
        """Return the lines of the register that are not there yet."""
        events = self._register.events.get(member, [])
        if not any(one.event == "join" for one in events):
            yield self._join(member, record)
        left = record.get("left")
        if left and not any(one.event in ENDINGS for one in events):
            yield _leave(member, left, record.get("exit") or "")

    def _join(self, member: str, record: Record) -> _Line:
        joined, consent = record.get("joined"), record.get("consent")
        classes = self._policy.classes_on(joined)
        told = record.get("class") or next(iter(classes), "")
        text = (
            f'{joined} custom "coop-member" "{member}" "join"\n'
            f'  name: "{quoted(record.get("name"))}"\n'
        )
        text += f'  class: "{told}"\n' if told else ""
        person = record.get("person")
        text += f'  person: "{quoted(person)}"\n' if person else ""
        text += f"  consent: {consent}\n" if consent else ""
        return _Line(joined, member, text)


def _leave(member: str, left: datetime.date, kind: str) -> _Line:
    event = "die" if kind == "death" else "leave"
    text = f'{left} custom "coop-member" "{member}" "{event}"\n'
    text += f'  exit: "{kind}"\n' if kind and event == "leave" else ""
    return _Line(left, member, text)


def _made_of(name: str) -> str:
    """Make an id of a name: AnaRuiz of Ana Ruiz."""
    words = "".join(char if char.isalnum() else " " for char in name).split()
    return "".join(word[:1].upper() + word[1:] for word in words)
