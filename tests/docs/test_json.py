"""The shapes of ``docs/json.md``: exactly what ``--format json`` prints."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import click

from coopledger.cli import main
from coopledger.services.shaping import SCHEMA
from tests.docs.commands import printed
from tests.docs.documents import ROOT
from tests.docs.documents import blocks
from tests.docs.documents import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = ROOT / "docs" / "json.md"

#: Keys whose values are whole numbers; every other value is text, or nothing.
WHOLE = {"schema", "year", "line", "findings", "members", "days", "matched"}
WHOLE |= {"memberships", "persons", "among", "taken_over", "row", "totals"}

#: Keys whose values are true or false.
FLAGS = {"booked", "closed", "interrupted", "measured", "needs_year", "neutral"}
FLAGS |= {"required"}


def examples() -> list[tuple[str, str]]:
    """Return each command of the page with the JSON that follows it."""
    return [
        (command, after.text)
        for before, after in pairwise(blocks(PAGE))
        if after.language == "json"
        for command, _, _ in before.commands
    ]


def shortened(actual: Any, example: Any) -> Any:
    """Cut an output down to the length of an example's lists and texts."""
    if isinstance(actual, dict):
        like = example if isinstance(example, dict) else {}
        return {key: shortened(value, like.get(key)) for key, value in actual.items()}
    if isinstance(actual, list):
        like_list = example if isinstance(example, list) else [None]
        return [shortened(*pair) for pair in zip(actual, like_list, strict=False)]
    if isinstance(example, str) and example.endswith("..."):
        return f"{actual[: len(example) - 3]}..."
    return actual


def leaves(shape: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Return every value that is no list or object, with its key."""
    if isinstance(shape, dict | list):
        pairs = shape.items() if isinstance(shape, dict) else ((key, v) for v in shape)
        for name, value in pairs:
            yield from leaves(value, name)
    else:
        yield key, shape


def played(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Return each command, its example, and what it prints."""
    for block in blocks(PAGE):
        if block.value("file"):
            write(block, folder)
        if "setup" in block.words:
            for command, _, _ in block.commands:
                printed(command, folder)
    for command, example in examples():
        yield command, example, json.loads(printed(command, folder))


def test_the_examples_are_what_the_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    page, differ = PAGE.read_text("utf-8"), []
    for command, example, actual in played(sandbox):
        expected = shortened(actual, json.loads(example))
        if expected != json.loads(example):
            differ.append(command)
            text = json.dumps(expected, ensure_ascii=False, indent=2)
            before, place, after = page.partition(f"$ {command}\n")
            page = before + place + after.replace(example, f"{text}\n", 1)
    if update_goldens:
        PAGE.write_text(page, "utf-8")
    assert update_goldens or differ == []


def test_amounts_are_text_and_the_schema_is_the_documented_one(sandbox: Path) -> None:
    for command, _, actual in played(sandbox):
        assert actual["schema"] == SCHEMA == 1, command
        for key, value in leaves(actual):
            expected = int if key in WHOLE and value is not None else str | None
            is_flag = key in FLAGS and isinstance(value, bool)
            assert is_flag or isinstance(value, expected), (command, key, value)


def test_each_command_that_prints_json_is_on_the_page() -> None:
    known = dict(_commands(main))
    called = [command.split()[1:3] for command, _ in examples()]
    shown = {
        " ".join(words) if " ".join(words) in known else words[0] for words in called
    }
    printing = {
        name
        for name, command in known.items()
        for option in command.params
        if isinstance(option.type, click.Choice) and "json" in option.type.choices
    }
    assert shown == printing


def _commands(
    group: click.Group, before: str = ""
) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
