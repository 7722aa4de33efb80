"""What goes wrong in use, as opposed to what is wrong in the books.

Wrong books are values (`coopledger.domain.findings.Finding`); wrong calls raise one of
the classes below.  Each class owns its sentence: what, where, why it matters, what to
do.  Faces print the sentence and exit with 2; nobody sees a traceback.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

#: How many known words a sentence lists when none is near.
_SHOWN = 8


def offer_nearest(word: str, known: Iterable[str]) -> str:
    """Offer the nearest known word, as the end of a sentence.

    Args:
        word: What was written.
        known: The words that exist.

    Returns:
        ``; did you mean 'x'?`` or the list of known words when nothing is near.
    """
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return Phrase("; did you mean '{near}'?", near=near[0])
    if not words:
        return "."
    more = ", ..." if len(words) > _SHOWN else ""
    return Phrase("; known are: {known}.", known=", ".join(words[:_SHOWN]) + more)


def only_near(word: str, known: Iterable[str]) -> str:
    """Return the one known word that can have been meant, or "" if not exactly one."""
    near = get_close_matches(word, list(known), n=2, cutoff=0.85)
    return near[0] if len(near) == 1 else ""


class CoopledgerError(Exception):
    """Something was asked for that cannot be done; the sentence says why."""

    @property
    def words(self) -> str:
        """The sentence, which may be a phrase."""
        sentence = self.args[0] if self.args else ""
        return sentence if isinstance(sentence, Phrase) else str(self)


class BookNotFoundError(CoopledgerError):
    """No book stands at the path that was given."""

    def __init__(self, path: str) -> None:
        """Name the path that was looked at."""
        sentence = Phrase(
            "No book at {path}: there is neither a Beancount file nor a folder with "
            "a main.beancount. Give the path of one with --book, or make a new one "
            "with 'coopledger new'.",
            path=path,
        )
        super().__init__(sentence)


class BookUnreadableError(CoopledgerError):
    """The text of a book cannot be parsed, so that no figure can be trusted."""

    def __init__(self, where: str, why: str, count: int) -> None:
        """Say where the first error stands and how many there are."""
        follow = Phrase(" ({count} more follow)", count=count - 1)
        more = Phrase(" (1 more follows)") if count == 2 else follow
        sentence = Phrase(
            "{where}: the book cannot be read: {why}{more}. Figures taken from an "
            "incomplete book would be wrong, so nothing was done; correct the line, "
            "then run the command again.",
            where=where,
            why=why,
            more=more if count > 1 else "",
        )
        super().__init__(sentence)


class ReaderFailedError(CoopledgerError):
    """The reader itself failed on a book, which is a mistake in the reader.

    Attributes:
        file: The file that it was reading.
        line: Where the directive stands that it was at, or 0.
    """

    def __init__(self, file: str, line: int, error: Exception) -> None:
        """Say where it happened, and what."""
        self.file = file
        self.line = line
        place = f"{file}:{line}" if line else file
        sentence = Phrase(
            "{place}: what is co-operative in this book could not be read "
            "({kind}: {error}). No rule was checked and no figure taken. If the line "
            "looks right, please report this with it.",
            place=place,
            kind=type(error).__name__,
            error=str(error),
        )
        super().__init__(sentence)


class SeveralBooksError(CoopledgerError):
    """A folder of several books was given where one book is needed."""

    def __init__(self, path: str, books: Iterable[str]) -> None:
        """List the books that could be meant."""
        super().__init__(
            f"{path} holds several books ({', '.join(books)}) and this command works "
            "on one: name it with --book."
        )


class NoPolicyError(CoopledgerError):
    """The book does not say which law and statutes govern it."""

    def __init__(self, book: str) -> None:
        """Name the book."""
        super().__init__(
            f"{book} has no coop-policy directive, so that nothing says which law "
            "and statutes govern it. Add a line such as: "
            '2024-01-01 custom "coop-policy" "us-worker-ica".'
        )


class PresetUnknownError(CoopledgerError):
    """There is no preset of that name."""

    def __init__(self, preset: str, known: Iterable[str]) -> None:
        """Offer the nearest preset."""
        sentence = Phrase(
            "There is no preset '{preset}'{nearest}",
            preset=preset,
            nearest=offer_nearest(preset, known),
        )
        super().__init__(sentence)


class PresetInvalidError(CoopledgerError):
    """A preset file breaks the format of presets."""

    def __init__(self, path: str, problems: Iterable[str]) -> None:
        """List all problems at once."""
        listed = "; ".join(problems)
        super().__init__(f"{path} is not a valid preset: {listed}.")


class RuleUnknownError(CoopledgerError):
    """There is no rule of that id."""

    def __init__(self, rule: str, known: Iterable[str]) -> None:
        """Offer the nearest id."""
        super().__init__(f"There is no rule '{rule}'{offer_nearest(rule, known)}")


class ParameterUnknownError(CoopledgerError):
    """The preset has no parameter of that name."""

    def __init__(self, name: str, preset: str, known: Iterable[str]) -> None:
        """Offer the nearest parameter."""
        sentence = Phrase(
            "Preset '{preset}' has no parameter '{name}'{known}",
            preset=preset,
            name=name,
            known=offer_nearest(name, known),
        )
        super().__init__(sentence)


class ParameterUndatedError(CoopledgerError):
    """A parameter was asked for on a day for which no value is recorded."""

    def __init__(
        self, name: str, on: datetime.date, first: datetime.date | None, where: str
    ) -> None:
        """Name the parameter, the first date that has a value, and the file."""
        known = (
            Phrase("its first value is of {first}", first=first)
            if first
            else Phrase("it has no value")
        )
        sentence = Phrase(
            "Parameter '{name}' has no value on {day}: {known} ({where}). A figure "
            "from another time would be a guess; record the value that was in force.",
            name=name,
            day=on,
            known=known,
            where=where,
        )
        super().__init__(sentence)


class ParameterUndecidedError(CoopledgerError):
    """The law leaves a figure to the co-op and the co-op has not decided it."""

    def __init__(self, name: str, on: datetime.date, title: str) -> None:
        """Say which directive decides it."""
        sentence = Phrase(
            "Parameter '{name}' is not decided for {day} ({title}) The law leaves it "
            "to the co-op: record the decision, for example "
            '{written} custom "coop-parameter" "{name}" VALUE, with its resolution.',
            name=name,
            day=on,
            title=title,
            written=on.isoformat(),
        )
        super().__init__(sentence)


class ParameterMistypedError(CoopledgerError):
    """A parameter's value is not of the kind that the parameter takes."""

    def __init__(self, misfit: Phrase, on: datetime.date) -> None:
        """Keep what does not fit as the beginning of the sentence."""
        sentence = Phrase(
            "{misfit} (value on {day}). Nothing is reckoned from a value that does "
            "not fit; correct the coop-parameter directive.",
            misfit=misfit,
            day=on,
        )
        super().__init__(sentence)


