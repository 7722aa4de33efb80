"""What the guard in front of Fava lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from coopledger.fava_ext.guarding import Guard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIEnvironment

OWN = {"Host": "127.0.0.1:5000"}


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer everything."""
    del environ
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"books"]


@pytest.fixture
def client() -> Client:
    return Client(Guard(application, {"127.0.0.1:5000"}), Response)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_its_own_pages_and_typed_addresses_are_answered(
    client: Client, site: str
) -> None:
    answer = client.get("/", headers={**OWN, "Sec-Fetch-Site": site})
    assert (answer.status_code, answer.text) == (200, "books")


def test_a_program_that_is_no_browser_is_answered(client: Client) -> None:
    assert client.get("/", headers=OWN).text == "books"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_are_refused_in_plain_words(client: Client, site: str) -> None:
    answer = client.get("/", headers={**OWN, "Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "answers only to its own pages" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:5001", ""])
def test_another_name_for_this_machine_is_refused(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 403


def test_each_answer_forbids_scripts_that_are_not_favas(client: Client) -> None:
    policy = client.get("/", headers=OWN).headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "default-src 'none'" in policy
