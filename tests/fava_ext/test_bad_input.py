"""Whatever is asked for and whatever is in a book: a page, or one clear sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import SLUG
from tests.fava_ext.test_capital import WORKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fava_ext.pages import Office

    OfficeOver = Callable[[str], Office]

PAGES = ("CapitalAccounts", "Distribution", "Register", "Rules", "Solidarity")
ENDPOINTS = (
    "CapitalAccounts/members",
    "CapitalAccounts/statement",
    "Distribution/year",
    "Register/members",
    "Rules/findings",
    "Solidarity/transfers",
)
QUERIES = (
    {"time": "soon"},
    {"time": "0001"},
    {"time": "9999"},
    {"time": "9999-12-31"},
    {"time": "1900"},
    {"time": "2024 - 2020"},
    {"time": "year - 99999999999"},
    {"time": "FY0"},
    {"time": "\N{ARABIC-INDIC DIGIT TWO}024"},
    {"member": "x" * 5000},
    {"member": "<script>"},
    {"member": "{year}"},
    {"member": "\x00"},
    {"account": "((", "filter": "((", "time": ""},
    {"interval": "nonsense", "conversion": "nonsense"},
)

HEAD = """
option "title" "Test Co-op"
option "operating_currency" "USD"
2022-01-01 custom "fava-extension" "coopledger.fava_ext"
"""
POLICY = '2022-01-01 custom "coop-policy" "us-worker-ica"\n'
BOOKS = {
    "nothing": HEAD,
    "a law alone": HEAD + POLICY,
    "no law": re.sub('.*"coop-policy".*', "", BOOK),
    "an unknown law": BOOK.replace("us-worker-ica", "no-such-law"),
    "a line that is no Beancount": BOOK + "\n2024-13-01 nonsense\n",
    "members without a transaction": HEAD
    + POLICY
    + '2022-01-01 custom "coop-member" "Ana" "join"\n',
    "years far apart": BOOK
    + """
2200-01-01 * "Far"
  Assets:Bank   1.00 USD
  Income:Sales -1.00 USD
""",
    "a register out of order": BOOK.replace('"Bo" "join"', '"Bo" "resume"'),
    "braces everywhere": BOOK.replace("Ana Ruiz", "{name} {0} %s"),
    "a distribution of nothing": WORKED.replace("300.00 USD", "0.00 USD"),
    "another law in the middle": WORKED
    + '2022-07-01 custom "coop-policy" "uk-worker"\n',
}


def told(office: Office, page: str, query: dict[str, str]) -> str:
    answer = office.client.get(f"{SLUG}/extension/{page}", query_string=query)
    assert answer.status_code in {200, 404}, (page, query)
    return answer.text


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_a_bad_question_gets_a_page_or_a_sentence(
    office: Office, query: dict[str, str]
) -> None:
    for page in PAGES:
        answer = office.client.get(f"{SLUG}/extension/{page}/", query_string=query)
        assert answer.status_code == 200
        assert (
            "<script>"
            not in answer.text.partition("<article>")[2].partition("</article>")[0]
        )
    for endpoint in ENDPOINTS:
        text = told(office, endpoint, query)
        assert text.startswith("{")


@pytest.mark.parametrize("name", BOOKS)
def test_a_strange_book_gets_a_page_or_a_sentence(
    office_over: OfficeOver, name: str
) -> None:
    office = office_over(BOOKS[name])
    for query in ({}, {"time": "2022"}, {"time": "FY2024"}, {"member": "Ana"}):
        for page in PAGES:
            address = f"{SLUG}/extension/{page}/"
            answer = office.client.get(address, query_string=query)
            assert answer.status_code == 200, (page, query)
        for endpoint in ENDPOINTS:
            assert told(office, endpoint, query).startswith("{")
