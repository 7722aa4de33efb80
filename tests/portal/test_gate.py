"""What the gate lets through: each role, each address, and every attack on it."""

from __future__ import annotations

import gc
import hashlib
import html
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from typing import Any

import pytest
from fava.core import FavaLedger
from werkzeug.test import Client

from coopledger.portal import roles
from coopledger.portal.gate import FULL
from coopledger.portal.gate import LARGEST
from coopledger.portal.gate import MINE
from coopledger.portal.people import ROLES
from coopledger.portal.serving import Snapshot
from tests.portal.door import BASE
from tests.portal.door import HOST
from tests.portal.door import PEOPLE
from tests.portal.door import SENT
from tests.portal.door import Door
from tests.portal.door import door_to

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {role: name for name, role, _ in reversed(PEOPLE)}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
NOTHING = "There is nothing at this address."


def slug_of(role: str) -> str:
    return MINE if role == "member" else FULL


# --- the matrix -----------------------------------------------------------------------

#: Written out once more, so that a change of the list is seen by a second pair of eyes.
READ_BY_MEMBERS = {
    "static index account holdings_by extension_report extension_endpoint",
    "extension_js_module help_page",
}
NEVER_BY_MEMBERS = {
    "document",
    "statement",
    "download_query",
    "download_journal",
    "jump",
    "json_api.get_extract",
    "json_api.get_imports",
    "json_api.get_options",
    "json_api.get_source",
    "json_api.get_source_slice",
    "json_api.get_documents",
}
NEVER_BY_ANYBODY = {
    "download_journal",
    "jump",
    "json_api.get_extract",
    "json_api.get_imports",
    "json_api.put_move",
    "json_api.put_add_document",
    "json_api.put_attach_document",
    "json_api.put_upload_import_file",
    "json_api.delete_document",
}


@pytest.mark.parametrize("role", ROLES)
def test_each_address_of_fava_answers_a_role_as_the_list_says(
    shared: Door, role: Any
) -> None:
    visitor = shared.browser(NAMES[role])
    values = {
        "bfile": slug_of(role),
        "name": "Assets:Bank",
        "extension_name": "CapitalAccounts",
        "endpoint": "members",
        "aggregation_key": "account",
        "page_slug": "filters",
        "result_format": "csv",
        "filename": "app.css",
        "report_name": "journal",
    }
    for rule in shared.gate.fava.url_map.iter_rules():
        adapter = shared.gate.fava.url_map.bind("localhost")
        words = {name: values[name] for name in rule.arguments}
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            if method != "GET":
                continue
            address = adapter.build(rule.endpoint, words, method)
            answer = visitor.get(f"/books{address}")
            is_listed = roles.may(role, method, rule.endpoint, "journal")
            is_refused = NOTHING in answer.text or (
                answer.json == {"error": NOTHING} if answer.is_json else False
            )
            assert is_listed != is_refused, (role, address)
            answer.close()


@pytest.mark.parametrize("endpoint", sorted(NEVER_BY_MEMBERS | NEVER_BY_ANYBODY))
def test_what_reads_files_or_runs_programs_is_not_listed(endpoint: str) -> None:
    refused = ROLES if endpoint in NEVER_BY_ANYBODY else ROLES[:1]
    for role in refused:
        assert not any(roles.may(role, method, endpoint) for method in METHODS)


def test_reports_that_show_files_or_options_are_not_for_members() -> None:
    for report in ("editor", "import", "options", "documents"):
        assert not roles.may("member", "GET", "report", report)


