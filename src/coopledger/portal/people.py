"""Who may sign in, and as what."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from coopledger.portal.storing import Store

Role = Literal["member", "bookkeeper", "treasurer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

#: How long an invitation is good for, in hours, where nothing else is said.
HOURS = 72
#: A password has at least so many characters; no other rule makes it safer.
SHORTEST = 12
#: No more than so many: a hash of megabytes would cost whoever is asked for it.
LONGEST = 256

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")

_BAD_NAME = (
    "'{name}' cannot be signed in with: a name has small letters, digits and "
    ". _ @ + -, and begins with a letter or digit."
)
_TWICE = "There is already somebody called '{name}'."
_DISABLED = "'{name}' is disabled and cannot be invited; enable them first."
_LENGTH = "A password has {least} to {most} characters."
_GUESSED = "This password is guessed at once; take another one."
_WHOSE = (
    "Somebody with the role 'member' has a member's id, and nobody else has: name it "
    "(--member on the command line), or take another role."
)

#: Passwords are hashed by so many at once, so that memory stays bounded.
_AT_ONCE = threading.BoundedSemaphore(4)
_HASHER = PasswordHasher()


class PersonRefusedError(CoopledgerError):
    """Somebody cannot be kept as they were given."""


class PersonUnknownError(CoopledgerError):
    """Nobody has that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Offer the nearest."""
        super().__init__(f"There is nobody called '{name}'{offer_nearest(name, known)}")


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in.

    Attributes:
        name: What they sign in with.
        role: What they are to the books.
        member: Whose book they read, where the role is a member's.
        password: Its hash; "" until an invitation is accepted.
        secret: Of the second factor; "" without one.
        is_disabled: Whether they may not sign in.
        version: Sessions of an earlier version are over.
    """

    name: str
    role: Role
    member: str
    password: str
    secret: str
    is_disabled: bool
    version: int

    @property
    def is_staff(self) -> bool:
        """Whether they see more than one member's book."""
        return self.role != "member"

    @property
    def state(self) -> str:
        """Say in one word whether they can sign in."""
        if self.is_disabled:
            return "disabled"
        return "active" if self.password else "invited"


