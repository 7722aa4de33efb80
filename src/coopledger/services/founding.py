"""Founding: the first files of a co-op's book, or of a federation's books.

The scaffold says in the book what the preset only suggests (patronage basis, accounts),
so that nothing a co-op's assembly should decide is hidden in code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.finding import MAIN
from coopledger.journal.planning import quoted
from coopledger.journal.writing import write_new_file
from coopledger.law.preset import Preset
from coopledger.law.preset import load_preset

if TYPE_CHECKING:
    import datetime
    from pathlib import Path


class BadNameError(CoopledgerError):
    """A name cannot serve as an id."""

    def __init__(self, what: str, name: str, form: str) -> None:
        """Say which form is needed."""
        super().__init__(f"'{name}' cannot be {what}: {form}.")


class FolderOfBooksError(CoopledgerError):
    """A new book would hide the books in the folders below it."""

    def __init__(self, folder: str) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"{folder} is a folder of books, and a book of its own in it would hide "
            "them; nothing was written. Name a folder for the new book alone."
        )


class FolderNotEmptyError(CoopledgerError):
    """A new book would be mixed with files that are not its own."""

    def __init__(self, folder: str, first: str) -> None:
        """Name the folder and one of the files."""
        super().__init__(
            f"{folder} is not empty (it holds {first}), and nothing was written. Name "
            "an empty or a new folder; or give --force to add to this one."
        )


#: What Fava opens at: last year and this one, so that a book of many years stays quick.
_FIRST_PAGE = "extension/CapitalAccounts/?time=year-1+-+year"


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new book is to be.

    Attributes:
        id: Id of the enterprise in its federation.
        title: Name for people.
        preset: The preset that governs it.
        currency: Its currency; "" for the preset's usual one.
        start: First day.
        members: Name by member id.
    """

    id: str
    title: str
    preset: str
    currency: str
    start: datetime.date
    members: dict[str, str]


#: Accounts every enterprise needs, by language of the preset.
_ORDINARY = {
    "en": (
        "Assets:Bank",
        "Assets:Cash",
        "Income:Sales",
        "Expenses:Rent",
        "Expenses:Goods",
    ),
    "es": (
        "Assets:Banco",
        "Assets:Caja",
        "Income:Ventas",
        "Expenses:Alquiler",
        "Expenses:Compras",
    ),
    "fr": (
        "Assets:Banque",
        "Assets:Caisse",
        "Income:Ventes",
        "Expenses:Loyer",
        "Expenses:Achats",
    ),
    "it": (
        "Assets:Banca",
        "Assets:Cassa",
        "Income:Vendite",
        "Expenses:Affitto",
        "Expenses:Acquisti",
    ),
}

_ENTERPRISE_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_CURRENCY = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]")


def found_coop(folder: Path, founding: Founding, *, force: bool = False) -> list[Path]:
    """Write the first files of a co-op's book.

    Args:
        folder: Where to; it is made when missing.
        founding: What the book is to be.
        force: Whether existing files may be replaced.

    Returns:
        The files, the top-level file first.

    Raises:
        FolderOfBooksError: The folder holds the folders of other books.
        FileExistsAlreadyError: A file exists already; nothing was written.
        FolderNotEmptyError: The folder holds other files; nothing was written.
        PresetUnknownError: There is no such preset.
        BadNameError: The id of a member or enterprise, or the currency, cannot be one.
    """
    _refuse_folder_of_books(folder)
    return _write(folder, coop_files(founding), force=force)


def found_federation(
    folder: Path,
    federation: Founding,
    enterprises: list[Founding],
    *,
    force: bool = False,
) -> list[Path]:
    """Write a federation's book and one book for each enterprise.

    Returns:
        All files, the federation's top-level file first.

    Raises:
        CoopledgerError: As for `found_coop`.
    """
    ids = [federation.id, *(one.id for one in enterprises)]
    for id_ in ids:
        if ids.count(id_) > 1:
            what = "the id of an enterprise"
            raise BadNameError(what, id_, "each book needs a folder of its own")
    shared = 'include "../federation/parameters.beancount"'
    files = {f"federation/{n}": t for n, t in coop_files(federation).items()}
    files["federation/main.beancount"] += 'include "parameters.beancount"\n'
    files["federation/policy.beancount"] += "\n;; The books it is made of.\n"
    files["federation/policy.beancount"] += "".join(
        f'{federation.start} custom "coop-enterprise" "{one.id}" '
        f'"../{one.id}/main.beancount"\n'
        for one in enterprises
    )
    files["federation/parameters.beancount"] = _PARAMETERS
    for one in enterprises:
        files |= {f"{one.id}/{n}": t for n, t in coop_files(one).items()}
        files[f"{one.id}/main.beancount"] += f"{shared}\n"
    return _write(folder, files, force=force)


def coop_files(founding: Founding) -> dict[str, str]:
    """Return the text of each file of a new book, by file name."""
    preset = load_preset(founding.preset)
    _refuse_bad_names(founding)
    year = f"{founding.start.year}.beancount"
    return {
        "main.beancount": _main(founding, preset, year),
        "policy.beancount": _policy(founding, preset),
        "accounts.beancount": _accounts(founding, preset),
        "members.beancount": _members(founding, preset),
        year: f";; Transactions of {founding.start.year}.\n",
    }


