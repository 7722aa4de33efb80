"""The commands of the documents: run, and what they print."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from click.testing import CliRunner

from coopledger.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = re.compile(r"(?<=http://127\.0\.0\.1:)\d+")


def printed(command: str, folder: Path) -> str:
    """Run a ``coopledger`` command; return what it prints, without the folder."""
    program, *arguments = shlex.split(command)
    assert program == "coopledger", f"documents run coopledger only, not {program}"
    output = served(arguments) if arguments[0] == "serve" else invoked(arguments)
    lines = output.replace(f"{folder}/", "").strip("\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def invoked(arguments: list[str]) -> str:
    """Run a command that ends by itself."""
    done = CliRunner().invoke(main, arguments, prog_name="coopledger")
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    return done.output


def served(arguments: list[str]) -> str:
    """Start a command that serves, on any free port; stop it when it is ready."""
    program = [sys.executable, "-m", "coopledger.cli", *arguments, "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0
    return ADDRESS.sub("5000", line)
