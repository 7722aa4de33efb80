"""Fava's own test client over one book, and its pages read as a person reads them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import Self

from fava.application import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

SLUG = "/test-co-op"
PAGE = f"{SLUG}/extension/CapitalAccounts/"


class Office(NamedTuple):
    """Fava over one book, asked without a network."""

    client: FlaskClient

    @classmethod
    def over(cls, book: Path, *, read_only: bool = False) -> Self:
        """Open Fava over a book."""
        app = create_app([str(book)], load=True, read_only=read_only, poll_watcher=True)
        app.testing = True
        return cls(app.test_client())

    def page(self, name: str = "CapitalAccounts", **query: str) -> str:
        """Return the HTML of a page of ours, without Fava's frame."""
        whole = self.page_whole(name, **query)
        return whole.partition("<article>")[2].partition("</article>")[0]

    def page_whole(self, name: str = "CapitalAccounts", **query: str) -> str:
        """Return the HTML of a page of ours, with all that Fava puts around it."""
        answer = self.client.get(f"{SLUG}/extension/{name}/", query_string=query)
        assert answer.status_code == 200
        return answer.text

    def json(
        self,
        endpoint: str,
        *,
        page: str = "CapitalAccounts",
        status: int = 200,
        **query: str,
    ) -> Any:
        """Return the JSON of one of a page's endpoints."""
        address = f"{SLUG}/extension/{page}/{endpoint}"
        answer = self.client.get(address, query_string=query)
        assert answer.status_code == status
        return answer.json

    def listing(self, **query: str) -> dict[str, dict[str, str]]:
        """Return the list as cells by member and column."""
        head, *rows = tables_in(self.page(**query))[0]
        return {row[0]: dict(zip(head, row, strict=True)) for row in rows}

    def statement(self, member: str, **query: str) -> list[list[str]]:
        """Return the rows of a member's statement, the heading left out."""
        return statement_in(self.page(member=member, **query))[1:]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.is_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        if self.is_cell:
            self.tables[-1][-1][-1] += data.strip()


def tables_in(html: str) -> list[list[list[str]]]:
    """Return all tables of a page as rows of cells."""
    parser = _Tables()
    parser.feed(html)
    return parser.tables


def table_called(page: str, caption: str) -> list[list[str]]:
    """Return the rows of the table with a caption."""
    _, found, rest = page.partition(f"<caption>{caption}</caption>")
    assert found, caption
    return tables_in(f"<table>{rest.partition('</table>')[0]}</table>")[0]


def statement_in(page: str) -> list[list[str]]:
    """Return the rows of the statement on a member's page."""
    return next(table for table in tables_in(page) if table[0][0] == "Date")


def text_of(html: str) -> str:
    """Return a page's text with single spaces, without tags and scripts."""
    bare = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", " ", html)
    return " ".join(bare.split())
