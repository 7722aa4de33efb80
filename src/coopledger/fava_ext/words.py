"""What our pages call things: in English, which catalogues say in other languages."""

from __future__ import annotations

#: Columns that are left out where nothing stands in them.
RARE = frozenset({"interest", "losses", "transfers", "other"})

#: How far a year's distribution got.
STATES = {
    "running": "The year is not over: these are its figures so far.",
    "proposed": "Proposed: what follows for the year; nothing of it is booked yet.",
    "draft": "Draft: it stands in the book with the flag “!”, and nobody decided it.",
    "sealed": "The year is sealed: a later change of it would be found.",
}
#: The same in one word.
SHORT_STATES = {
    "running": "running",
    "proposed": "proposed",
    "draft": "draft",
    "booked": "booked",
    "sealed": "sealed",
}

#: Where a result comes from.
ORIGINS = {
    "cooperative": "From the co-operative's own activity",
    "extra-cooperative": "From business with others",
    "extraordinary": "Extraordinary",
    "tax": "Tax on the result",
}

#: What the base of a step is made of.
TERMS = {
    "remaining": "what remains",
    "result": "the result",
    "result.cooperative": "the co-operative result",
    "result.extra-cooperative": "the result of business with others",
    "result.extraordinary": "the extraordinary result",
    "tax": "the tax",
    "tax.cooperative": "the tax on the co-operative result",
    "tax.extra-cooperative": "the tax on business with others",
    "tax.extraordinary": "the tax on the extraordinary result",
    "surplus": "the surplus",
    "loss": "the loss",
    "profit": "profit from work that is not members'",
    "capital": "the capital",
    "capital.by-time": "capital by the time it stood",
    "capital.highest": "the highest capital so far",
    "equity": "the equity",
    "debts": "the debts",
    "prior-losses": "losses of earlier years",
    "payroll": "all pay",
    "payroll.members": "members' pay",
    "units": "units delivered",
}
TERMS_OF = {
    "balance": "balance of the {role}",
    "highest": "highest balance of the {role}",
    "spill": "what no member can have of the {role}",
    "capital.by-time": "capital by the time it stood: {role}",
}
ROLES = {
    "collective": "collective account",
    "mandatory-reserve": "compulsory reserve",
    "voluntary-reserve": "voluntary reserve",
    "development-fund": "development fund",
    "revaluation-reserve": "revaluation reserve",
    "prior-losses": "losses of earlier years",
    "suspense": "losses in suspense",
    "patronage": "patronage",
}

#: Severities of findings: one of them, several.
SEVERITIES = {
    "error": ("{count} error", "{count} errors"),
    "warning": ("{count} warning", "{count} warnings"),
}
#: What came of a rule.
VERDICTS = {
    "broken": "broken",
    "holds": "holds",
    "off": "switched off",
    "idle": "does not apply",
}
#: On whose authority a rule stands.
BASES = {
    "law": "law: nobody may depart from it",
    "federation": "the federation's rules: its own assembly may change them",
    "statutes": "by-laws: the assembly may change them within the law",
    "practice": "good practice: it can be switched off in a book, with a reason",
    "beancount": "Beancount itself",
}

#: What happened, by a line of the register.
EVENTS = {
    "apply": "applied",
    "join": "joined",
    "class": "changed class",
    "pause": "paused",
    "resume": "came back from a pause",
    "leave": "left",
    "die": "died",
    "withhold": "tax is withheld from now on",
    "release": "tax is no longer withheld",
}

#: What passes between enterprises.
NATURES = {
    "pool": "pooled result",
    "solidarity": "solidarity fund",
    "central": "central fund",
    "education": "education",
    "aid": "aid",
    "loan": "loan",
    "fee": "dues",
    "trade": "trade",
}
#: Whether the other book says the same.
MATCHES = {
    "matched": "both books agree",
    "unmatched": "the books do not agree",
    "unknown": "not known here",
}
