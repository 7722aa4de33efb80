"""Codes from a telephone as a second factor (TOTP, RFC 6238)."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pyotp

if TYPE_CHECKING:
    from coopledger.portal.people import People
    from coopledger.portal.people import Person

#: Who issues the codes, as telephones show it.
ISSUER = "coopledger"

_STEP = 30
#: Clocks may differ by so many steps.
_DRIFT = 1


def new_secret() -> str:
    """Return a secret for a telephone."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Say whether a text is a secret as `new_secret` gives them."""
    return bool(re.fullmatch(r"[A-Z2-7]{32}", text))


def address_of(secret: str, name: str) -> str:
    """Return the address that gives a telephone its secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def counter_of(secret: str, code: str) -> int:
    """Return which code of a secret this is, or 0 where it is none of now."""
    digits = code.replace(" ", "")
    now = int(time.time()) // _STEP
    for counter in range(now - _DRIFT, now + _DRIFT + 1):
        right = pyotp.HOTP(secret).at(counter)
        if pyotp.utils.strings_equal(right, digits):
            return counter
    return 0


def passes(people: People, person: Person, code: str) -> bool:
    """Say whether a code lets somebody in; each does so once.

    Somebody without a second factor needs none.
    """
    if not person.secret:
        return True
    counter = counter_of(person.secret, code)
    return bool(counter) and people.use_counter(person.name, counter)
