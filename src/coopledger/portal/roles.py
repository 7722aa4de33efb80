"""What each role may ask of Fava: a list of what is allowed, and nothing else.

Fava's own table of addresses says what an address means; an address that it does not
know, and one that is not listed here, does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.portal.people import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopledger.portal.people import Role

#: Reading one's own figures: nothing here writes, runs importers or reads files.
_OWN = frozenset(
    {
        "static",
        "index",
        "account",
        "holdings_by",
        "extension_report",
        "extension_endpoint",
        "extension_js_module",
        "help_page",
        "report balance_sheet",
        "report commodities",
        "report errors",
        "report events",
        "report holdings",
        "report income_statement",
        "report journal",
        "report query",
        "report statistics",
        "report trial_balance",
        "json_api.get_account_report",
        "json_api.get_balance_sheet",
        "json_api.get_changed",
        "json_api.get_commodities",
        "json_api.get_context",
        "json_api.get_errors",
        "json_api.get_events",
        "json_api.get_help",
        "json_api.get_income_statement",
        "json_api.get_journal",
        "json_api.get_journal_page",
        "json_api.get_ledger_data",
        "json_api.get_query",
        "json_api.get_statistics",
        "json_api.get_trial_balance",
    }
)

#: Reading everything, the text of the book and its documents with it.
_ALL = _OWN | {
    "document",
    "statement",
    "download_query",
    "report documents",
    "report editor",
    "report options",
    "json_api.get_documents",
    "json_api.get_narration_transaction",
    "json_api.get_narrations",
    "json_api.get_options",
    "json_api.get_payee_accounts",
    "json_api.get_payee_transaction",
    "json_api.get_source",
    "json_api.get_source_slice",
}

_ENTER = frozenset({"json_api.put_add_entries"})
#: Whoever writes the text of a book can make the server run anything.
_WRITE = _ENTER | {
    "json_api.delete_source_slice",
    "json_api.put_format_source",
    "json_api.put_source",
    "json_api.put_source_slice",
}

_READS: Mapping[Role, frozenset[str]] = {
    "member": _OWN,
    "bookkeeper": _ALL,
    "treasurer": _ALL,
    "auditor": _ALL,
    "administrator": _ALL,
}
_WRITES: Mapping[Role, frozenset[str]] = {
    "member": frozenset(),
    "bookkeeper": _ENTER,
    "treasurer": _ENTER,
    "auditor": frozenset(),
    "administrator": _WRITE,
}

#: What is polled all the time and says nothing about anybody.
UNLOGGED = frozenset({"static", "json_api.get_changed", "json_api.get_errors"})


def may(role: Role, method: str, endpoint: str, report: str = "") -> bool:
    """Say whether a role may ask for something.

    Args:
        role: The role.
        method: The method of the request.
        endpoint: What Fava calls the address.
        report: The report, where that is what is asked for.
    """
    name = f"report {report}" if endpoint == "report" else endpoint
    if method in {"GET", "HEAD"}:
        return name in _READS[role]
    return name in _WRITES[role]


def pages_of(role: Role) -> tuple[str, ...]:
    """Return the portal's own pages that a role has, beside its account."""
    own = {"auditor": ("log",), "administrator": ("people", "log")}
    return own.get(role, ())


#: What each role has no use for in Fava's pages, as a style.
_UNUSED = ("#export", "/import/")
_UNWRITTEN = ("#add-transaction",)
_UNREAD = ("/editor/", "/options/", "/documents/", "/errors/", "/events/")


def style_of(role: Role) -> str:
    """Return the style that leaves out what a role has no use for."""
    hidden = [*_UNUSED, *(() if _WRITES[role] else _UNWRITTEN)]
    chosen = []
    if role == "member":
        hidden += _UNREAD
        chosen = ["article a:is([href*='/editor'], [href*='/download-'])"]
    for link in hidden:
        if link.startswith("#"):
            # It may stand in a line with another one, and on small screens alone.
            chosen.append(f'a[href="{link}"]')
        else:
            chosen += [f'aside li:has(> a[href*="{link}"])', f'aside a[href*="{link}"]']
    return f"{', '.join(chosen)} {{ display: none }}\n"


STYLES = {f"/style/{role}.css": style_of(role) for role in ROLES}
