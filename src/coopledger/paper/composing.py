"""One member's statement as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.paper.pressing import Press
from coopledger.services.telling import Teller

if TYPE_CHECKING:
    from coopledger.journal.loading import Book
    from coopledger.services.showing import MemberAccount
    from coopledger.services.telling import Wishes


class Composer(Teller):
    """Makes the pages of one book's members, all in the same words and period."""

    def __init__(self, book: Book, wishes: Wishes) -> None:
        super().__init__(book, wishes)
        self._press = Press(self.books.title, wishes.language)

    def page(self, account: MemberAccount) -> str:
        """Return a member's statement as HTML."""
        told = self.told(account)
        return self._press.page(
            "statement.html",
            told.language,
            told=told,
            account=account,
            statement=told.statement,
        )