class MemberUnknownError(CoopledgerError):
    """Nobody of that id stands in the register."""

    def __init__(self, member: str, known: Iterable[str]) -> None:
        """Offer the nearest member id."""
        super().__init__(
            f"There is no member '{member}' in the register"
            f"{offer_nearest(member, known)}"
        )


class NobodyError(CoopledgerError):
    """Nobody of that id is in the register."""

    def __init__(self, member: str, known: Iterable[str]) -> None:
        """Quote the id, and offer the nearest one."""
        near = get_close_matches(member, known, n=1)
        super().__init__(
            Phrase(
                "There is no member '{member}' in the register; did you mean '{near}'?",
                member=member,
                near=near[0],
            )
            if near
            else Phrase(
                "There is no member '{member}' in the register of this book. Choose "
                "somebody from the list of all members.",
                member=member,
            )
        )


class ResolutionUnknownError(CoopledgerError):
    """No resolution of that id is on file."""

    def __init__(self, resolution: str, known: Iterable[str]) -> None:
        """Offer the nearest resolution."""
        super().__init__(
            f"No resolution '{resolution}' is on file"
            f"{offer_nearest(resolution, known)} A distribution needs one: record it "
            "with a coop-resolution directive first."
        )


class YearUnknownError(CoopledgerError):
    """The book does not reach a year."""

    def __init__(self, year: int, known: Iterable[int]) -> None:
        """List the years that the book has."""
        listed = ", ".join(str(label) for label in known) or "none"
        super().__init__(
            f"The book has no transactions in fiscal year {year}; its years: {listed}."
        )


class PatronageNegativeError(CoopledgerError):
    """A member took back more than they did, so that nothing can be divided."""

    def __init__(self, member: str, year: int) -> None:
        """Name the member and the year."""
        sentence = Phrase(
            "The patronage of {member} in fiscal year {year} is negative: more was "
            "taken back than recorded in it. Book what belongs to another year there.",
            member=member,
            year=year,
        )
        super().__init__(sentence)


class YearNotClosableError(CoopledgerError):
    """A year cannot be closed, for the reason given."""

    def __init__(self, year: int, why: str) -> None:
        """Keep the reason as the end of the sentence."""
        super().__init__(f"Fiscal year {year} cannot be closed: {why}")


class YearNotSealableError(CoopledgerError):
    """A year cannot be sealed, because it is still open."""

    def __init__(self, year: int) -> None:
        """Name the way out."""
        super().__init__(
            f"Fiscal year {year} cannot be sealed: its result is not distributed yet. "
            f"Close it first: coopledger close --year {year}."
        )


class ExitNotSettledError(CoopledgerError):
    """A leaver's account cannot be settled, for the reason given."""

    def __init__(self, member: str, why: str) -> None:
        """Keep the reason as the end of the sentence."""
        super().__init__(f"The account of {member} cannot be settled: {why}")


class NotRedeemableError(CoopledgerError):
    """Nothing can be redeemed, for the reason given."""

    def __init__(self, why: str) -> None:
        """Keep the reason as the end of the sentence."""
        super().__init__(f"Nothing can be redeemed: {why}")


class FileExistsAlreadyError(CoopledgerError):
    """A file would be overwritten."""

    def __init__(self, path: str) -> None:
        """Name the file and the way out."""
        super().__init__(
            f"{path} exists already and was left as it is; give --force to replace it."
        )