@pytest.mark.parametrize("role", ROLES)
def test_writing_is_for_those_who_write(shared: Door, role: Any) -> None:
    visitor = shared.browser(NAMES[role])
    for rule in shared.gate.fava.url_map.iter_rules():
        for method in set(METHODS) - {"GET", "HEAD"}:
            is_listed = roles.may(role, method, rule.endpoint)
            assert not is_listed or role in {"bookkeeper", "treasurer", "administrator"}
            is_entering = rule.endpoint == "json_api.put_add_entries"
            assert not is_listed or is_entering or role == "administrator"
            is_other = method not in (rule.methods or ()) and "api" in rule.rule
            if not is_listed and not is_other and "<name>" not in rule.rule:
                address = rule.rule.replace("<bfile>", slug_of(role))
                answer = visitor.send(method, f"/books{address}")
                assert answer.status_code == 404, (role, method, address)
                answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_other_ledgers_do_not_exist(shared: Door, role: str) -> None:
    other = FULL if role == "member" else MINE
    for slug in (other, "test-co-op", "nothing"):
        answer = shared.browser(NAMES[role]).get(f"/books/{slug}/journal/")
        assert answer.status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_the_portals_own_pages_are_for_those_who_have_them(
    shared: Door, role: str
) -> None:
    visitor = shared.browser(NAMES[role])
    assert visitor.get("/account").status_code == 200
    for page, allowed in (("people", "administrator"), ("log", "auditor")):
        status = visitor.get(f"/{page}").status_code
        assert status == (200 if role in {allowed, "administrator"} else 404)


def test_nobody_sees_anything_before_signing_in(shared: Door) -> None:
    visitor = shared.browser()
    for path in ("/", "/books/", f"/books/{MINE}/journal/", "/account", "/people"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert visitor.get(f"/books/{MINE}/api/journal").status_code == 401
    assert visitor.send("PUT", f"/books/{FULL}/api/source").status_code == 401
    assert visitor.get("/books/static/app.css").status_code == 303
    style = visitor.get("/static/portal.css")
    assert style.status_code == 200
    style.close()


def test_an_address_without_its_last_slash_is_led_on(shared: Door) -> None:
    answer = shared.browser("ana").get(f"/books/{MINE}/journal?time=2022")
    assert answer.status_code == 308
    assert answer.location == f"/books/{MINE}/journal/?time=2022"


def test_members_begin_with_their_own_statement(shared: Door) -> None:
    visitor = shared.browser("ana")
    answer = visitor.get("/books/")
    statement = f"/books/{MINE}/extension/CapitalAccounts/?member=M-Ana"
    assert answer.location == statement
    page = visitor.get(statement)
    assert "1,261.26" in page.text
    assert page.status_code == 200
    assert "/style/member.css" in page.text


# --- every answer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/sign-in", "/account", f"/books/{MINE}/journal/", "/nothing", "/books/x"]
)
def test_every_answer_is_kept_by_nobody_and_runs_no_foreign_script(
    shared: Door, path: str
) -> None:
    headers = shared.browser("ana").get(path).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "script-src 'self' 'wasm-unsafe-eval';" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"]
    assert len(headers.getlist("Cache-Control")) == 1


def test_a_script_in_a_payee_is_refused_by_the_policy_alone(shared: Door) -> None:
    policy = shared.browser().get("/sign-in").headers["Content-Security-Policy"]
    scripts = policy.partition("script-src")[2].partition(";")[0]
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval'" not in scripts.replace("wasm-unsafe-eval", "")


# --- attacks --------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8443", "", f"x.{HOST}"])
def test_another_host_is_not_answered(shared: Door, host: str) -> None:
    client = Client(shared.gate)
    answer = client.get("/sign-in", headers={"Host": host}, base_url=BASE)
    assert answer.status_code == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_cannot_read_or_write(shared: Door, site: str) -> None:
    visitor = shared.browser("tess")
    for path in (f"/books/{FULL}/api/query?query_string=SELECT+1", "/account", "/log"):
        headers = {"Sec-Fetch-Site": site}
        assert visitor.get(path, headers=headers).status_code == 403
    headers = {"Sec-Fetch-Site": site, "Origin": "https://evil.example"}
    for path in ("/sign-out", "/sign-in", "/people"):
        assert visitor.send("POST", path, headers=headers).status_code == 403


def test_a_form_without_an_origin_or_with_another_one_is_refused(shared: Door) -> None:
    client = Client(shared.gate)
    for origin in ("https://evil.example", "null", f"http://{HOST}"):
        answer = client.post("/sign-in", base_url=BASE, headers={"Origin": origin})
        assert answer.status_code == 403
    assert client.post("/sign-in", base_url=BASE).status_code == 403


