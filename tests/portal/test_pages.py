"""The portal's own pages, from the first link to the last session."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pyotp
import pytest

from coopledger.portal.gate import MINE
from coopledger.portal.throttling import BY_ADDRESS
from coopledger.portal.throttling import BY_NAME
from tests.portal.door import BASE
from tests.portal.door import PASSWORD
from tests.portal.door import Door
from tests.portal.door import Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


def invited(door: Door, name: str) -> Visitor:
    """Let somebody choose a password by their link."""
    visitor = door.browser()
    path = f"/invitation/{door.people.invite(name)}"
    assert name in visitor.get(path).text
    answer = visitor.post(path, password=PASSWORD, again=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    return visitor


def cookie_of(answer: TestResponse) -> str:
    return str(answer.headers.get("Set-Cookie", ""))


def test_from_an_invitation_to_ones_own_statement(door: Door) -> None:
    visitor = invited(door, "ana")
    answer = visitor.sign_in(" Ana ")
    assert (answer.status_code, answer.location) == (303, "/books/")
    page = visitor.get(f"/books/{MINE}/api/journal")
    assert "Pays her contribution" in page.text
    assert visitor.get("/").location == "/books/"
    whats = [event["what"] for event in door.log.events()]
    assert whats == ["invitation-accepted", "sign-in", "read"]


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(
    door: Door,
) -> None:
    cookie = cookie_of(invited(door, "ana").sign_in("ana"))
    assert cookie.startswith("__Host-coopledger=")
    for flag in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_signing_in_begins_a_session_that_nobody_knew_before(door: Door) -> None:
    visitor = invited(door, "ana")
    name = door.gate.setting.cookie
    visitor.client.set_cookie(name, "fixed", domain="portal.example", secure=True)
    visitor.sign_in("ana")
    first = visitor.client.get_cookie(name, "portal.example")
    visitor.sign_in("ana")
    second = visitor.client.get_cookie(name, "portal.example")
    assert first
    assert second
    assert len({"fixed", first.value, second.value}) == 3
    assert door.sessions.whose("fixed") is None
    assert door.sessions.whose(first.value) is None


def test_after_signing_out_the_session_cannot_be_used_again(door: Door) -> None:
    visitor = door.browser("ana")
    name = door.gate.setting.cookie
    cookie = visitor.client.get_cookie(name, "portal.example")
    assert cookie
    answer = visitor.post("/sign-out")
    assert answer.location == "/sign-in"
    assert "storage" in answer.headers["Clear-Site-Data"]
    visitor.client.set_cookie(name, cookie.value, domain="portal.example", secure=True)
    assert visitor.get("/account").location == "/sign-in"


def test_signing_out_is_no_link(door: Door) -> None:
    visitor = door.browser("ana")
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.get("/account").status_code == 200
    assert door.browser().post("/sign-out").location == "/sign-in"


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("bo", PASSWORD)]
)
def test_whatever_is_wrong_the_answer_is_the_same(
    door: Door, name: str, password: str
) -> None:
    visitor = invited(door, "ana")
    answer = visitor.sign_in(name, password)
    assert answer.status_code == 401
    assert "Name, password or code are not right." in answer.text
    assert not cookie_of(answer)
    assert door.log.events()[-1]["what"] == "sign-in-refused"


def test_guessing_is_stopped_even_with_the_right_password_at_last(door: Door) -> None:
    visitor = invited(door, "ana")
    for _ in range(BY_NAME):
        assert visitor.sign_in("ana", "wrong").status_code == 401
    answer = visitor.sign_in("ana")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert door.log.events()[-1]["what"] == "sign-in-throttled"


def test_attempts_after_too_many_are_counted_and_fill_no_log(door: Door) -> None:
    visitor = invited(door, "ana")
    for number in range(2 * BY_ADDRESS):
        visitor.sign_in(f"nobody-{number}", "wrong")
    door.gate.log.close()
    events = [one for one in door.log.events() if one["what"].startswith("sign-in")]
    assert [(one["what"], one["person"], one.get("count")) for one in events] == [
        ("sign-in-refused", "nobody-0", None),
        ("sign-in-throttled", "nobody-30", None),
        ("sign-in-refused", "nobody-29", 29),
        ("sign-in-throttled", "nobody-59", 29),
    ]


def test_a_wrong_password_or_code_on_ones_own_account_is_in_the_log(door: Door) -> None:
    visitor = door.browser("ana")
    for _ in range(BY_NAME + 1):
        visitor.post("/account/password", old="wrong")
    visitor.post("/account/factor", code="000000")
    told = [(one["what"], one["status"]) for one in door.log.events()]
    assert told == [
        ("password-refused", 403),
        ("password-refused", 429),
        ("second-factor-refused", 429),
    ]


def test_guessing_the_code_is_stopped_as_well(door: Door) -> None:
    visitor = invited(door, "tess")
    secret = pyotp.random_base32()
    door.people.set_secret("tess", secret)
    for _ in range(BY_NAME):
        assert visitor.sign_in("tess", code="000000").status_code == 401
    assert visitor.sign_in("tess", code=pyotp.TOTP(secret).now()).status_code == 429


def test_a_link_for_somebody_leads_to_this_server_whatever_a_request_says(
    door: Door,
) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    form = {"do": "invite", "name": "kim"}
    page = door.browser("ada").send("POST", "/people", data=form, headers=headers).text
    assert f"{BASE}/invitation/" in page
    assert "evil.example" not in page


def test_an_invitation_that_was_used_is_void(door: Door) -> None:
    token = door.people.invite("ana")
    visitor = door.browser()
    path = f"/invitation/{token}"
    assert visitor.post(path, password="short", again="short").status_code == 422  # noqa: S106
    assert visitor.post(path, password=PASSWORD, again="x").status_code == 422
    assert visitor.post(path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, password=PASSWORD, again=PASSWORD).status_code == 404


def test_a_second_factor_is_set_up_asked_for_and_taken_away(door: Door) -> None:
    visitor = invited(door, "tess")
    visitor.sign_in("tess")
    page = visitor.get("/account").text
    secret = re.findall(r'name="secret" value="(\w+)"', page)[0]
    totp = pyotp.TOTP(secret)
    assert "otpauth://" in page
    answer = visitor.post("/account/factor", secret=secret, code="000000")
    assert answer.status_code == 422
    answer = visitor.post("/account/factor", secret="x", code="1")  # noqa: S106
    assert answer.status_code == 422
    code = totp.now()
    answer = visitor.post("/account/factor", secret=secret, code=code)
    assert answer.status_code == 303
    assert secret not in visitor.get("/account").text
    other = door.browser()
    assert other.sign_in("tess").status_code == 401
    assert other.sign_in("tess", code=code).status_code == 401, "used already"
    following = totp.at(int(time.time()) + 30)
    assert other.sign_in("tess", code=following).status_code == 303
    door.people.set_secret("tess", secret)
    wrong = other.post("/account/factor", code="000000")
    assert wrong.status_code == 422
    assert other.post("/account/factor", code=totp.now()).status_code == 303
    assert door.people.named("tess").secret == ""


def test_a_password_is_changed_with_the_old_one_and_other_sessions_end(
    door: Door,
) -> None:
    visitor = invited(door, "ana")
    visitor.sign_in("ana")
    other = door.browser("ana")
    new = f"{PASSWORD} indeed"
    path = "/account/password"
    assert visitor.post(path, old="wrong", password=new, again=new).status_code == 403
    assert visitor.post(path, old=PASSWORD, password=new, again="").status_code == 422
    assert visitor.post(path, old=PASSWORD, password=new, again=new).status_code == 303
    assert visitor.get("/account").status_code == 200
    assert other.get("/account").location == "/sign-in"


def test_guessing_the_old_password_is_stopped_too(door: Door) -> None:
    visitor = door.browser("ana")
    for path in ("/account/password", "/account/factor"):
        answers = [visitor.post(path, old="x", code="1") for _ in range(BY_NAME + 1)]
        assert answers[-1].status_code == 429


def test_ones_own_sessions_are_listed_and_ended(door: Door) -> None:
    visitor, other, third = (door.browser("ana") for _ in range(3))
    page = visitor.get("/account").text
    digests = re.findall(r'name="session" value="(\w+)"', page)
    assert len(digests) == 2
    assert "this session" in page
    visitor.post("/account/sessions", session=digests[0])
    left = [one.get("/account").status_code for one in (visitor, other, third)]
    assert sorted(left) == [200, 200, 303]
    visitor.post("/account/sessions")
    left = [one.get("/account").status_code for one in (visitor, other, third)]
    assert sorted(left) == [200, 303, 303]


def test_an_administrator_adds_changes_resets_and_disables(door: Door) -> None:
    admin = door.browser("ada")

    def link(**form: str) -> str:
        answer = admin.post("/people", **form)
        assert answer.status_code == 200, answer.text
        found = re.findall(rf"{BASE}(/invitation/[\w-]+)", answer.text)
        return found[0] if found else ""

    first = link(do="add", name="Cy", role="auditor", member="ignored")
    visitor = door.browser()
    visitor.post(first, password=PASSWORD, again=PASSWORD)
    assert visitor.sign_in("cy").status_code == 303
    link(do="role", name="cy", role="member", member="M-Cleo")
    assert visitor.get("/account").location == "/sign-in"
    assert visitor.sign_in("cy").status_code == 303
    link(do="end", name="cy")
    assert visitor.get("/account").location == "/sign-in"
    link(do="disable", name="cy")
    assert visitor.sign_in("cy").status_code == 401
    link(do="enable", name="cy")
    assert visitor.sign_in("cy").status_code == 303
    again = link(do="reset", name="cy")
    assert visitor.sign_in("cy").status_code == 401
    assert door.browser().get(again).status_code == 200
    assert door.browser().get(link(do="invite", name="cy")).status_code == 200
    assert door.browser().get(again).status_code == 404
    assert PASSWORD not in admin.get("/people").text
    assert "people-reset" in [event["what"] for event in door.log.events()]


def test_an_administrator_lists_everybodys_sessions_and_ends_one(door: Door) -> None:
    admin, ana = door.browser("ada"), door.browser("ana")
    other = door.browser("ana")
    door.browser("kim")
    door.people.disable("kim")
    page = admin.get("/people").text
    listed = page.partition('<h2 id="sessions">')[2].partition("</section>")[0]
    names = re.findall(r'<th scope="row">(\w+)</th>', listed)
    assert sorted(names) == ["ada", "ana", "ana"]
    assert listed.count("192.0.2.7") == 3
    first = door.sessions.of(door.people.named("ana"))[-1].digest
    assert f'value="{first}"' in listed
    answer = admin.post("/people", do="end", name="ana", session=first)
    assert answer.status_code == 200
    assert [one.get("/account").status_code for one in (ana, other)] == [303, 200]
    event = door.log.events()[-1]
    assert (event["what"], event["person"]) == ("people-end", "ana")


def test_one_does_not_end_a_session_under_another_name(door: Door) -> None:
    door.browser("ana")
    digest = door.sessions.of(door.people.named("ana"))[0].digest
    door.browser("ada").post("/people", do="end", name="bo", session=digest)
    assert len(door.sessions.of(door.people.named("ana"))) == 1


@pytest.mark.parametrize("doing", ["disable", "reset", "role"])
def test_an_administrator_cannot_lock_themselves_out(door: Door, doing: str) -> None:
    admin = door.browser("ada")
    answer = admin.post("/people", do=doing, name="ada", role="auditor")
    assert answer.status_code == 422
    assert admin.get("/people").status_code == 200


def test_what_an_administrator_cannot_do_is_said_in_a_sentence(door: Door) -> None:
    admin = door.browser("ada")
    answer = admin.post("/people", do="add", name="kim", role="auditor")
    assert answer.status_code == 422
    assert "already somebody called" in answer.text
    for doing in ("add", "role"):
        asked = {"do": doing, "name": "ana" if doing == "role" else "new"}
        answer = admin.post("/people", **asked, role="member", member="M-Anna")
        assert answer.status_code == 422
        assert "did you mean &#39;M-Ana&#39;?" in answer.text
    assert door.people.find("new") is None
    assert door.people.named("ana").member == "M-Ana"
    assert admin.post("/people", do="explode", name="kim").status_code == 400
    assert door.browser("tess").post("/people", do="end", name="kim").status_code == 404


def test_an_auditor_reads_who_saw_what_and_that_the_log_is_whole(door: Door) -> None:
    door.browser("ana").get(f"/books/{MINE}/journal/?time=2022")
    auditor = door.browser("aud")
    page = auditor.get("/log?who=ana&what=read").text
    assert f"/books/{MINE}/journal/?time=2022" in page
    assert "The chain of the log is whole." in page
    assert "Events: 1" in page
    text = door.log.path.read_text("utf-8").replace('"ana"', '"bo"')
    door.log.path.write_text(text, "utf-8")
    page = auditor.get("/log").text
    assert "The log is not as it was written." in page
    assert "line 1" in page


def test_the_pages_speak_the_readers_language(door: Door) -> None:
    visitor = door.browser("ada")
    for path, words in (
        ("/account", "Mi cuenta"),
        ("/people", "Añadir a alguien"),
        ("/log", "La cadena del registro está íntegra."),
        ("/nothing", "No hay nada en esta dirección."),
    ):
        page = visitor.get(path, headers={"Accept-Language": "es-MX, en;q=0.5"}).text
        assert words in page
        assert '<html lang="es">' in page


def test_a_name_that_is_a_script_stays_a_text(door: Door) -> None:
    script = "<script>alert(1)</script>"
    door.browser().sign_in(script)
    page = door.browser("aud").get("/log").text
    assert script not in page
    assert "&lt;script&gt;" in page


def test_staff_without_a_second_factor_has_no_page_but_the_account(door: Door) -> None:
    object.__setattr__(door.gate.setting, "needs_factor", {"administrator"})
    admin = door.browser("ada")
    assert admin.get("/people").status_code == 404
    assert "needs a second factor" in admin.get("/account").text
