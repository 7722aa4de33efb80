"""Fava's query page with questions only.

Fava's own shell can write files and open others, and all requests share its one
connection.  This one answers a question on a connection of its own and does nothing
else.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from typing import Any

from fava.core.query_shell import FavaBQLShell
from fava.core.query_shell import FavaShellError
from fava.core.query_shell import QueryNotFoundError

from coopledger.errors import CoopledgerError
from coopledger.journal.asking import WRONG_QUESTION
from coopledger.journal.asking import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fava.core import FavaLedger


class AskingShell(FavaBQLShell):
    """Answers questions about a ledger."""

    def __init__(self, ledger: FavaLedger) -> None:
        # The shell behind Fava's would open files and take commands; it never begins.
        self.ledger = ledger

    def run(self, entries: Sequence[Any], query: str) -> Any:
        """Answer a question, or the one that the book has under a name.

        Raises:
            FavaShellError: It is refused or makes no sense.
        """
        question = self._meant(query)
        try:
            return ask(entries, self.ledger.errors, self.ledger.options, question)
        except CoopledgerError as error:
            raise FavaShellError(str(error)) from None
        except WRONG_QUESTION as error:
            message = f"This query cannot be answered: {error}."
            raise FavaShellError(message) from None

    def _meant(self, query: str) -> str:
        words = query.strip().rstrip("; \t")
        if not words.startswith(("run ", ".run ")):
            return words
        try:
            _, *names = shlex.split(words)
        except ValueError:
            names = []
        stored = self.ledger.all_entries_by_type.Query
        for one in stored:
            if names == [one.name]:
                return one.query_string
        raise QueryNotFoundError(" ".join(names))
