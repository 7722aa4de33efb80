"""The portal over a real connection: ports, certificates, slow clients, two sides."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from coopledger.portal import publishing
from coopledger.portal import running
from coopledger.portal import watching
from coopledger.portal.gate import FULL
from coopledger.portal.gate import MINE
from coopledger.portal.publishing import Publisher
from coopledger.portal.publishing import place_of
from coopledger.portal.running import Place
from coopledger.portal.serving import Current
from tests.needing import need
from tests.needing import need_root
from tests.portal.door import BASE
from tests.portal.door import Door
from tests.portal.door import door_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def served(book: Path | None, place: Place) -> Iterator[str]:
    """Serve until the end of the block; give the address."""
    server = running.prepare(place)
    port = server.bind_addr[1]
    with running.opened(book, place, port) as gate:
        server.wsgi_app = gate
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield f"{gate.setting.scheme}://{place.host}:{port}"
        finally:
            server.stop()
            thread.join()


def certified(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate for a name, and its key."""
    need("openssl")
    pair = (folder / "cert.pem", folder / "key.pem")
    words = (
        *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
        *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={name}"),
        *("-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"),
    )
    files = ("-out", str(pair[0]), "-keyout", str(pair[1]))
    subprocess.run((*words, *files), capture_output=True, check=True)
    return pair


def text_at(address: str, context: ssl.SSLContext | None = None) -> str:
    request = urllib.request.urlopen(address, timeout=30, context=context)  # noqa: S310
    with request as answer:
        return str(answer.read().decode("utf-8"))


def test_the_sign_in_page_is_served(book: Path, tmp_path: Path) -> None:
    with served(book, Place(tmp_path / "state", port=0)) as address:
        assert "Sign in" in text_at(f"{address}/")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])  # noqa: S104
def test_others_are_not_served_without_encryption(tmp_path: Path, host: str) -> None:
    with pytest.raises(running.NotSafeThereError, match="--certificate"):
        running.prepare(Place(tmp_path, host=host))


def test_a_port_that_is_taken_gets_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(running.PortalPortTakenError, match=str(port)):
            running.prepare(Place(tmp_path, port=port))


def test_a_book_is_needed_where_it_is_shown(tmp_path: Path) -> None:
    with pytest.raises(running.BookMissingError):
        running.serve(None, Place(tmp_path / "state", port=0))


def test_a_certificate_that_is_none_gets_one_sentence(tmp_path: Path) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("nothing", "utf-8")
    pair = (tmp_path / "cert.pem", tmp_path / "key.pem")
    with pytest.raises(running.CertificateError, match=r"cert\.pem"):
        running.prepare(Place(tmp_path, certificate=pair))


def test_a_certificate_makes_it_https(book: Path, tmp_path: Path) -> None:
    pair = certified(tmp_path, "localhost")
    context = ssl.create_default_context(cafile=str(pair[0]))
    place = Place(tmp_path / "state", port=0, certificate=pair)
    with served(book, place) as address:
        assert address.startswith("https://")
        assert "Sign in" in text_at(f"{address}/", context)


IN_HEADERS = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
IN_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\n"
    b"Content-Length: 9000\r\n\r\nname="
)