def test_a_page_with_another_origin_is_refused_even_where_nothing_else_is_said(
    shared: Door,
) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": ""}
    answer = shared.browser("ana").get("/account", headers=headers)
    assert answer.status_code == 403


def test_a_letter_may_link_to_signing_in_and_to_an_invitation(shared: Door) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    visitor = shared.browser("ana")
    assert visitor.get("/sign-in", headers=headers).status_code == 200
    assert visitor.get("/invitation/abc", headers=headers).status_code == 404
    assert visitor.get("/account", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/books/static/../../etc/passwd",
        "/books/static/..%2f..%2fetc/passwd",
        "/books/static/%2e%2e/%2e%2e/etc/passwd",
        "//books/mine/journal/",
        "/books/mine/..\\..\\x",
        "/books/mine/%00",
        "/static/../people.sqlite",
        "/books/./all/",
    ],
)
def test_no_path_leads_out(shared: Door, path: str) -> None:
    environ = {
        "PATH_INFO": path.replace("%2f", "/").replace("%2e", ".").replace("%00", "\0")
    }
    visitor = shared.browser("ana")
    answer = visitor.client.get(
        "/", base_url=BASE, headers=SENT, environ_overrides=environ
    )
    assert answer.status_code == 404


def test_too_much_at_once_is_refused_and_so_is_what_has_no_length(shared: Door) -> None:
    visitor = shared.browser("kim")
    path = f"/books/{FULL}/api/add_entries"
    assert visitor.send("PUT", path, data=b"x" * (LARGEST + 1)).status_code == 413
    answer = visitor.send(
        "PUT", path, environ_overrides={"wsgi.input_terminated": True}
    )
    assert answer.status_code == 411
    answer = visitor.send("PUT", path, environ_overrides={"CONTENT_LENGTH": "-1"})
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "query", ["account=(a%2B)%2B", "filter=(a|b)*c", "time=" + "1" * 400]
)
def test_filters_that_would_keep_the_server_busy_are_refused(
    shared: Door, query: str
) -> None:
    answer = shared.browser("ana").get(f"/books/{MINE}/api/journal?{query}")
    assert answer.status_code == 400


QUERIES = (
    ".output {out}",
    "CREATE TABLE x USING 'csv:{secret}'",
    ".run",
    ".reload",
    "PRINT",
)


