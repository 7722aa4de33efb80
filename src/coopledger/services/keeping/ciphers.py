"""Texts encrypted to a public key, by age (https://age-encryption.org).

This is the only home of pyrage, the library that does it.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from typing import Any

from coopledger.errors import CoopledgerError
from coopledger.services.extras import optional

if TYPE_CHECKING:
    from pathlib import Path


class KeyUnusableError(CoopledgerError):
    """Something that should be a key is none, or is another one."""


def _library() -> Any:
    return optional("pyrage", "secrets", "Keeping numbers encrypted beside a book")


def new_key() -> tuple[str, str]:
    """Return a new key: its private half as the text of a file, its public half."""
    identity = _library().x25519.Identity.generate()
    public = str(identity.to_public())
    return f"# public key: {public}\n{identity}\n", public


def refuse_no_key(public: str) -> None:
    """Refuse a text that is no public key.

    Raises:
        KeyUnusableError: It is none.
    """
    _recipient(public)


def _recipient(public: str) -> Any:
    library = _library()
    try:
        return library.x25519.Recipient.from_str(public)
    except library.RecipientError:
        why = (
            f"'{public[:12]}' does not begin a public key; one reads age1 and 58 "
            "letters and figures. 'coopledger tax-ids key FILE' makes a pair."
        )
        raise KeyUnusableError(why) from None


def sealed(public: str, text: str) -> str:
    """Encrypt a text to a public key; the result is letters and figures alone."""
    secret = _library().encrypt(text.encode("utf-8"), [_recipient(public)])
    return base64.b64encode(secret).decode("ascii")


class Opener:
    """Opens what was encrypted, with the private half of the key.

    Attributes:
        path: The file that the key stands in.
        public: Its public half.
    """

    def __init__(self, path: Path) -> None:
        """Read the key.

        Raises:
            KeyUnusableError: There is no private key in the file.
        """
        self.path = path
        self._identity = self._read(path)
        self.public = str(self._identity.to_public())

    @staticmethod
    def _read(path: Path) -> Any:
        library = _library()
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            lines = []
        keys = [line.strip() for line in lines if line.strip() and line[:1] != "#"]
        try:
            # The text of the key itself is never repeated in a message.
            return library.x25519.Identity.from_str(keys[0] if len(keys) == 1 else "")
        except library.IdentityError:
            why = (
                f"{path} holds no private key; it would be one line that begins with "
                "AGE-SECRET-KEY-1, as 'coopledger tax-ids key FILE' writes it."
            )
            raise KeyUnusableError(why) from None

    def opened(self, secret: str, whose: str) -> str:
        """Return the text of what was encrypted.

        Raises:
            KeyUnusableError: It was encrypted to another key, or was changed since.
        """
        library = _library()
        try:
            text: bytes = library.decrypt(
                base64.b64decode(secret, validate=True), [self._identity]
            )
        except (library.DecryptError, binascii.Error):
            why = (
                f"The key in {self.path} does not open what is kept of {whose}: that "
                "was encrypted to another key, or changed since. Use the other key, or "
                "enter the number again."
            )
            raise KeyUnusableError(why) from None
        return text.decode("utf-8")