class People:
    """Those who may sign in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> Person | None:
        """Return the person of a name."""
        row = self._store.row("SELECT * FROM people WHERE name = ?", name)
        return _person(row) if row else None

    def named(self, name: str) -> Person:
        """Return the person of a name.

        Raises:
            PersonUnknownError: There is nobody.
        """
        person = self.find(name)
        if person is None:
            raise PersonUnknownError(name, [one.name for one in self.all()])
        return person

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        return [
            _person(row)
            for row in self._store.rows("SELECT * FROM people ORDER BY name")
        ]

    def add(self, name: str, role: str, member: str = "") -> Person:
        """Add somebody, who cannot sign in before an invitation is accepted.

        Raises:
            PersonRefusedError: The name, the role or the member will not do.
        """
        if not _NAME.fullmatch(name):
            raise PersonRefusedError(Phrase(_BAD_NAME, name=name))
        _refuse_role(role, member)
        with self._store.changing():
            if self.find(name):
                raise PersonRefusedError(Phrase(_TWICE, name=name))
            self._store.run(
                "INSERT INTO people (name, role, member) VALUES (?, ?, ?)",
                name,
                role,
                member,
            )
        return self.named(name)

    def change_role(self, name: str, role: str, member: str = "") -> None:
        """Give somebody another role; their sessions end."""
        self.named(name)
        _refuse_role(role, member)
        self._change(name, "role = ?, member = ?", role, member)

    def disable(self, name: str, *, is_disabled: bool = True) -> None:
        """Keep somebody out, or let them in again; their sessions end."""
        self.named(name)
        self._change(name, "disabled = ?", int(is_disabled))
        self._store.run("DELETE FROM invitations WHERE name = ?", name)

    def reset(self, name: str) -> None:
        """Forget somebody's password and second factor; their sessions end."""
        self.named(name)
        self._change(name, "password = '', secret = '', counter = 0")
        self._store.run("DELETE FROM invitations WHERE name = ?", name)

    def set_password(self, name: str, password: str) -> None:
        """Give somebody a password; their sessions end.

        Raises:
            PersonRefusedError: It is too short, too long or their name.
        """
        refuse_password(name, password)
        with _AT_ONCE:
            digest = _HASHER.hash(password)
        self._change(name, "password = ?", digest)

    def set_secret(self, name: str, secret: str) -> None:
        """Give somebody a second factor; their sessions go on."""
        self._store.run(
            "UPDATE people SET secret = ?, counter = 0 WHERE name = ?", secret, name
        )

    def use_counter(self, name: str, counter: int) -> bool:
        """Use up a code of the second factor; say whether it was still unused."""
        sql = "UPDATE people SET counter = ? WHERE name = ? AND counter < ?"
        return self._store.run(sql, counter, name, counter) == 1

    def verify(self, name: str, password: str) -> Person | None:
        """Return who signs in with a password; None where it is not theirs.

        It takes as long for a name that nobody has.
        """
        person = self.find(name)
        is_known = person is not None and person.password and not person.is_disabled
        digest = person.password if person and is_known else _dummy()
        with _AT_ONCE:
            is_right = _is_right(digest, password[:LONGEST])
        return person if is_known and is_right else None

    # --- invitations ------------------------------------------------------------------

    def invite(self, name: str, hours: float = HOURS) -> str:
        """Return a token with which somebody may choose a password, once.

        An earlier invitation of theirs is void.

        Raises:
            PersonRefusedError: They are disabled.
        """
        if self.named(name).is_disabled:
            raise PersonRefusedError(Phrase(_DISABLED, name=name))
        token = secrets.token_urlsafe(32)
        with self._store.changing():
            self._store.run("DELETE FROM invitations WHERE name = ?", name)
            self._store.run(
                "INSERT INTO invitations VALUES (?, ?, ?)",
                digest_of(token),
                name,
                time.time() + hours * 3600,
            )
        return token

    def invited(self, token: str) -> Person | None:
        """Return who was invited with a token that is still good."""
        row = self._store.row(
            "SELECT name FROM invitations WHERE digest = ? AND expires > ?",
            digest_of(token),
            time.time(),
        )
        return self.find(row["name"]) if row else None

    def accept(self, token: str, password: str) -> Person | None:
        """Use an invitation up; return whose it was, or None where it is not good.

        Raises:
            PersonRefusedError: The password will not do; the invitation stays good.
        """
        person = self.invited(token)
        if person is None:
            return None
        refuse_password(person.name, password)
        sql = "DELETE FROM invitations WHERE digest = ? AND expires > ?"
        if self._store.run(sql, digest_of(token), time.time()) != 1:
            return None
        self.set_password(person.name, password)
        return self.named(person.name)

    def _change(self, name: str, what: str, *values: Any) -> None:
        """Change somebody so that sessions that are open end."""
        # The words of `what` are constants of this module.
        sql = f"UPDATE people SET {what}, version = version + 1 WHERE name = ?"  # noqa: S608
        self._store.run(sql, *values, name)


def refuse_password(name: str, password: str) -> None:
    """Refuse a password that will not do.

    Raises:
        PersonRefusedError: With the reason.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PersonRefusedError(Phrase(_LENGTH, least=SHORTEST, most=LONGEST))
    if password.casefold() == name or len(set(password)) < 4:
        raise PersonRefusedError(_GUESSED)


def digest_of(token: str) -> str:
    """Return what is kept of a token: who reads the file cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _refuse_role(role: str, member: str) -> None:
    if role not in ROLES:
        message = f"There is no role '{role}'{offer_nearest(role, ROLES)}"
        raise PersonRefusedError(message)
    if (role == "member") != bool(member):
        raise PersonRefusedError(_WHOSE)


_DUMMIES: list[str] = []


def _dummy() -> str:
    """Return the hash of a password that nobody has."""
    if not _DUMMIES:
        _DUMMIES.append(_HASHER.hash(secrets.token_urlsafe(32)))
    return _DUMMIES[0]


def _is_right(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


def _person(row: Any) -> Person:
    return Person(
        name=row["name"],
        role=row["role"],
        member=row["member"],
        password=row["password"],
        secret=row["secret"],
        is_disabled=bool(row["disabled"]),
        version=row["version"],
    )