def _refuse_bad_names(founding: Founding) -> None:
    for name in (founding.title, *founding.members.values()):
        if not name.isprintable():
            what = "a name"
            raise BadNameError(what, name, "write it on one line")
    if not _ENTERPRISE_ID.fullmatch(founding.id):
        form = "use small letters, digits and hyphens"
        msg = "the id of an enterprise"
        raise BadNameError(msg, founding.id, form)
    if founding.currency and not _CURRENCY.fullmatch(founding.currency):
        msg = "a currency"
        raise BadNameError(
            msg, founding.currency, "use its code in capitals, such as USD"
        )
    for member in founding.members:
        if not _is_member_id(member):
            form = (
                "it stands in account names, so begin with a capital and use letters, "
                "digits and hyphens"
            )
            msg = "a member id"
            raise BadNameError(msg, member, form)


def _is_member_id(text: str) -> bool:
    """Say whether a text can be a component of an account name."""
    return text[:1].isupper() and all(char.isalnum() or char == "-" for char in text)


def _refuse_folder_of_books(folder: Path) -> None:
    if any(folder.glob(f"*/{MAIN}")):
        raise FolderOfBooksError(str(folder))


def _main(founding: Founding, preset: Preset, year: str) -> str:
    currency = founding.currency or preset.currency
    return f"""\
;; {founding.title}: the top-level file. Only here do options and plugins count.

option "title" "{quoted(founding.title)}"
option "operating_currency" "{currency}"
option "render_commas" "TRUE"
plugin "coopledger.plugin"

{founding.start} custom "fava-extension" "coopledger.fava_ext"
{founding.start} custom "fava-option" "default-page" "{_FIRST_PAGE}"

include "policy.beancount"
include "accounts.beancount"
include "members.beancount"
include "{year}"
"""


def _policy(founding: Founding, preset: Preset) -> str:
    start = founding.start
    bases = "".join(
        f'{start} custom "coop-patronage" "{basis.basis}" "{basis.template}"\n'
        f'  measure: "{basis.measure}"\n  resolution: "BYLAWS"\n'
        for basis in preset.patronage
    )
    undecided = "".join(
        _undecided(preset, name, start) for name in sorted(preset.names)
    )
    return f"""\
;; Who we are, which law and statutes govern us, and what we decided ourselves.

{start} custom "coop-enterprise" "{founding.id}"
{start} custom "coop-resolution" "BYLAWS" "By-laws adopted by the founding assembly"
{start} custom "coop-policy" "{preset.id}"

;; What counts as patronage. Change it by decision, before the year it is for.
{bases}
;; The law leaves these to us; take a line in when the assembly has decided it.
{undecided}"""


def _undecided(preset: Preset, name: str, on: datetime.date) -> str:
    parameter = preset.parameter(name)
    dated = (
        parameter.dated(on) if parameter and parameter.values[0].start <= on else None
    )
    if parameter is None or dated is None or dated.value is not None:
        return ""
    line = f';; {on} custom "coop-parameter" "{name}" VALUE'
    return f"{line}  ; {parameter.title}\n"


def _accounts(founding: Founding, preset: Preset) -> str:
    ordinary = _ORDINARY.get(preset.language, _ORDINARY["en"])
    fixed = [
        template
        for templates in preset.chart.values()
        for template in templates
        if "{" not in template
    ]
    opened = "".join(f"{founding.start} open {name}\n" for name in (*ordinary, *fixed))
    return f"""\
;; The chart of accounts. Members' accounts are opened in members.beancount.

{opened}"""


def _members(founding: Founding, preset: Preset) -> str:
    first_class = next(iter(preset.classes), "member")
    blocks = "".join(
        _member(founding, preset, member, name, first_class)
        for member, name in founding.members.items()
    )
    example = _member(founding, preset, "Ana", "Ana Example", first_class)
    commented = "".join(f";; {line}\n" for line in example.splitlines())
    return f""";; The register: who joins, changes class, pauses, leaves. For example:
;;
{commented}
{blocks}"""


def _member(
    founding: Founding, preset: Preset, member: str, name: str, member_class: str
) -> str:
    roles = ("contribution", "uncalled", "patronage", "member-loss", "member-payable")
    per_member = [*roles, "advance"]
    opened = "".join(
        f"{founding.start} open {template.format(member=member)}\n"
        for role in per_member
        for template in preset.chart.get(role, ())
        if "{member}" in template
    )
    return f"""\
{founding.start} custom "coop-member" "{member}" "join"
  name: "{quoted(name)}"
  class: "{member_class}"
{opened}"""


_PARAMETERS = """\
;; What the federation decided for all its enterprises; each includes this file.
;; For example:
;; 2024-01-01 custom "coop-parameter" "pay.ratio-cap" 3
;;   level: "federation"
;;   resolution: "FED-2023-01"
"""


def _write(folder: Path, files: dict[str, str], *, force: bool) -> list[Path]:
    paths = [folder / name for name in files]
    for path in paths:
        if path.exists() and not force:
            raise FileExistsAlreadyError(str(path))
    held = sorted(path.name for path in folder.glob("[!.]*"))
    if held and not force:
        raise FolderNotEmptyError(str(folder), held[0])
    for path, text in zip(paths, files.values(), strict=True):
        write_new_file(path, text, force=force)
    return paths
