"""The page *Solidarity*: over one book, and over a federation's books together."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fava.application import create_app

from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.sharing import share_year
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import table_called
from tests.fava_ext.pages import text_of
from tests.fava_ext.test_capital import WORKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.fava_ext.pages import Office

LEDGER = Path(__file__).parents[2] / "ledger"
AGREE = "both books agree"


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the demonstration federation, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(LEDGER, tmp_path / "ledger")
    return tmp_path / "ledger"


def over(book: Path) -> FlaskClient:
    """Open Fava over a book."""
    app = create_app([str(book / "main.beancount")], load=True, poll_watcher=True)
    return app.test_client()


def page_of(client: FlaskClient, slug: str, **query: str) -> str:
    address = f"/{slug}/extension/Solidarity/"
    answer = client.get(address, query_string={"partial": "true", **query})
    assert answer.status_code == 200
    return answer.text


def test_the_federation_shows_what_its_fund_took_and_gave(books: Path) -> None:
    page = page_of(over(books / "federation"), "federation", time="2025")
    assert table_called(page, "Funds")[1] == [
        "Mutual",
        "11,192.00",
        "2,018.00",
        "5,000.00",
        "8,210.00",
    ]


def test_each_enterprise_has_its_place_in_the_pool(books: Path) -> None:
    page = page_of(over(books / "nubias-cafe"), "nubias-cafe", time="2025")
    pool = share_year(gather(books / "federation"), 2025).of_kind("pool")[0]
    shown = {row[0]: row[-1] for row in table_called(page, pool.step.title)[1:]}
    assert shown == {name: f"{net:,}" for name, net in pool.nets.items()}
    assert sum(Decimal(one.replace(",", "")) for one in shown.values()) == 0


def test_transfers_that_both_books_tell_alike_are_matched(books: Path) -> None:
    page = page_of(over(books / "federation"), "federation")
    rows = table_called(page, "Transfers")[1:]
    check = check_federation(gather(books / "federation"))
    assert len(rows) == len(check.pairing.matched)
    assert {row[-1] for row in rows} == {AGREE}


def test_a_transfer_that_the_other_book_tells_otherwise_is_not(books: Path) -> None:
    client = over(books / "federation")
    assert "do not agree" not in page_of(client, "federation")
    other = books / "freedom-farms" / "2025.beancount"
    text = other.read_text("utf-8")
    assert "FED-2025-FF-01" in text
    other.write_text(text.replace("FED-2025-FF-01", "FED-2025-FF-99"), "utf-8")
    # The other book changed, and not the one that Fava watches.
    page = page_of(client, "federation")
    assert "the books do not agree" in text_of(page)


def test_what_the_other_book_says_is_said_in_the_readers_language(books: Path) -> None:
    own = books / "federation" / "2025.beancount"
    text = own.read_text("utf-8")
    assert "FED-2025-FF-01" in text
    own.write_text(text.replace("FED-2025-FF-01", "FED-2025-FF-99"), "utf-8")
    main = books / "federation" / "main.beancount"
    english = main.read_text("utf-8")
    spanish = english.replace('"language" "en"', '"language" "es"')
    main.write_text(spanish.replace('"en_US"', '"es_ES"'), "utf-8")
    page = page_of(over(books / "federation"), "federation")
    said = " ".join(text_of(page).split())
    assert re.search(
        r"los libros no coinciden: La transferencia «FED-2025-FF-99» "
        r"\((da|recibe) [\d.]+,\d\d USD\) no está en el libro de «freedom-farms»\.",
        said,
    )
    assert 'lang="en"' not in page


def test_a_page_is_kept_until_one_of_the_books_changes(books: Path) -> None:
    client = over(books / "federation")
    assert page_of(client, "federation") == page_of(client, "federation")
    main = books / "green-team" / "main.beancount"
    main.unlink()
    assert "No book at" in page_of(client, "federation")


def test_an_enterprise_alone_says_that_the_other_side_is_not_known(
    books: Path,
) -> None:
    main = books / "freedom-farms" / "main.beancount"
    lines = main.read_text("utf-8").replace(" \"{'federation': '../federation'}\"", "")
    main.write_text(lines, "utf-8")
    page = page_of(over(books / "freedom-farms"), "freedom-farms")
    assert "Name the federation&#39;s book" in page
    assert {row[-1] for row in table_called(page, "Transfers")[1:]} == {
        "not known here"
    }


def test_a_federation_that_is_not_there_gets_one_sentence(books: Path) -> None:
    main = books / "freedom-farms" / "main.beancount"
    text = main.read_text("utf-8").replace("'../federation'", "'../nowhere'")
    main.write_text(text, "utf-8")
    page = page_of(over(books / "freedom-farms"), "freedom-farms")
    assert "federation&#39;s books could not be read" in page
    assert page.count('role="alert"') == 1


def test_a_book_with_nothing_to_do_with_others_says_so(office: Office) -> None:
    page = office.page("Solidarity")
    assert "Nothing passed between this enterprise and others" in page


def test_the_json_tells_the_same(books: Path) -> None:
    client = over(books / "nubias-cafe")
    answer = client.get("/nubias-cafe/extension/Solidarity/transfers?time=2025")
    found = answer.get_json()
    assert found["enterprise"] == "nubias-cafe"
    assert {one["match"] for one in found["transfers"]} == {"matched"}
    assert [one["year"] for one in found["years"]] == [2025]


def test_a_bad_time_filter_gets_one_sentence(office: Office) -> None:
    assert "is no period" in office.page("Solidarity", time="soon")
    found = office.json("transfers", page="Solidarity", status=404, time="soon")
    assert "is no period" in found["error"]


def test_only_the_pages_that_a_book_names_are_there(
    office_over: Callable[[str], Office],
) -> None:
    line = '"fava-extension" "coopledger.fava_ext"'
    some = f"{line} \"{{'pages': ['CapitalAccounts', 'Rules']}}\""
    client = office_over(BOOK.replace(line, some)).client
    there = {
        name: client.get(f"/test-co-op/extension/{name}/").status_code
        for name in ("CapitalAccounts", "Rules", "Solidarity", "Register")
    }
    assert there == {
        "CapitalAccounts": 200,
        "Rules": 200,
        "Solidarity": 404,
        "Register": 404,
    }


def test_the_one_page_of_a_members_own_book_is_all_there_is(
    office_over: Callable[[str], Office],
) -> None:
    one = WORKED.replace('"coopledger.fava_ext"', '"coopledger.fava_ext.capital"')
    office = office_over(one)
    titles = re.findall(r'"report_title":([^,}]*)', office.page_whole(member="Ana"))
    assert sorted(titles) == ['"Capital accounts"', "null"]
    assert office.client.get(f"{SLUG}/extension/CooperativePage/").status_code == 404
    assert "extension/Distribution" not in office.page(member="Ana")


def test_without_the_page_of_members_their_names_are_no_links(
    office_over: Callable[[str], Office],
) -> None:
    line = '"fava-extension" "coopledger.fava_ext"'
    some = f"{line} \"{{'pages': ['Register', 'Distribution']}}\""
    office = office_over(WORKED.replace(line, some))
    for page in ("Register", "Distribution"):
        assert "extension/CapitalAccounts" not in office.page(page)
        assert "Ana Ruiz" in office.page(page)
