"""A member sees nothing of any other: every address, every method, every variant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

from fava.application import CLIENT_SIDE_REPORTS
from fava.help import HELP_PAGES

from coopledger.portal.gate import FULL
from coopledger.portal.gate import MINE
from tests.portal.door import CANARIES
from tests.portal.door import Door

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
SLUGS = (MINE, FULL, "test-co-op", "m-bo", "M-Bo")
IDS = ("M-Ana", "M-Bo", "M-Cleo")

#: Every kind of statement, and every table that beanquery or we have.
QUERIES = (
    "SELECT *",
    "SELECT date, payee, narration, account, number, links, tags",
    "SELECT account, sum(position) GROUP BY account",
    "BALANCES",
    "JOURNAL 'Bo'",
    "JOURNAL",
    "PRINT",
    ".print",
    "run everybody",
    ".run",
    "run",
    ".explain SELECT 1",
    ".errors",
    ".set",
    ".tables",
    ".describe postings",
    ".history",
    ".reload",
    ".help",
    "CREATE TABLE x",
    "INSERT INTO x VALUES (1)",
)
TABLES = (
    "#accounts #balances #capital #closes #commodities #custom #documents #entries "
    "#errors #events #members #notes #opens #patronage #postings #prices #transactions"
)
FILTERS = (
    "?partial=true",
    "?account=Equity:Members:M-Bo:Contribution",
    "?filter=Bolivar",
    "?time=2022",
    "?conversion=units&interval=year",
    "?member=M-Bo",
    "?member=M-Bo&time=2023&partial=true",
)

#: Pages that exist for members and show them something, or the crawl proves nothing.
_SEEN = ("1250.19", "Anastasia")


def addresses(door: Door) -> Iterator[str]:
    """Return an address for everything that Fava and the portal have."""
    book = door.gate.full
    assert book is not None
    hashes = hashes_of(door)
    for rule in door.gate.fava.url_map.iter_rules():
        for slug in SLUGS:
            for words in filled(rule, hashes, slug):
                yield f"/books{words}"
    pages: Any = door.gate.pages
    for rule in pages.url_map.iter_rules():
        yield re.sub(r"<[^>]+>", "M-Bo", rule.rule)


def questions() -> list[str]:
    """Return every kind of statement, and a look into every table."""
    return [*QUERIES, *("SELECT * FROM " + table for table in TABLES.split())]  # noqa: S608


def filled(rule: Rule, hashes: list[str], slug: str) -> Iterator[str]:
    """Fill the parts of a rule that vary, with all that could be somebody else's."""
    values: dict[str, list[str]] = {
        "bfile": [slug],
        "name": [f"Equity:Members:{one}:Contribution" for one in IDS] + ["Assets:Bank"],
        "report_name": [*CLIENT_SIDE_REPORTS, "nothing"],
        "extension_name": ["CapitalAccounts", "Other"],
        "endpoint": ["members", "statement", "capital"],
        "aggregation_key": ["account", "currency"],
        "page_slug": list(HELP_PAGES)[:2],
        "result_format": ["csv"],
        "filename": ["app.js", "../../../etc/passwd"],
    }
    found = [rule.rule]
    for part in re.findall(r"<[^>]+>", rule.rule):
        name = part.strip("<>").rpartition(":")[2]
        found = [one.replace(part, quote(v)) for one in found for v in values[name]]
    asked = asked_of(rule.endpoint.rpartition(".")[2], hashes)
    for address in found:
        yield address
        yield from (f"{address}?{query}" for query in asked)


def asked_of(name: str, hashes: list[str]) -> list[str]:
    """Return what an endpoint can be asked for that could be somebody else's."""
    if name in {"get_context", "get_source_slice", "statement"}:
        return [f"entry_hash={one}&key=name" for one in hashes]
    if name in {"get_query", "download_query"}:
        return [f"query_string={quote(one)}" for one in questions()]
    if name == "get_account_report":
        kinds = ("", "&r=journal", "&r=changes", "&r=balances")
        accounts = [f"a=Equity:Members:{one}:Contribution" for one in IDS]
        return [f"{account}{kind}" for account in accounts for kind in kinds]
    return {
        "get_payee_transaction": ["payee=Bolivar"],
        "get_payee_accounts": ["payee=Bolivar"],
        "get_narration_transaction": ["narration=Pays+his+contribution"],
        "get_journal_page": ["page=1&order=asc"],
        "get_source": [f"filename={quote(book_path())}"],
        "document": [f"filename={quote(book_path())}"],
    }.get(name, [])


def book_path() -> str:
    """Return a path that a visitor might guess."""
    return "/var/lib/coopledger/main.beancount"


def hashes_of(door: Door) -> list[str]:
    """Return how Fava names the transactions of the full book."""
    answer = door.browser("tess").get(f"/books/{FULL}/api/journal")
    return re.findall(r"\b[0-9a-f]{32}\b", answer.text)


def told_by(answer: TestResponse) -> str:
    """Return all that an answer says: body, headers and where it leads."""
    told = f"{answer.text}\n{answer.headers}".casefold().replace(",", "")
    answer.close()
    return told


def crawl(door: Door, name: str, methods: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Ask for everything; return what was asked and what was told."""
    visitor = door.browser(name)
    for address in dict.fromkeys(addresses(door)):
        if address == "/sign-out":
            continue
        for method in methods:
            answer = visitor.send(method, address)
            yield f"{method} {address} {answer.status_code}", told_by(answer)
        if "?" not in address:
            for query in FILTERS:
                answer = visitor.get(f"{address}{query}")
                yield f"GET {address}{query} {answer.status_code}", told_by(answer)


def canaries(*names: str) -> list[str]:
    """Return what is other members', in small letters."""
    return [word.casefold() for name in names for word in CANARIES[name]]


def bare(told: str, asked: str) -> str:
    """Leave out what only repeats the question."""
    for word in set(re.findall(r"[\w.-]+", asked.casefold())):
        if word in canaries(*CANARIES):
            told = told.replace(word, "")
    return told


def test_a_crawl_of_everything_shows_a_member_nothing_of_others(shared: Door) -> None:
    leaks, seen = [], 0
    for asked, told in crawl(shared, "ana", METHODS):
        told_more = bare(told, asked)
        leaks += [(asked, one) for one in canaries(*CANARIES) if one in told_more]
        seen += all(word.casefold() in told for word in _SEEN)
    assert leaks == []
    assert seen > 10, "the member's own figures have to be found somewhere"


def test_the_same_crawl_shows_a_treasurer_all_of_it(shared: Door) -> None:
    found: set[str] = set()
    for asked, told in crawl(shared, "tess", ("GET",)):
        if asked.endswith(" 200"):
            found |= {one for one in canaries(*CANARIES) if one in told}
    assert found >= {one for one in canaries(*CANARIES) if not one.isdigit()}


def test_a_crawl_without_signing_in_shows_nothing_of_anybody(shared: Door) -> None:
    visitor = shared.browser()
    for address in dict.fromkeys(addresses(shared)):
        told = told_by(visitor.get(address))
        assert not [one for one in canaries("bo") if one in bare(told, address)]
        assert "1250.19" not in told


def test_a_members_own_figures_are_there(shared: Door) -> None:
    visitor = shared.browser("ana")
    told = visitor.get(f"/books/{MINE}/api/journal").text
    for own in ("1250.19", "70.24", "777.13", "Pays her contribution"):
        assert own in told


def test_what_a_text_says_of_others_is_replaced(shared: Door) -> None:
    told = shared.browser("ana").get(f"/books/{MINE}/api/journal").text
    assert "11.07" in told
    assert "gift" not in told