@pytest.mark.parametrize("name", ["ana", "tess"])
@pytest.mark.parametrize("query", QUERIES)
def test_no_query_writes_or_reads_a_file(
    shared: Door, tmp_path: Path, query: str, name: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("number,word\n1,xyzzy\n", "utf-8")
    visitor = shared.browser(name)
    slug = MINE if name == "ana" else FULL
    text = query.format(secret=secret, out=tmp_path / "out")
    answer = visitor.get(
        f"/books/{slug}/api/query", query_string={"query_string": text}
    )
    assert answer.status_code == 500
    assert "xyzzy" not in answer.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv"]


def test_queries_at_the_same_moment_do_not_see_each_others_ledger(
    shared: Door,
) -> None:
    query = {"query_string": "SELECT account, payee WHERE account ~ 'Contribution'"}

    def ask(name: str) -> tuple[str, str]:
        slug = MINE if name in {"ana", "bo"} else FULL
        answer = shared.browser(name).get(
            f"/books/{slug}/api/query", query_string=query
        )
        return name, answer.text

    with ThreadPoolExecutor(8) as pool:
        for name, told in pool.map(ask, ["ana", "bo", "tess", "aud"] * 12):
            assert ("Anastasia" in told) == (name != "bo")
            assert ("Bolivar" in told) == (name != "ana")


def test_a_query_that_the_book_has_under_a_name_is_answered(shared: Door) -> None:
    visitor = shared.browser("tess")
    path = f"/books/{FULL}/api/query"
    answer = visitor.get(path, query_string={"query_string": "run everybody"})
    assert "Bolivar" in answer.text
    for words in ("run nothing", "run 'open"):
        answer = visitor.get(path, query_string={"query_string": words})
        assert answer.status_code == 500


# --- writing --------------------------------------------------------------------------

ENTRY = {
    "t": "Transaction",
    "date": "2024-05-01",
    "flag": "*",
    "payee": "Customers",
    "narration": "Eggs",
    "tags": [],
    "links": [],
    "meta": {},
    "postings": [
        {"account": "Assets:Bank", "amount": "5.00 USD"},
        {"account": "Income:Sales", "amount": "-5.00 USD"},
    ],
}


def test_a_bookkeeper_enters_and_the_next_reader_sees_it(
    door: Door, book: Path
) -> None:
    before = door.browser("tess").get(f"/books/{FULL}/api/journal").text
    path = f"/books/{FULL}/api/add_entries"
    answer = door.browser("kim").send("PUT", path, json={"entries": [ENTRY]})
    assert answer.status_code == 200
    assert '"Customers" "Eggs"' in book.read_text("utf-8")
    after = door.browser("tess").get(f"/books/{FULL}/api/journal").text
    assert "Eggs" in after
    assert "Eggs" not in before
    assert [e["what"] for e in door.log.events() if e["who"] == "kim"] == ["write"]


def test_the_log_says_what_was_entered_and_has_the_digest_of_all_of_it(
    door: Door, book: Path
) -> None:
    path = f"/books/{FULL}/api/add_entries"
    many = json.dumps({"entries": [ENTRY] * 20}).encode()
    headers = {"Content-Type": "application/json"}
    answer = door.browser("kim").send("PUT", path, data=many, headers=headers)
    assert answer.status_code == 200
    event = next(e for e in door.log.events() if e["who"] == "kim")
    assert event["sent"] == many.decode()[:2000]
    assert event["sent_digest"] == hashlib.sha256(many).hexdigest()
    assert book.read_text("utf-8").count('"Customers" "Eggs"') == 20
    log = html.unescape(door.browser("aud").get("/log").text)
    assert '"narration": "Eggs"' in log


def test_what_is_entered_unsafely_is_refused_and_nothing_is_written(
    door: Door, book: Path
) -> None:
    before = book.read_bytes()
    bad = {**ENTRY, "flag": '*\nplugin "evil"\n2024-01-01 *'}
    path = f"/books/{FULL}/api/add_entries"
    answer = door.browser("kim").send("PUT", path, json={"entries": [bad]})
    assert answer.status_code == 422
    assert "Nothing was written" in answer.text
    assert book.read_bytes() == before
    event = next(e for e in door.log.events() if e["who"] == "kim")
    assert event["what"] == "write-refused"
    assert event["why"] in answer.get_json()["error"]
    assert "evil" in event["sent"]
    assert event["why"] in html.unescape(door.browser("aud").get("/log").text)


def test_the_log_says_that_what_was_to_be_written_was_not(door: Door) -> None:
    """Somebody else was quicker, or Fava breaks off: "write" alone says it is there."""
    visitor = door.browser("ada")
    path = f"/books/{FULL}/api/source"
    source = visitor.get(path).get_json()["data"]
    old = {**source, "sha256sum": "0" * 64}
    assert visitor.send("PUT", path, json=old).status_code == 500
    door.gate.fava.json.loads = None  # type: ignore[assignment,method-assign]
    assert visitor.send("PUT", path, json=source).status_code == 500
    events = [e for e in door.log.events() if e["what"].startswith("write")]
    assert [e["what"] for e in events] == ["write", "write-failed"] * 2
    assert [e["why"] for e in events[1::2]] == ["500 INTERNAL SERVER ERROR", "500"]


def test_an_administrator_changes_the_text(door: Door, book: Path) -> None:
    visitor = door.browser("ada")
    path = f"/books/{FULL}/api/source"
    source = visitor.get(path).get_json()["data"]
    changed = {**source, "source": source["source"].replace("Sales", "Eggs")}
    assert visitor.send("PUT", path, json=changed).status_code == 200
    assert "Eggs" in visitor.get(f"/books/{FULL}/api/journal").text
    assert "Eggs" in book.read_text("utf-8")


# --- while the book changes -----------------------------------------------------------


def test_members_see_a_change_at_once_and_never_half_of_it(
    door: Door, book: Path
) -> None:
    text, is_over = book.read_text("utf-8"), threading.Event()
    own = {name: member for name, role, member in PEOPLE if role == "member"}

    def edit(number: int) -> None:
        more = f"""
2024-01-01 * "Anastasia" "Change {number}"
  Equity:Members:M-Ana:Contribution  -{number}.00 USD
  Assets:Bank                         {number}.00 USD
"""
        new = book.with_suffix(".new")
        new.write_text(text + more, "utf-8")
        new.replace(book)

    def read(name: str) -> int:
        visitor, number = door.browser(name), 0
        while not is_over.is_set() or not number:
            answer = visitor.get(f"/books/{MINE}/api/journal")
            assert answer.status_code == 200
            others = set(own.values()) - {own[name]}
            assert not [other for other in others if other in answer.text]
            number += 1
        return number

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read, name) for name in ["ana", "bo"] * 4]
        try:
            for number in range(1, 6):
                edit(number)
                is_over.wait(0.15)
        finally:
            is_over.set()
        assert all(reader.result() for reader in readers)
    last = door.browser("ana").get(f"/books/{MINE}/api/journal").text
    assert "Change 5" in last


