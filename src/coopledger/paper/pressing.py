"""A page from a template: a single file that asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from coopledger.domain.words import seen
from coopledger.services import titles
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from coopledger.services.wording import Wording


class Press:
    """Makes pages of one co-op, all in the same language and style.

    Attributes:
        title: The co-op's title, at the foot of each printed page.
        say: Says texts, amounts and days in the pages' language.
    """

    def __init__(self, title: str, language: str) -> None:
        self.title = title
        self.say: Wording = wording_of(language)
        self._jinja = Environment(
            auto_reload=False,
            autoescape=True,
            finalize=_visible,
            loader=PackageLoader(__package__),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )

    @cached_property
    def _style(self) -> str:
        source = self._jinja.get_template("statement.css")
        return source.render(title=_css_text(self.title))

    @cached_property
    def _of_style(self) -> str:
        return _fingerprint(self._style)

    def page(self, template: str, language: str = "", **values: object) -> str:
        """Return a template as HTML, with what a page says of its member.

        Args:
            template: Name of the template.
            language: The reader's own language, where it is another one; "" otherwise.
            values: What it is filled with, besides title, style and wording.
        """
        return self._jinja.get_template(template).render(
            of_style=self._of_style,
            style=Markup(self._style),  # noqa: S704 - ours, and the title is escaped
            t=wording_of(language) if language else self.say,
            title=self.title,
            titles=titles,
            **values,
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