@pytest.mark.parametrize("beginning", [IN_HEADERS, IN_BODY], ids=["headers", "body"])
def test_a_client_that_sends_slowly_is_cut_off(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(watching, "SECONDS", 0.6)
    with served(book, Place(tmp_path / "state", port=0)) as address:
        host = address.partition("://")[2]
        port = int(host.rpartition(":")[2])
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            slow.sendall(beginning.replace(b"HOST", host.encode()))
            slow.settimeout(0.1)
            while time.monotonic() - begun < 8:
                try:
                    slow.sendall(b"x")
                    if slow.recv(1000) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
        assert time.monotonic() - begun < 5
        assert "Sign in" in text_at(f"{address}/"), "others are served on"


def test_too_much_at_once_is_refused_before_it_is_read(
    book: Path, tmp_path: Path
) -> None:
    with served(book, Place(tmp_path / "state", port=0)) as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(
                b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
            )
            assert b"413" in client.recv(100)


#: A body that is too large, and one for another server, from who closes afterwards.
REFUSED = b"POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n"
REFUSED += b"Connection: close\r\n\r\n"
TOO_MUCH, ELSEWHERE = REFUSED % (b"HOST", 999_999), REFUSED % (b"elsewhere", 99_999)


@pytest.mark.parametrize(("head", "status"), [(TOO_MUCH, 413), (ELSEWHERE, 421)])
def test_whoever_still_sends_what_was_refused_gets_the_answer(
    book: Path, tmp_path: Path, head: bytes, status: int
) -> None:
    """As proxies do, which send on while they wait for the answer."""
    with served(book, Place(tmp_path / "state", port=0)) as address:
        host = address.partition("://")[2]
        port = int(host.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(head.replace(b"HOST", host.encode()))
            for _ in range(4):
                time.sleep(0.1)
                client.sendall(b"x" * 1000)
            assert client.recv(100).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize(
    ("bound", "most"), [("LINGERING", 0.4), ("LINGERED", 4000)], ids=["time", "bytes"]
)
def test_whoever_goes_on_sending_what_was_refused_is_cut_off(
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    most: float,
) -> None:
    monkeypatch.setattr(watching, bound, most)
    with served(book, Place(tmp_path / "state", port=0)) as address:
        port = int(address.rpartition(":")[2])
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(TOO_MUCH)
            with suppress(OSError):
                while time.monotonic() - begun < 5:
                    time.sleep(0.01)
                    client.sendall(b"x" * 1000)
        assert time.monotonic() - begun < 1.5


def test_the_members_side_says_at_once_that_it_can_read_no_books(
    tmp_path: Path,
) -> None:
    published = tmp_path / "published"
    place = Place(tmp_path / "state", port=0, side="members", published=published)
    with pytest.raises(running.NothingPublishedError, match="--published"):
        running.serve(None, place)


# --- two sides ------------------------------------------------------------------------


def answers_to(address: str, sent: bytes) -> list[bytes]:
    """Return the lines with which a server begins its answers to raw bytes."""
    host = address.partition("://")[2]
    port = int(host.rpartition(":")[2])
    told = b""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
        with suppress(OSError):
            client.sendall(sent.replace(b"HOST", host.encode()))
        with suppress(OSError):
            while more := client.recv(65536):
                told += more
    return re.findall(rb"HTTP/1\.1 (\d+)", told)


def test_headers_without_an_end_are_refused(book: Path, tmp_path: Path) -> None:
    with served(book, Place(tmp_path / "state", port=0)) as address:
        much = b"X-Much: " + b"x" * 40_000 + b"\r\n"
        sent = b"GET /sign-in HTTP/1.1\r\nHost: HOST\r\n" + much * 3 + b"\r\n"
        assert answers_to(address, sent) == [b"413"]


SMUGGLED = b"GET /sign-in HTTP/1.1\r\nHost: HOST\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_what_has_no_length_is_refused_and_nothing_hides_in_it(
    book: Path, tmp_path: Path, lengths: bytes
) -> None:
    with served(book, Place(tmp_path / "state", port=0)) as address:
        head = b"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\n"
        for body in (b"0\r\n\r\n", b""):
            sent = head + lengths + b"\r\n" + body + SMUGGLED
            assert answers_to(address, sent) == [b"411"]


def test_a_client_that_takes_its_answer_slowly_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TAKEN", 0.5)
    server = running.prepare(Place(tmp_path, port=0))
    is_over = threading.Event()

    def large(_: object, start: Callable[..., object]) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", "50000000")])
        try:
            for _number in range(500):
                yield b"x" * 100_000
        finally:
            is_over.set()

    server.wsgi_app = large
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        with socket.create_connection(server.bind_addr, timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert is_over.wait(6), "the thread is free again"
    finally:
        server.stop()
        thread.join()


@pytest.fixture
def staff(book: Path, tmp_path: Path) -> Iterator[Door]:
    """Serve staff, and publish for another process."""
    published = tmp_path / "published"
    with door_to(book, tmp_path / "staff", side="staff", published=published) as door:
        yield door


def test_one_process_publishes_and_the_other_never_opens_the_book(
    staff: Door, tmp_path: Path
) -> None:
    published = tmp_path / "published"
    with door_to(
        None, tmp_path / "members", side="members", published=published
    ) as members:
        told = members.browser("ana").get(f"/books/{MINE}/api/journal").text
        assert "Pays her contribution" in told
        assert members.gate.full is None
        assert members.browser("tess").get(f"/books/{FULL}/journal/").status_code == 404
        assert members.browser("ada").get("/people").status_code == 200
    assert staff.browser("ana").get(f"/books/{MINE}/journal/").status_code == 404
    assert staff.browser("tess").get(f"/books/{FULL}/journal/").status_code == 200


def test_what_is_published_can_be_read_by_the_group_and_has_nobodys_name(
    staff: Door, tmp_path: Path
) -> None:
    del staff
    published = tmp_path / "published"
    path = place_of(published, "M-Ana")
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o007 == 0
    assert len(list(published.iterdir())) == 3
    assert "Ana" not in str(path.relative_to(published))


def test_the_published_books_follow_the_full_one(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_LOOK", 0.05)
    published = tmp_path / "published"
    (published / "left-over").mkdir(parents=True)
    with (
        door_to(book, tmp_path / "staff", side="staff", published=published),
        door_to(None, tmp_path / "m", side="members", published=published) as members,
    ):
        assert not (published / "left-over").exists()
        book.write_text(book.read_text("utf-8").replace("Pays her", "Brings her"))
        told = ""
        for _ in range(100):
            told = members.browser("ana").get(f"/books/{MINE}/api/journal").text
            if "Brings her contribution" in told:
                break
            time.sleep(0.05)
        assert "Brings her contribution" in told


def test_a_publisher_that_failed_once_goes_on(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_LOOK", 0.01)
    calls: list[int] = []
    publish = Publisher.publish_all

    def failing(self: Publisher) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError
        publish(self)

    monkeypatch.setattr(Publisher, "publish_all", failing)
    with door_to(book, tmp_path, side="staff", published=tmp_path / "published"):
        for _ in range(500):
            if len(calls) > 2:
                break
            time.sleep(0.01)
    assert len(calls) > 2


def test_what_cannot_be_written_is_tried_again_and_no_old_book_is_shown(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = Current(book)
    publisher = Publisher(current, tmp_path / "published")
    publisher.ledger_of("M-Ana")
    book.write_text(book.read_text("utf-8").replace("Pays her", "Brings her"), "utf-8")

    def full(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as disk:
        disk.setattr(publishing, "_write", full)
        for _ in range(2):
            with pytest.raises(OSError):  # noqa: PT011 - whatever a disk says
                publisher.ledger_of("M-Ana")
    publisher.ledger_of("M-Ana")
    path = place_of(tmp_path / "published", "M-Ana")
    assert "Brings her" in path.read_text("utf-8")


def test_another_user_cannot_read_the_full_book(book: Path, tmp_path: Path) -> None:
    need_root()
    need("setpriv")
    book.chmod(0o600)
    book.parent.chmod(0o700)
    published = tmp_path / "published"
    with door_to(book, tmp_path / "staff", side="staff", published=published):
        mine = place_of(published, "M-Ana")
        for path in (tmp_path, *tmp_path.parents[:3]):
            path.chmod(path.stat().st_mode | 0o011)
        os.chown(published, -1, 65534)
        os.chown(mine.parent, -1, 65534)
        os.chown(mine, -1, 65534)

        def can_read(path: Path) -> bool:
            as_another = ("setpriv", "--reuid=65533", "--regid=65534", "--clear-groups")
            return not subprocess.run(
                (*as_another, "cat", str(path)), capture_output=True, check=False
            ).returncode

        assert can_read(mine)
        assert not can_read(book)


# --- the command ----------------------------------------------------------------------


def test_the_command_serves_until_ctrl_c(book: Path, tmp_path: Path) -> None:
    command = ("-m", "coopledger.cli", "serve", "--portal", "--port", "0")
    places = ("--book", str(book), "--state", str(tmp_path / "state"))
    with subprocess.Popen(
        (sys.executable, *command, *places),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        assert "Sign in" in text_at(found[0])
        assert (tmp_path / "state" / "address").read_text("utf-8").strip() == found[0]
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_before_the_book_is_loaded_nothing_is_there() -> None:
    answer = Client(running._not_yet).get("/", base_url=BASE)
    assert answer.status_code == 503
