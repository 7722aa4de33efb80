"""The command line: ``coopledger``; one file for each group of commands.

Every command takes ``--book PATH`` (default: ``$COOPLEDGER_BOOK``, else ``ledger/``)
and exits with 0 when all is well, 1 when there are findings, 2 on wrong use.
"""

from __future__ import annotations

from decimal import InvalidOperation

import click

from coopledger.cli.grouping import Commands
from coopledger.domain.words import seen
from coopledger.errors import CoopledgerError

__all__ = ["main"]

WRONG_USE = 2


class _Sentence(click.ClickException):
    """Shows one sentence on standard error and exits with 2."""

    exit_code = WRONG_USE

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(f"coopledger: {seen(self.format_message())}", err=True)


class _Group(click.Group):
    """A group whose commands never show a traceback for wrong use."""

    def invoke(self, ctx: click.Context) -> object:
        """Turn our errors, and files that cannot be had, into one sentence."""
        try:
            return super().invoke(ctx)
        except CoopledgerError as error:
            raise _Sentence(str(error)) from None
        except InvalidOperation:
            sentence = "An amount in the book has too many digits to be exact."
            raise _Sentence(sentence) from None
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; click ends quietly.
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            sentence = f"{where}{error.strerror or error}."
            raise _Sentence(sentence) from None


#: Every command: module and name in it.
_COMMANDS = {
    "new": "founding:new",
    "check": "checking:check",
    "rules": "checking:rules",
    "law": "lawbook:law",
    "replay": "lawbook:replay",
    "compare-notices": "reckoning:compare_notices",
    "vectors": "reckoning:vectors",
    "members": "stating:members",
    "capital": "stating:capital",
    "statement": "stating:statement",
    "statements": "stating:statements",
    "notices": "notifying:notices",
    "schedule": "notifying:schedule",
    "reminders": "notifying:reminders",
    "tax": "taxing:tax",
    "tax-ids": "keeping:tax_ids",
    "accounts": "keeping:accounts",
    "payouts": "paying:payouts",
    "close": "closing:close",
    "seal": "closing:seal",
    "exit": "leaving:exit_",
    "redeem": "leaving:redeem",
    "template": "importing:template",
    "import": "importing:import_",
    "export": "sharing:export",
    "query": "sharing:query",
    "report": "reporting:report",
    "serve": "opening:serve",
    "users": "admitting:users",
    "federation": "federating:federation",
    "demo": "demonstrating:demo",
}


@click.group(
    "coopledger",
    cls=_Group,
    commands=Commands(_COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="coopledger", prog_name="coopledger")
def main() -> None:
    """Keep the books of co-operatives: record, check, close, distribute, look, export.

    Plugins check, commands propose, people decide.
    """
