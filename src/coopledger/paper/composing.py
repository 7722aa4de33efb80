"""One member's statement as a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coopledger.paper.pressing import Press
from coopledger.services import titles
from coopledger.services.confiding import Confidence
from coopledger.services.parting import parting_of
from coopledger.services.showing import account_of

if TYPE_CHECKING:
    import datetime

    from coopledger.domain.books import Books
    from coopledger.journal.loading import Book
    from coopledger.services.showing import MemberAccount


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beside the members.

    Attributes:
        start: First day; None for the beginning.
        end: Last day; None for the book's last.
        language: Language or locale, such as ``es`` or ``es_ES``.
        contact: Whom members ask; "" where nobody is named.
        form: What the page becomes: ``html`` or ``pdf``.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    language: str = "en"
    contact: str = ""
    form: str = "html"


class Composer:
    """Makes the pages of one book's members, all in the same words and period.

    Attributes:
        wishes: Period, language, and whom to ask.
    """

    def __init__(self, book: Book, wishes: Wishes) -> None:
        self.wishes = wishes
        self._book = book
        self._press = Press(self.books.title, wishes.language)

    @property
    def books(self) -> Books:
        """The book as data."""
        return self._book.case.books

    @cached_property
    def _confidence(self) -> Confidence:
        return Confidence.of(self.books)

    def account(self, member: str) -> MemberAccount:
        """Return all figures of a member.

        Raises:
            MemberUnknownError: Nobody of that id is in the register.
        """
        return account_of(self._book, member, self.wishes.start, self.wishes.end)

    def page(self, account: MemberAccount) -> str:
        """Return a member's statement as HTML."""
        statement = account.statement
        movements = (row.movement for row in statement.rows)
        return self._press.page(
            "statement.html",
            self.books.register.language(statement.membership.member),
            account=account,
            columns=titles.columns_of(statement.line),
            contact=self.wishes.contact,
            currency=self.books.currency,
            parting=parting_of(self._book.case, statement),
            standing=titles.standing_of(statement.membership),
            statement=statement,
            texts=tuple(map(self._confidence.text_of, movements)),
        )
