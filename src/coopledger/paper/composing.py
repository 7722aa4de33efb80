"""One member's statement as a page: a single file that asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from coopledger.domain.words import seen
from coopledger.services import titles
from coopledger.services.confiding import Confidence
from coopledger.services.parting import parting_of
from coopledger.services.showing import account_of
from coopledger.services.wording import wording_of

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
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    language: str = "en"
    contact: str = ""


class Composer:
    """Makes the pages of one book's members, all in the same words and period.

    Attributes:
        wishes: Period, language, and whom to ask.
    """

    def __init__(self, book: Book, wishes: Wishes) -> None:
        self.wishes = wishes
        self._book = book
        self._say = wording_of(wishes.language)
        self._jinja = Environment(
            auto_reload=False,
            autoescape=True,
            finalize=_visible,
            loader=PackageLoader(__package__),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )

    @property
    def books(self) -> Books:
        """The book as data."""
        return self._book.case.books

    @cached_property
    def _confidence(self) -> Confidence:
        return Confidence.of(self.books)

    @cached_property
    def _style(self) -> str:
        """The style, with the co-op's title at the foot of each printed page."""
        source = self._jinja.get_template("statement.css")
        return source.render(title=_css_text(self.books.title))

    @cached_property
    def _of_style(self) -> str:
        return _fingerprint(self._style)

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
        return self._jinja.get_template("statement.html").render(
            account=account,
            columns=titles.columns_of(statement.line),
            contact=self.wishes.contact,
            currency=self.books.currency,
            of_style=self._of_style,
            parting=parting_of(self._book.case, statement),
            standing=titles.standing_of(statement.membership),
            statement=statement,
            style=Markup(self._style),  # noqa: S704 - ours, and the title is escaped
            t=self._say,
            texts=tuple(map(self._confidence.text_of, movements)),
            title=self.books.title,
            titles=titles,
        )


def _visible(value: object) -> object:
    """Write out what steers and shows nothing, in whatever a page prints."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return seen(str(value)) if is_plain else value


def _css_text(text: str) -> Markup:
    """Return a text as a string of a style, everything but plain letters escaped."""
    escaped = (
        one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}"
        for one in seen(text)
    )
    return Markup('"{}"').format(Markup("".join(escaped)))  # noqa: S704


def _fingerprint(style: str) -> str:
    """Return what allows this style and no other one on a page."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
