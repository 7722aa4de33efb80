"""What holds for the tree as a whole: no machine in it, pinned, explained."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import requires
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGE = Path("src/coopledger")
LOCKS = ("requirements.lock", "requirements-dev.lock")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|tmp|root|opt)/")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|crates\.io"
    r"|anaconda\.org|deb\.debian\.org|security\.debian\.org"
)
ADDRESS = re.compile(
    r"\w+://|^\s*-(?:i|f|-index-url|-extra-index-url|-find-links)\b", re.MULTILINE
)
PIN = re.compile(r"^[a-z0-9][a-z0-9.-]*(?:\[[a-z0-9,-]+\])?==\S+", re.MULTILINE)
IGNORED_RULE = re.compile(r'^\s*"(?P<code>[A-Z]+\d*)",(?P<rest>.*)$')


@cache
def tracked() -> tuple[Path, ...]:
    """Return the tracked files, relative to the root."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("only a git work tree knows which files are tracked")
    done = subprocess.run(
        ("git", "ls-files", "-z"),
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    paths = map(Path, filter(None, done.stdout.split("\0")))
    return tuple(path for path in paths if (ROOT / path).is_file())


def text_of(path: Path) -> str:
    """Return a tracked file's text; nothing for one that is binary."""
    content = (ROOT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return `file:line: text` for each tracked line in which the pattern occurs."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def pyproject() -> dict[str, Any]:
    """Return the project's configuration."""
    return tomllib.loads(text_of(Path("pyproject.toml")))


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_tracked_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_no_address(lock: str) -> None:
    assert ADDRESS.findall(text_of(Path(lock))) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_of_a_lock_file_is_pinned_and_hashed(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text_of(Path(lock)).partition("\n\n")[0])
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert packages != []
    assert [e for e in packages if not PIN.match(e) or "--hash=sha256:" not in e] == []


def test_both_lock_files_agree() -> None:
    run_time, everything = (set(PIN.findall(text_of(Path(lock)))) for lock in LOCKS)
    assert run_time - everything == set()


def test_each_ignored_ruff_rule_has_a_reason() -> None:
    lint = pyproject()["tool"]["ruff"]["lint"]
    ignored = [*lint["ignore"], *chain.from_iterable(lint["per-file-ignores"].values())]
    section = text_of(Path("pyproject.toml")).partition("[tool.ruff.lint]")[2]
    rows = [*filter(None, map(IGNORED_RULE.match, section.splitlines()))]
    explained = [
        row["code"] for row in rows if re.search(r"#\s+\w+\W+\w+", row["rest"])
    ]
    assert sorted(explained) == sorted(ignored)


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert command in text_of(Path("README.md"))


def test_each_make_target_is_explained_by_make_help() -> None:
    makefile = text_of(Path("Makefile"))
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert explained == " ".join(phony).split()


def test_each_data_file_of_the_package_is_installed_with_it() -> None:
    globs = pyproject()["tool"]["setuptools"]["package-data"]["coopledger"]
    data = [
        path.relative_to(PACKAGE)
        for path in tracked()
        if path.is_relative_to(PACKAGE) and path.suffix != ".py"
    ]
    names = [glob.removeprefix("**/") for glob in globs]
    assert [p for p in data if not any(fnmatch(p.name, name) for name in names)] == []


def test_a_package_that_is_wanted_with_an_extra_is_locked_with_it() -> None:
    # pip looks for the newest release of an extra that no line pins, and refuses it.
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    locked = re.findall(r"^([\w.-]+)(\[[\w,-]+\])?==", text, re.MULTILINE)
    extras = {name: extra.strip("[]").split(",") for name, extra in locked}
    missed = [
        f"{wanted.name}[{extra}] for {name}"
        for name in extras
        for wanted in _requirements(name)
        for extra in wanted.extras
        if extra not in extras.get(canonicalize_name(wanted.name), [])
    ]
    assert missed == []


def _requirements(name: str) -> list[Requirement]:
    """Return what an installed package needs here; nothing if it is not installed."""
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    wanted = [Requirement(line) for line in lines]
    return [one for one in wanted if not one.marker or one.marker.evaluate()]
