"""The proxies of docs/portal.md, run with the text that stands there.

Ports and the certificate's place are put in; all else is as people copy it.  Where a
proxy is not installed its tests are skipped and say so.
"""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from coopledger.portal.auditing import AuditLog
from coopledger.portal.gate import LARGEST
from coopledger.portal.gate import MINE
from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.storing import Store
from tests.needing import need
from tests.portal.door import PASSWORD
from tests.portal.test_running import certified
from tests.portal.test_running import served

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parents[2] / "docs/portal.md").read_text("utf-8")
NAME = "books.example.coop"
STATEMENT = f"/books/{MINE}/extension/CapitalAccounts/?member=M-Ana"

#: What stands around the documented text so that a proxy runs apart from all others.
AROUND = {
    "caddy": """{{
  admin off
  auto_https disable_redirects
  local_certs
  skip_install_trust
  https_port {port}
}}
{text}""",
    "nginx": """daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {text}
}}""",
}
COMMANDS = {
    "caddy": ("caddy", "run", "--adapter", "caddyfile", "--config"),
    "nginx": ("nginx", "-c"),
}


def documented(program: str) -> str:
    """Return what the page says for a proxy."""
    title = {"caddy": "# Caddyfile", "nginx": "# nginx"}[program]
    found = re.search(rf"```text\n{title}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def proxied(program: str, folder: Path, port: int, behind: int) -> Iterator[Path]:
    """Run a proxy; give the certificate that its visitors trust."""
    need(program)
    certificate, key = certified(folder, NAME)
    text = documented(program).replace("127.0.0.1:5000", f"127.0.0.1:{behind}")
    text = text.replace("/etc/ssl/books.pem", str(certificate))
    text = text.replace("/etc/ssl/books.key", str(key)).replace("443", str(port))
    config = folder / "config"
    config.write_text(AROUND[program].format(text=text, folder=folder, port=port))
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/sbin"}
    found = shutil.which(program) or program
    command = (found, *COMMANDS[program][1:], str(config))
    with subprocess.Popen(command, env=home, stderr=subprocess.DEVNULL) as process:
        try:
            root = folder / "caddy/pki/authorities/local/root.crt"
            yield wait_for(port, root if program == "caddy" else certificate)
        finally:
            process.terminate()


def wait_for(port: int, certificate: Path) -> Path:
    """Wait until a proxy answers."""
    for _ in range(100):
        try:
            Visitor(port, certificate).ask("GET", "/sign-in")
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return certificate
    pytest.fail("the proxy does not answer")


class Visitor:
    """Somebody who comes through a proxy."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port = port
        self.context = ssl.create_default_context(cafile=str(certificate))
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Ask for something; return status, headers and text."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        line = http.client.HTTPConnection(NAME, self.port)
        line.sock = self.context.wrap_socket(raw, server_hostname=NAME)
        sent = {"Host": f"{NAME}:{self.port}", "Cookie": self.cookie, **headers}
        if method == "POST":
            sent["Origin"] = f"https://{NAME}:{self.port}"
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8")
        finally:
            line.close()


@pytest.mark.parametrize("program", ["caddy", "nginx"])
def test_somebody_signs_in_through_a_proxy_as_the_page_says(
    program: str, book: Path, tmp_path: Path
) -> None:
    port = free_port()
    state = tmp_path / "state"
    place = Place(state, port=0, hostname=f"{NAME}:{port}", is_behind_proxy=True)
    folder = tmp_path / "proxy"
    folder.mkdir()
    with served(book, place) as address, Store(state) as store:
        people, behind = People(store), int(address.rpartition(":")[2])
        people.add("ana", "member", "M-Ana")
        people.set_password("ana", PASSWORD)
        with proxied(program, folder, port, behind) as certificate:
            visitor = Visitor(port, certificate)
            status, headers, _ = visitor.ask("GET", "/")
            assert (status, headers["Location"]) == (303, "/sign-in")
            form = urlencode({"name": "ana", "password": PASSWORD, "code": ""})
            status, headers, _ = visitor.ask("POST", "/sign-in", form)
            assert (status, headers["Location"]) == (303, "/books/")
            cookie = headers["Set-Cookie"]
            assert cookie.startswith("__Host-coopledger=")
            assert {"Secure", "HttpOnly", "SameSite=Strict"} <= {*cookie.split("; ")}
            visitor.cookie = cookie.partition(";")[0]
            forged = {"X-Forwarded-For": "203.0.113.66"}
            status, headers, text = visitor.ask("GET", STATEMENT, **forged)
            assert status == 200
            assert "1,261.26" in text
            assert headers.get_all("Cache-Control") == ["private, no-store"]
            assert AuditLog(state).events()[-1]["address"] == "127.0.0.1"
            status, headers, _ = visitor.ask("GET", f"/books/{MINE}/journal")
            assert (status, headers["Location"]) == (308, f"/books/{MINE}/journal/")
            status, _, text = visitor.ask("GET", "/sign-in", Host="evil.example")
            assert status == 421 or text == ""
            much = "x" * (LARGEST + 1)
            status, _, _ = visitor.ask("POST", "/sign-in", much)
            assert status == 413


UNIT = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)[0]


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    need("systemd-analyze")
    unit = tmp_path / "coopledger-members.service"
    unit.write_text(UNIT.replace("/srv/coop/venv/bin/coopledger", sys.executable))
    command = ("systemd-analyze", "verify", "--man=no", str(unit))
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, str(unit) in done.stderr) == (0, False), done.stderr


def test_the_unit_uses_options_that_there_are() -> None:
    known = CliRunner().invoke(main, ["serve", "--help"]).output
    used = set(re.findall(r"--[a-z-]+", UNIT))
    assert {"--only", "--published", "--proxy"} <= used
    assert not [one for one in used if one not in known]
