"""What a tax number or a bank account has to look like, checked without a network.

A number is never repeated in a message: whoever reads a screen or a log would have it.
"""

from __future__ import annotations

import re

from coopledger.phrases import Phrase
from coopledger.services.extras import optional

#: Kinds of tax numbers: those of the United States, and any other country's.
OTHER = "OTHER"
TAX_KINDS = ("SSN", "EIN", "ITIN", "ATIN", OTHER)
_DIGITS = 9
_OF_ITIN = re.compile(r"9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}")
_OF_ATIN = re.compile(r"9\d\d93\d{4}")
#: Neither the area, nor the group, nor the serial number is all zeros.
_OF_SSN = re.compile(r"(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}")
_OF_EIN = re.compile(r"(?!00)\d{9}")
_FORMS = {"SSN": _OF_SSN, "EIN": _OF_EIN, "ITIN": _OF_ITIN, "ATIN": _OF_ATIN}
_AS_EIN = re.compile(r"\d{2}-\d{7}")
_AS_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
#: A routing number's weights; the sum is a multiple of ten.
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)


class WrongNumberError(ValueError):
    """A number cannot be one; what is wrong is a phrase."""

    def __init__(self, why: Phrase) -> None:
        """Take what is wrong."""
        super().__init__(why)
        self.why = why


def tax_number(kind: str, text: str) -> tuple[str, str]:
    """Return kind and number of a tax number, hyphens and blanks taken out.

    Args:
        kind: One of `TAX_KINDS`, or "" for what the hyphens tell.
        text: The number.

    Raises:
        WrongNumberError: It cannot be one.
    """
    told = kind.upper() or _told_by_hyphens(text)
    if told not in TAX_KINDS:
        why = Phrase(
            "'{kind}' is no kind of tax number; known are: {known}",
            kind=kind,
            known=", ".join(TAX_KINDS),
        )
        raise WrongNumberError(why)
    number = re.sub(r"[\s-]", "", text)
    if told == OTHER:
        if not number.isalnum():
            raise WrongNumberError(Phrase("a tax number has letters and figures only"))
        return told, number
    if not re.fullmatch(r"[0-9]{9}", number):
        why = Phrase(
            "{kind} has {wanted} figures, and this has {count} characters",
            kind=told,
            wanted=str(_DIGITS),
            count=str(len(number)),
        )
        raise WrongNumberError(why)
    if not _FORMS[told].fullmatch(number):
        raise WrongNumberError(Phrase("no {kind} has these figures", kind=told))
    return told, number


def _told_by_hyphens(text: str) -> str:
    if _AS_EIN.fullmatch(text.strip()):
        return "EIN"
    if _AS_SSN.fullmatch(text.strip()):
        return "SSN"
    why = Phrase("the kind is missing, and no hyphens tell it: {known}", known=_KNOWN)
    raise WrongNumberError(why)


_KNOWN = ", ".join(TAX_KINDS)


def iban(text: str) -> str:
    """Return an IBAN without blanks.

    Raises:
        WrongNumberError: It cannot be one.
        LibraryMissingError: schwifty, which knows each country's form, is missing.
    """
    library = optional("schwifty", "payments", "Checking an IBAN")
    try:
        return str(library.IBAN(text).compact)
    except library.exceptions.SchwiftyException:
        why = Phrase("no IBAN has these letters and figures: one of them is mistyped")
        raise WrongNumberError(why) from None


def bic(text: str) -> str:
    """Return a bank's code (BIC) without blanks.

    Raises:
        WrongNumberError: It cannot be one.
        LibraryMissingError: schwifty is missing.
    """
    library = optional("schwifty", "payments", "Checking an IBAN")
    try:
        return str(library.BIC(text).compact)
    except library.exceptions.SchwiftyException:
        raise WrongNumberError(Phrase("no bank's code (BIC) reads so")) from None


def routed(routing: str, account: str) -> tuple[str, str]:
    """Return routing number and account of a bank in the United States.

    Raises:
        WrongNumberError: They cannot be ones.
    """
    bank, number = (re.sub(r"[\s-]", "", one) for one in (routing, account))
    is_known = re.fullmatch(r"[0-9]{9}", bank) and not _rest(bank)
    if not is_known:
        raise WrongNumberError(
            Phrase("no routing number has these figures: one of them is mistyped")
        )
    if not re.fullmatch(r"[0-9A-Za-z]{4,17}", number):
        raise WrongNumberError(
            Phrase("an account has 4 to 17 letters and figures, blanks not counted")
        )
    return bank, number


def _rest(bank: str) -> int:
    return sum(w * int(d) for w, d in zip(_WEIGHTS, bank, strict=True)) % 10
