"""The words of the ledger language: a closed vocabulary.

Which directives there are, what each looks like, and what metadata may say.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from beancount.core import amount

from coopledger.domain.books import APPROPRIATION_TAG
from coopledger.domain.books import ORIGINS
from coopledger.domain.capital import KINDS
from coopledger.domain.capital import REFUND_CLASSES
from coopledger.domain.capital import ROLES
from coopledger.domain.filings import BOXES
from coopledger.domain.filings import FORMS
from coopledger.domain.members import CAUSES
from coopledger.domain.members import ENTITIES
from coopledger.domain.members import EVENTS
from coopledger.domain.members import EXIT_KINDS
from coopledger.domain.members import PAYEES
from coopledger.domain.refunds import REFUND_EVENTS
from coopledger.domain.transfers import NATURES
from coopledger.law.policy import LEVELS
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping

_LOCALES = Path(__file__).parents[1] / "locale"

TEXT = (str, Phrase("a text in quotes"))
DATE = (datetime.date, Phrase("a date"))
NUMBER = (Decimal, Phrase("a number"))
AMOUNT = (amount.Amount, Phrase("an amount with its currency"))
SWITCH = (bool, Phrase("TRUE or FALSE"))
ANY = (object, Phrase("a value"))

#: The languages that members can be written to in: a folder of texts for each but ours.
LANGUAGES = ("en", *sorted(path.name for path in _LOCALES.glob("[a-z]*")))

#: Keys that Beancount itself puts into metadata.
OWN_KEYS = frozenset({"filename", "lineno"})


@dataclass(frozen=True, slots=True)
class Form:
    """What a directive looks like.

    Attributes:
        arguments: Name and type of each argument, in order.
        optional: How many of the last arguments may be left out.
        metadata: Type by metadata key.
        words: Words allowed for an argument or a metadata key, by its name.
    """

    arguments: tuple[tuple[str, tuple[type, Phrase]], ...]
    optional: int = 0
    metadata: Mapping[str, tuple[type, Phrase]] = field(default_factory=dict)
    words: Mapping[str, Collection[str]] = field(default_factory=dict)


#: The whole vocabulary of directives.
DIRECTIVES: dict[str, Form] = {
    "coop-enterprise": Form(
        (("id", TEXT), ("path", TEXT)), optional=1, metadata={"pay-to": TEXT}
    ),
    "coop-policy": Form((("preset", TEXT),), metadata={"resolution": TEXT}),
    "coop-parameter": Form(
        (("name", TEXT), ("value", ANY)),
        metadata={"resolution": TEXT, "level": TEXT, "enterprise": TEXT},
        words={"level": LEVELS},
    ),
    "coop-account": Form((("role", TEXT), ("template", TEXT)), words={"role": ROLES}),
    "coop-patronage": Form(
        (("basis", TEXT), ("template", TEXT)),
        metadata={
            "measure": TEXT,
            "weight": NUMBER,
            "share": NUMBER,
            "factor": TEXT,
            "currency": TEXT,
            "resolution": TEXT,
        },
    ),
    "coop-member": Form(
        (("member", TEXT), ("event", TEXT)),
        metadata={
            "name": TEXT,
            "person": TEXT,
            "entity": TEXT,
            "class": TEXT,
            "exit": TEXT,
            "reason": TEXT,
            "consent": DATE,
            "cause": TEXT,
            "payee": TEXT,
            "federation-member": TEXT,
            "peer": TEXT,
            "language": TEXT,
        },
        words={
            "event": EVENTS,
            "exit": EXIT_KINDS,
            "cause": CAUSES,
            "payee": PAYEES,
            "entity": ENTITIES,
            "language": LANGUAGES,
        },
    ),
    "coop-refund": Form(
        (("member", TEXT), ("event", TEXT), ("amount", AMOUNT)),
        optional=1,
        metadata={"reason": TEXT, "resolution": TEXT},
        words={"event": REFUND_EVENTS},
    ),
    "coop-resolution": Form(
        (("id", TEXT), ("text", TEXT)),
        metadata={"body": TEXT},
        words={"body": ("assembly", "board")},
    ),
    "coop-seal": Form(
        (("year", TEXT), ("digest", TEXT)), metadata={"resolution": TEXT}
    ),
    "coop-rule": Form(
        (("rule", TEXT), ("state", TEXT)),
        metadata={"reason": TEXT, "resolution": TEXT},
        words={"state": ("off", "on")},
    ),
    "coop-filing": Form(
        (("form", TEXT), ("year", TEXT), ("member", TEXT)),
        optional=1,
        metadata={
            **dict.fromkeys(BOXES, NUMBER),
            "specified-cooperative": SWITCH,
        },
        words={"form": FORMS},
    ),
}

#: Cooperative metadata on transactions, postings and opens: type and allowed words.
METADATA: dict[str, tuple[tuple[type, Phrase], Collection[str]]] = {
    "coop-kind": (TEXT, KINDS),
    "coop-year": (TEXT, ()),
    "coop-step": (TEXT, ()),
    "coop-origin": (TEXT, ORIGINS),
    "coop-transfer": (TEXT, ()),
    "coop-peer": (TEXT, ()),
    "coop-nature": (TEXT, NATURES),
    "coop-member": (TEXT, ()),
    "coop-refund-class": (TEXT, REFUND_CLASSES),
    "coop-instalments": (NUMBER, ()),
    "coop-every": (NUMBER, ()),
    "coop-due": (DATE, ()),
    "coop-each": (NUMBER, ()),
    "coop-notified": (DATE, ()),
    "coop-unit": (TEXT, ()),
    "coop-cleared": (DATE, ()),
}

#: Cooperative tags.
TAGS = frozenset({APPROPRIATION_TAG})
