"""The file beside a book that holds encrypted numbers, and the last four in the clear.

It is never included in the book, only its owner may read it, and it is written at once
or not at all.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import Field
from pydantic import ValidationError

from coopledger.errors import CoopledgerError
from coopledger.journal.placing import put_private
from coopledger.law.strictly import Strict
from coopledger.services.keeping.ciphers import refuse_no_key
from coopledger.services.keeping.ciphers import sealed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

    from coopledger.services.keeping.ciphers import Opener

#: Name of the file, beside a book's top-level file.
FILE = "private.json"
#: What is kept, and of what sort.
Sort = Literal["tax-ids", "accounts"]
#: The co-op itself, among the members; no member's id begins with a small letter.
PAYER = "payer"
#: How many characters are shown.
_SHOWN = 4


class VaultUnusableError(CoopledgerError):
    """The file is not as it should be, or others can read it."""


class KeyDiffersError(CoopledgerError):
    """Two keys are meant for one file."""

    def __init__(self, path: Path, known: str) -> None:
        """Name the key that is used already."""
        super().__init__(
            f"{path} is encrypted to {known} already, and one file has one key. Leave "
            "--key out; to change the key, begin a new file and enter all numbers "
            "again."
        )


class KeyNotGivenError(CoopledgerError):
    """A new file is to be written, and nobody said to which key."""

    def __init__(self, path: Path) -> None:
        """Say how a key is made."""
        super().__init__(
            f"{path} is new, so that it has to be told which key to encrypt to: add "
            "--key age1.... 'coopledger tax-ids key FILE' makes one; its private half "
            "is kept on another machine."
        )


@dataclass(frozen=True, slots=True)
class Number:
    """A number before it is encrypted; nothing prints it.

    Attributes:
        member: Whose it is.
        kind: What it is: ``SSN``, ``EIN``, ``IBAN`` ...
        text: The number itself.
        details: What else is needed with it: name in parts, address ...
    """

    member: str
    kind: str
    text: str = field(repr=False)
    details: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def last(self) -> str:
        """The part of it that may be shown: of a short one at most half."""
        return self.text[-min(_SHOWN, max(1, len(self.text) // 2)) :]


@dataclass(frozen=True, slots=True)
class Kept:
    """A number that is kept.

    Attributes:
        kind: What it is.
        last: Its last four characters.
        secret: The encrypted rest.
        since: The day on which it was entered.
    """

    kind: str
    last: str
    secret: str = field(repr=False)
    since: datetime.date

    @property
    def masked(self) -> str:
        """As it is shown."""
        return f"*****{self.last}"


@dataclass(frozen=True, slots=True)
class Vault:
    """Everything that is kept beside a book.

    Attributes:
        path: The file.
        key: The public key, or "" while there is none.
        kept: By sort and member.
    """

    path: Path
    key: str = ""
    kept: Mapping[Sort, Mapping[str, Kept]] = field(default_factory=dict)

    def of(self, sort: Sort) -> Mapping[str, Kept]:
        """Return what is kept of one sort, by member."""
        return self.kept.get(sort, {})

    def with_key(self, key: str) -> Vault:
        """Return it with a key, which it keeps for good.

        Raises:
            KeyDiffersError: It has another one.
            KeyNotGivenError: It has none, and none is given.
            KeyUnusableError: What is given is no key.
        """
        if key and self.key not in {"", key}:
            raise KeyDiffersError(self.path, self.key)
        if not key and not self.key:
            raise KeyNotGivenError(self.path)
        refuse_no_key(key or self.key)
        return replace(self, key=key or self.key)

    def adding(
        self, sort: Sort, numbers: Iterable[Number], today: datetime.date
    ) -> Vault:
        """Return it with more numbers, encrypted; a later one takes over."""
        new = {
            one.member: Kept(one.kind, one.last, self._seal(sort, one), today)
            for one in numbers
        }
        return replace(self, kept={**self.kept, sort: {**self.of(sort), **new}})

    def _seal(self, sort: Sort, one: Number) -> str:
        content = {"sort": sort, "member": one.member, "number": one.text}
        text = json.dumps({**content, "details": dict(one.details)}, ensure_ascii=False)
        return sealed(self.key, text)

    def without(self, sort: Sort, member: str) -> Vault:
        """Return it without what is kept of a member."""
        left = {name: one for name, one in self.of(sort).items() if name != member}
        return replace(self, kept={**self.kept, sort: left})

    def opened(self, sort: Sort, opener: Opener) -> dict[str, Number]:
        """Return all numbers of a sort, decrypted, by member.

        Raises:
            KeyUnusableError: The key is another one.
            VaultUnusableError: What is kept of a member was put there from elsewhere.
        """
        found = {}
        for member, one in self.of(sort).items():
            content = json.loads(opener.opened(one.secret, member))
            if (content["sort"], content["member"]) != (sort, member):
                why = (
                    f"{self.path}: what is kept of {member} was written for "
                    f"{content['member']}. Somebody moved it; enter it again."
                )
                raise VaultUnusableError(why)
            found[member] = Number(
                member, one.kind, content["number"], content["details"]
            )
        return found


class _RawKept(Strict):
    kind: str
    last: str = Field(max_length=_SHOWN)
    secret: str
    since: str


class _RawVault(Strict):
    schema_: Literal[1] = Field(alias="schema")
    key: str
    tax_ids: dict[str, _RawKept] = Field(alias="tax-ids", default_factory=dict)
    accounts: dict[str, _RawKept] = Field(default_factory=dict)


def vault_beside(main: Path, given: Path | None = None) -> Vault:
    """Read what is kept beside a book, or in a file that is named.

    Raises:
        VaultUnusableError: Others can read the file, or it is not as it should be.
    """
    path = given or main.parent / FILE
    if not path.exists():
        return Vault(path)
    if path.stat().st_mode & 0o077:
        why = (
            f"{path} can be read or changed by other users of this machine. Take that "
            f"right from them, for example with: chmod go= '{path}'."
        )
        raise VaultUnusableError(why)
    try:
        raw = _RawVault.model_validate_json(path.read_bytes())
        kept: dict[Sort, dict[str, Kept]] = {
            "tax-ids": {name: _kept(one) for name, one in raw.tax_ids.items()},
            "accounts": {name: _kept(one) for name, one in raw.accounts.items()},
        }
    except (ValidationError, ValueError):
        why = (
            f"{path} is no file of private numbers, or was damaged; nothing was "
            "changed. Bring back a copy of it, or begin a new one with --file."
        )
        raise VaultUnusableError(why) from None
    return Vault(path, raw.key, kept)


def _kept(raw: _RawKept) -> Kept:
    since = datetime.date.fromisoformat(raw.since)
    return Kept(raw.kind, raw.last, raw.secret, since)


def write_vault(vault: Vault) -> None:
    """Write the file, at once or not at all, for its owner alone."""
    content: dict[str, object] = {"schema": 1, "key": vault.key}
    for sort, own in vault.kept.items():
        content[sort] = {member: _raw(one) for member, one in sorted(own.items())}
    text = json.dumps(content, ensure_ascii=False, indent=2)
    put_private(vault.path, f"{text}\n")


def _raw(one: Kept) -> dict[str, str]:
    since = one.since.isoformat()
    return {"kind": one.kind, "last": one.last, "secret": one.secret, "since": since}