def journal(door: Door, name: str = "ana") -> str:
    """Return what somebody reads in their journal."""
    slug = MINE if name in {"ana", "bo"} else FULL
    return door.browser(name).get(f"/books/{slug}/api/journal").text


MORE = """
2024-01-01 * "Anastasia" "Adds some more"
  Equity:Members:M-Ana:Contribution  -3.00 USD
  Assets:Bank                         3.00 USD
"""


def test_members_read_the_book_as_it_was_while_a_line_of_it_cannot_be_read(
    door: Door, book: Path
) -> None:
    text = book.read_text("utf-8")
    assert "Pays her contribution" in journal(door)
    book.write_text(text.replace('"Pays her contribution"', '"Pays her'), "utf-8")
    assert "Pays her contribution" in journal(door)
    assert "Pays her contribution" not in journal(door, "tess"), "staff see it as it is"
    book.write_text(text + MORE, "utf-8")
    assert "Adds some more" in journal(door)


def test_a_mistake_that_was_there_before_does_not_hold_members_back(
    book: Path, tmp_path: Path
) -> None:
    text = book.read_text("utf-8") + "\n2024-02-02 nonsense\n"
    book.write_text(text, "utf-8")
    with door_to(book, tmp_path / "state") as door:
        assert "Pays her contribution" in journal(door)
        book.write_text(text + MORE, "utf-8")
        assert "Adds some more" in journal(door)


@pytest.mark.parametrize("name", ["main.beancount", "more.beancount"])
def test_a_file_that_is_gone_for_a_while_is_read_when_it_is_back(
    door: Door, book: Path, name: str
) -> None:
    (book.parent / "more.beancount").write_text(MORE, "utf-8")
    book.write_text(f'{book.read_text("utf-8")}include "more.beancount"\n', "utf-8")
    assert "Adds some more" in journal(door)
    file, away = book.parent / name, book.parent / "away"
    file.rename(away)
    assert "Adds some more" in journal(door)
    away.rename(file)
    file.write_text(file.read_text("utf-8") + MORE.replace("some", "even"), "utf-8")
    for who in ("ana", "tess"):
        assert "Adds some more" in journal(door, who)
        assert "Adds even more" in journal(door, who)


def test_an_older_copy_that_is_put_back_is_noticed(door: Door, book: Path) -> None:
    old = book.with_suffix(".old")
    shutil.copy2(book, old)
    book.write_text(book.read_text("utf-8") + MORE, "utf-8")
    assert "Adds some more" in journal(door)
    shutil.copy2(old, book)
    assert "Adds some more" not in journal(door)


