"""What `docs/json.md` says of the pages' JSON, beside what the pages answer."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fava.application import create_app

from coopledger.services.founding import Founding
from coopledger.services.founding import found_coop

if TYPE_CHECKING:
    from tests.fava_ext.pages import Office

PAGE = Path(__file__).parents[2] / "docs" / "json.md"


def documented() -> dict[str, set[str]]:
    """Return the keys of each address, as the page lists them after its last colon."""
    _, _, chapter = PAGE.read_text("utf-8").partition("## The pages in Fava")
    rows = re.findall(r"^\| `([A-Z][^`]*)` \| (.*) \|$", chapter, re.MULTILINE)
    return {
        address: {*re.findall(r"`(\w+)`", keys.rpartition(": ")[2])}
        for address, keys in rows
    }


def test_each_endpoint_answers_with_the_keys_that_are_documented(
    office: Office,
) -> None:
    rows = documented()
    assert len(rows) == 6
    for address, keys in rows.items():
        endpoint = address.replace("ID", "Ana")
        answer = office.client.get(f"/test-co-op/extension/{endpoint}")
        assert set(answer.get_json()) == {"schema", *keys}


def test_every_endpoint_is_documented(office: Office) -> None:
    ledger = office.client.application.config["LEDGERS"].ledgers[0]
    there = {
        f"{name}/{endpoint}"
        for name in ("CapitalAccounts", "Distribution", "Register", "Rules")
        for endpoint, _ in ledger.extensions.get_extension(name).endpoints
    }
    assert there <= {address.partition("?")[0] for address in documented()}


def test_a_new_book_opens_at_the_accounts_of_the_last_two_years(
    tmp_path: Path,
) -> None:
    start = datetime.date(2024, 1, 1)
    new = Founding("new", "New", "us-worker-ica", "", start, {"Ana": "Ana Ruiz"})
    found_coop(tmp_path / "new", new)
    main = str(tmp_path / "new" / "main.beancount")
    client = create_app([main], load=True, poll_watcher=True).test_client()
    answer = client.get("/new/", follow_redirects=True)
    assert answer.request.path == "/new/extension/CapitalAccounts/"
    assert answer.request.args["time"] == "year-1 - year"
    assert 'role="alert"' not in answer.text