def test_a_book_that_is_being_written_is_not_read_in_half(
    door: Door, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Pays her contribution" in journal(door)
    text, load = book.read_text("utf-8"), FavaLedger.load_file
    book.write_text("", "utf-8")

    def load_and_write(self: FavaLedger) -> None:
        load(self)
        book.write_text(text + MORE, "utf-8")

    with monkeypatch.context() as editor:
        editor.setattr(FavaLedger, "load_file", load_and_write)
        told = journal(door)
    assert "Pays her contribution" in told
    assert "Adds some more" in journal(door)


def test_books_that_were_replaced_do_not_stay_in_memory(door: Door, book: Path) -> None:
    gc.disable()
    try:
        for _ in range(5):
            book.write_text(book.read_text("utf-8") + MORE, "utf-8")
            assert "Adds some more" in journal(door)
        kept = [one for one in gc.get_objects() if type(one) is Snapshot]
    finally:
        gc.enable()
    assert len([one for one in kept if one.beancount_file_path == str(book)]) <= 2


def test_a_member_whose_book_cannot_be_proved_sees_none(door: Door, book: Path) -> None:
    assert door.browser("ana").get(f"/books/{MINE}/api/journal").status_code == 200
    more = """
2024-05-01 * "Anastasia" "Lends"
  Equity:Members:M-Ana:Contribution:Bolivar  -1.01 USD
  Assets:Bank                                 1.01 USD
2000-01-01 open Equity:Members:M-Ana:Contribution:Bolivar
"""
    book.write_text(book.read_text("utf-8") + more, "utf-8")
    answer = door.browser("ana").get(f"/books/{MINE}/journal/")
    assert answer.status_code == 503
    assert "olivar" not in answer.text
    assert "whoever keeps the books" in answer.text
    assert door.browser("bo").get(f"/books/{MINE}/journal/").status_code == 200
    told = door.browser("ada").get("/people").text
    assert "M-Ana" in told
    assert "bolivar" in told


def test_somebody_who_is_no_member_of_the_book_has_none(door: Door) -> None:
    door.people.add("zoe", "member", "Zoe")
    answer = door.browser("zoe").get(f"/books/{MINE}/journal/")
    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", f"/books/{FULL}/journal/", {}, 404),
        ("GET", f"/books/{MINE}/editor/", {}, 404),
        ("GET", "/books/../audit.jsonl", {}, 404),
        ("GET", f"/books/{MINE}/journal/", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/people", {}, 404),
        ("GET", "/nothing", {}, 404),
        ("GET", f"/books/{MINE}/journal/?filter={'x' * 400}", {}, 400),
        ("POST", "/people", {}, 404),
        ("PUT", f"/books/{MINE}/api/source", {}, 404),
        ("PUT", f"/books/{MINE}/api/source", {"Origin": "https://evil.example"}, 403),
    ],
)
def test_the_log_says_what_somebody_was_refused(
    door: Door, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    visitor = door.browser("ana")
    answer = visitor.send(method, path, headers=headers)
    assert answer.status_code == status
    (event,) = door.log.events()
    word = "read" if method == "GET" else "write"
    assert (event["who"], event["what"]) == ("ana", f"{word}-refused")
    assert (event["status"], event["path"]) == (status, path.partition("?")[0])


def test_whoever_asks_for_what_is_not_theirs_again_and_again_fills_no_log(
    door: Door,
) -> None:
    visitor = door.browser("ana")
    for number in range(50):
        visitor.get(f"/books/{FULL}/account/Equity:{number}/")
    assert len(door.log.events()) == 1
    door.gate.log.close()
    assert door.log.events()[-1]["count"] == 49
    page = door.browser("aud").get("/log?who=ana&what=read-refused").text
    assert "404 <strong>\N{MULTIPLICATION SIGN} 49</strong>" in page


def test_strangers_who_are_refused_fill_no_log(door: Door) -> None:
    for path in ("/nothing", f"/books/{FULL}/journal/", "/books/../x"):
        door.browser().get(path)
    assert door.log.events() == []


def test_without_a_log_nothing_is_shown(door: Door) -> None:
    door.log.path.unlink(missing_ok=True)
    door.log.path.mkdir()
    answer = door.browser("ana").get(f"/books/{MINE}/journal/")
    assert answer.status_code == 503
    assert "Anastasia" not in answer.text


def test_json_is_told_in_json(shared: Door) -> None:
    answer = shared.browser("ana").get(f"/books/{MINE}/api/source")
    assert json.loads(answer.text) == {"error": NOTHING}


@pytest.mark.parametrize(
    ("comes_from", "told", "written"),
    [
        ("127.0.0.1", "203.0.113.9, 198.51.100.4", "198.51.100.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("192.0.2.66", "198.51.100.4", "192.0.2.66"),
    ],
    ids=["what a visitor puts before it is not", "says nothing", "is none"],
)
def test_where_a_request_comes_from_is_believed_of_the_proxy_alone(
    door: Door, comes_from: str, told: str, written: str
) -> None:
    headers = {"X-Forwarded-For": told}
    where = {"REMOTE_ADDR": comes_from}
    path = f"/books/{MINE}/journal/"
    door.browser("ana").get(path, headers=headers, environ_overrides=where)
    assert door.log.events()[-1]["address"] == written


SPANISH = {"Accept-Language": "es"}


@pytest.mark.parametrize(
    ("path", "more", "status", "sentence"),
    [
        (f"/books/{FULL}/journal/", {}, 404, "No hay nada en esta dirección."),
        ("/log", {"Sec-Fetch-Site": "cross-site"}, 403, "solo responde a sus propias"),
        (
            f"/books/{MINE}/journal/?account=(a%2B)%2B",
            {},
            400,
            "El filtro es",
        ),
    ],
)
def test_a_refusal_is_a_page_in_the_readers_language(
    shared: Door, path: str, more: dict[str, str], status: int, sentence: str
) -> None:
    answer = shared.browser("ana").get(path, headers={**SPANISH, **more})
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert sentence in answer.text
    assert '<html lang="es">' in answer.text


def test_who_has_no_book_reads_why_and_can_sign_out(door: Door) -> None:
    door.people.add("zoe", "member", "Zoe")
    answer = door.browser("zoe").get(f"/books/{MINE}/journal/", headers=SPANISH)
    assert "Su libro no se puede mostrar" in answer.text
    assert 'action="/sign-out"' in answer.text


def test_a_part_of_a_page_is_refused_in_a_sentence_alone(shared: Door) -> None:
    path = f"/books/{MINE}/extension/CapitalAccounts/?partial=true"
    answer = shared.browser().get(path)
    assert (answer.status_code, answer.text) == (401, "Please sign in.\n")
    answer = shared.browser("ana").get(f"/books/{FULL}/journal/?partial=true")
    assert (answer.status_code, answer.text) == (404, f"{NOTHING}\n")


@pytest.mark.parametrize(
    ("path", "what"), [(f"/books/{MINE}/journal/", "fava"), ("/account", "sessions")]
)
def test_what_goes_wrong_unforeseen_is_said_in_a_sentence(
    door: Door, monkeypatch: pytest.MonkeyPatch, path: str, what: str
) -> None:
    def wrong(*_: object, **_more: object) -> None:
        message = "Bolivar's 1377.31"
        raise ValueError(message)

    place = {
        "fava": "fava.application.render_template",
        "sessions": "coopledger.portal.sessions.Sessions.of",
    }
    visitor = door.browser("ana")
    monkeypatch.setattr(place[what], wrong)
    answer = visitor.get(path)
    assert answer.status_code == 500
    assert "The server cannot answer at the moment." in answer.text
    assert "1377.31" not in answer.text


def test_staff_without_a_second_factor_is_led_to_set_one_up(door: Door) -> None:
    object.__setattr__(door.gate.setting, "needs_factor", {"treasurer"})
    answer = door.browser("tess").get(f"/books/{FULL}/journal/")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert door.browser("ana").get(f"/books/{MINE}/journal/").status_code == 200
