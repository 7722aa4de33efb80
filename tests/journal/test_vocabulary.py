"""The words of a book are a closed list: each slip is found, with the nearest word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.findings import Finding

PREAMBLE = books.preamble("us-worker-ica")

TRANSACTION = """
2024-06-01 * "A payment"
  {meta}
  Assets:Bank                      10.00 USD
    {posting}
  Equity:Members:Ana:Contribution -10.00 USD
"""
OPEN = """
2024-01-01 open Income:Grants
  {meta}
"""

SLIPS = {
    "a directive": (
        '2024-01-01 custom "coop-membr" "Ana" "pause"',
        "There is no directive 'coop-membr'; did you mean 'coop-member'?",
    ),
    "a directive without its hyphen": (
        '2024-01-01 custom "coopmember" "Ana" "pause"',
        "There is no directive 'coopmember'; did you mean 'coop-member'?",
    ),
    "a directive with a slip in coop": (
        '2024-01-01 custom "copp-member" "Ana" "pause"',
        "There is no directive 'copp-member'; did you mean 'coop-member'?",
    ),
    "a directive that is like none": (
        '2024-01-01 custom "coop-bylaws-of-2024" "Ana"',
        (
            "There is no directive 'coop-bylaws-of-2024'; known are: coop-account, "
            "coop-enterprise, coop-filing, coop-member, coop-parameter, "
            "coop-patronage, coop-policy, coop-refund, ...."
        ),
    ),
    "too few arguments": (
        '2024-01-01 custom "coop-member" "Ana"',
        "'coop-member' takes 2 arguments (member, event), not 1.",
    ),
    "too many arguments": (
        '2024-01-01 custom "coop-seal" "2023" "digest" "more"',
        "'coop-seal' takes 2 arguments (year, digest), not 3.",
    ),
    "too many for one that has an optional argument": (
        '2024-01-01 custom "coop-enterprise" "a" "b" "c"',
        "'coop-enterprise' takes 2 arguments (id, path), not 3.",
    ),
    "a number for a text": (
        '2024-01-01 custom "coop-member" 5 "pause"',
        "'coop-member' takes a text in quotes as its member, not 5.",
    ),
    "an account for a text": (
        '2024-01-01 custom "coop-member" "Ana" Assets:Bank',
        None,
    ),
    "a metadata key of a directive": (
        '2024-01-01 custom "coop-member" "Ana" "pause"\n  reson: "ill"',
        "'coop-member' has no metadata 'reson'; did you mean 'reason'?",
    ),
    "a metadata value of a directive": (
        '2024-01-01 custom "coop-member" "Ana" "pause"\n  consent: "yes"',
        "'consent' takes a date, not yes.",
    ),
    "a weight that is no number": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:X:{member}"\n  weight: "2"',
        "'weight' takes a number, not 2.",
    ),
    "an event": (
        '2024-01-01 custom "coop-member" "Ana" "paus"',
        "There is no event 'paus'; did you mean 'pause'?",
    ),
    "a kind of exit": (
        '2024-01-01 custom "coop-member" "Ana" "leave"\n  exit: "unjustifed"',
        "There is no exit 'unjustifed'; did you mean 'unjustified'?",
    ),
    "a kind of exit where nobody leaves": (
        '2024-01-01 custom "coop-member" "Ana" "pause"\n  exit: "retirement"',
        "'pause' of Ana is no exit of kind 'retirement'.",
    ),
    "a death of another kind": (
        '2024-01-01 custom "coop-member" "Ana" "die"\n  exit: "retirement"',
        "'die' of Ana is no exit of kind 'retirement'.",
    ),
    "an event of a refund": (
        '2024-01-01 custom "coop-refund" "Ana" "refus"',
        "There is no event 'refus'; did you mean 'refuse'?",
    ),
    "a refund of nothing": (
        '2024-01-01 custom "coop-refund" "Ana" "request" 0.00 USD',
        "The refund of Ana is 0.00 USD.",
    ),
    "a refund without a currency": (
        '2024-01-01 custom "coop-refund" "Ana" "request" 10.00',
        "'coop-refund' takes an amount with its currency as its amount, not 10.00.",
    ),
    "a refund of a stranger": (
        '2024-01-01 custom "coop-refund" "Anna" "request"',
        "'Anna' is not in the register; did you mean 'Ana'?",
    ),
    "a role": (
        '2024-01-01 custom "coop-account" "patronge" "Equity:X:{member}"',
        "There is no role 'patronge'; did you mean 'patronage'?",
    ),
    "a level": (
        '2024-01-01 custom "coop-parameter" "tax.regime" "sub-t"\n  level: "statute"',
        "There is no level 'statute'; did you mean 'statutes'?",
    ),
    "a body": (
        '2024-01-01 custom "coop-resolution" "R-1" "x"\n  body: "asembly"',
        "There is no body 'asembly'; did you mean 'assembly'?",
    ),
    "a preset": (
        '2024-01-01 custom "coop-policy" "us-worker-ika"',
        "There is no preset 'us-worker-ika'; did you mean 'us-worker-ica'?",
    ),
    "a placeholder": (
        '2024-01-01 custom "coop-account" "patronage" "Equity:X:{membr}"',
        "The template 'Equity:X:{membr}' has an unknown part {membr}.",
    ),
    "a placeholder of a basis": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:X:{membr}"',
        "The template 'Expenses:X:{membr}' has an unknown part {membr}.",
    ),
    "a basis without a member": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:X"',
        "The template 'Expenses:X' names no member.",
    ),
    "a resolution on file twice": (
        '2025-03-31 custom "coop-resolution" "GA-2025-01" "Again"',
        "Resolution 'GA-2025-01' is on file twice, first at line 14.",
    ),
    "the year of a seal": (
        '2024-01-01 custom "coop-seal" "last year" "digest"',
        "'coop-seal' takes a year, not 'last year'.",
    ),
    "a form": (
        '2026-01-31 custom "coop-filing" "1099-PART" "2025" "Ana"',
        "There is no form '1099-PART'; did you mean '1099-PATR'?",
    ),
    "the year of a filing": (
        '2026-01-31 custom "coop-filing" "1120-C" "last year"',
        "'coop-filing' takes a year, not 'last year'.",
    ),
    "a member's form without a member": (
        '2026-01-31 custom "coop-filing" "1099-PATR" "2025"',
        "A 1099-PATR names no member.",
    ),
    "the co-op's form with a member": (
        '2026-01-31 custom "coop-filing" "1120-C" "2025" "Ana"',
        "A 1120-C is the co-op's own.",
    ),
    "a filing of somebody nobody knows": (
        '2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Anna"',
        "'Anna' is not in the register; did you mean 'Ana'?",
    ),
    "a box that no form has": (
        '2026-01-31 custom "coop-filing" "1120-C" "2025"\n  patronage-dividend: 1.00',
        (
            "'coop-filing' has no metadata 'patronage-dividend'; did you mean "
            "'patronage-dividends'?"
        ),
    ),
    "a box that another form has": (
        '2026-01-31 custom "coop-filing" "1120-C" "2025"\n  withheld: 1.00',
        "A 1120-C has no box 'withheld'.",
    ),
    "a box of a notice": (
        '2026-01-31 custom "coop-filing" "netting-notice" "2025"\n  withheld: 1.00',
        "A netting-notice has no box 'withheld'.",
    ),
    "a box below nought": (
        '2026-01-31 custom "coop-filing" "1120-C" "2025"\n  per-unit-retains: -1.00',
        "The box 'per-unit-retains' is -1.00.",
    ),
    "a mark that is no switch": (
        (
            '2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"\n'
            '  specified-cooperative: "yes"'
        ),
        "'specified-cooperative' takes TRUE or FALSE, not yes.",
    ),
    "why is withheld": (
        '2024-01-01 custom "coop-member" "Ana" "withhold"\n  cause: "tni"',
        "There is no cause 'tni'; did you mean 'tin'?",
    ),
    "who is paid": (
        '2024-01-01 custom "coop-member" "Ana" "class"\n  payee: "exemp"',
        "There is no payee 'exemp'; did you mean 'exempt'?",
    ),
    "the day a check was cashed": (
        TRANSACTION.format(meta='coop-cleared: "soon"', posting="note: 1"),
        "'coop-cleared' takes a date, not soon.",
    ),
    "a seal of a year in digits of another kind": (
        '2024-01-01 custom "coop-seal" "202²" "digest"',
        "'coop-seal' takes a year, not '202²'.",
    ),
    "a year in digits of another kind": (
        TRANSACTION.format(meta='coop-year: "202²"', posting="note: 1"),
        "'coop-year' takes a year, not 202².",
    ),
    "a year in digits of another script": (
        TRANSACTION.format(
            meta='coop-year: "\u0662\u0660\u0662\u0664"', posting="note: 1"
        ),
        "'coop-year' takes a year, not \u0662\u0660\u0662\u0664.",
    ),
    "a name that steers the terminal": (
        '2024-01-01 custom "coop-member" "Ana" "pause"\n  name: "\x1b[2JAna"',
        "The name '\\x1b[2JAna' has characters that cannot be seen.",
    ),
    "a name that turns the direction of writing": (
        '2024-01-01 custom "coop-member" "Ana" "pause"\n  name: "\u202eanA"',
        "The name '\\u202eanA' has characters that cannot be seen.",
    ),
    "a text of several lines": (
        '2024-01-01 custom "coop-resolution" "R-1" "One\n  two"',
        "The text 'One\\n  two' has characters that cannot be seen.",
    ),
    "a directive with a capital and an underscore": (
        '2024-01-01 custom "Coop_Member" "Ana" "pause"',
        "There is no directive 'Coop_Member'; did you mean 'coop-member'?",
    ),
    "a directive in capitals": (
        '2024-01-01 custom "COOP-MEMBER" "Ana" "pause"',
        "There is no directive 'COOP-MEMBER'; did you mean 'coop-member'?",
    ),
    "a directive with a hyphen too many": (
        '2024-01-01 custom "co-op-member" "Ana" "pause"',
        "There is no directive 'co-op-member'; did you mean 'coop-member'?",
    ),
    "a key with a slip in coop": (
        TRANSACTION.format(meta='copo-kind: "contribution"', posting="note: 1"),
        "There is no metadata 'copo-kind'; did you mean 'coop-kind'?",
    ),
    "a key with a hyphen too many": (
        TRANSACTION.format(meta='co-op-kind: "contribution"', posting="note: 1"),
        "There is no metadata 'co-op-kind'; did you mean 'coop-kind'?",
    ),
    "a key of an open with a slip in coop": (
        OPEN.format(meta='copo-origin: "extra-cooperative"'),
        "There is no metadata 'copo-origin'; did you mean 'coop-origin'?",
    ),
    "a key of a posting with an underscore": (
        TRANSACTION.format(meta="note: 1", posting='coop_step: "reserve"'),
        "There is no metadata 'coop_step'; did you mean 'coop-step'?",
    ),
    "Fava's option for the end of the year": (
        '2024-01-01 custom "fava-option" "fiscal-year-ends" "06-30"',
        "Fava has no option 'fiscal-year-ends'; did you mean 'fiscal-year-end'?",
    ),
    "an end of the year that is no day": (
        '2024-01-01 custom "fava-option" "fiscal-year-end" "13-40"',
        "Fava's option fiscal-year-end takes MM-DD, not 13-40.",
    ),
    "an empty id": (
        '2024-01-01 custom "coop-resolution" "" "x"',
        "'coop-resolution' takes a text in quotes as its id, not nothing.",
    ),
    "a member without a capital": (
        '2024-01-01 custom "coop-member" "zed" "apply"',
        "The member id 'zed' can be no part of an account name.",
    ),
    "a member of two words": (
        '2024-01-01 custom "coop-member" "Zed Zed" "apply"',
        "The member id 'Zed Zed' can be no part of an account name.",
    ),
    "a member of two parts": (
        '2024-01-01 custom "coop-member" "Zed:Zed" "apply"',
        "The member id 'Zed:Zed' can be no part of an account name.",
    ),
    "a template that can be no account": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:(Adv:{member}"',
        "'Expenses:(Adv:{member}' can be no account.",
    ),
    "a template in small letters": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:milk:{member}"',
        "'Expenses:milk:{member}' can be no account.",
    ),
    "a template under no root": (
        '2024-01-01 custom "coop-patronage" "x" "Expense:Milk:{member}"',
        "'Expense:Milk:{member}' stands under no root; did you mean 'Expenses'?",
    ),
    "a placeholder in the middle of a part": (
        '2024-01-01 custom "coop-patronage" "x" "Expenses:Milk{member}"',
        "The template 'Expenses:Milk{member}' has an unknown part Milk{member}.",
    ),
    "a measure that can be no key": (
        (
            '2024-01-01 custom "coop-patronage" "x" "Expenses:Milk:{member}"\n'
            '  measure: "Hours"'
        ),
        "The measure 'Hours' of 'x' can be no key of metadata.",
    ),
    "a commodity in small letters": (
        (
            '2024-01-01 custom "coop-patronage" "x" "Expenses:Milk:{member}"\n'
            '  measure: "units"\n  currency: "usd"'
        ),
        "'usd', which 'x' counts, can be no commodity.",
    ),
    "a role under a root that is not its": (
        ('2024-01-01 custom "coop-account" "contribution" "Assets:Members:{member}"'),
        (
            "'Assets:Members:{member}' can be no account of the role 'contribution', "
            "which stands under Equity or Liabilities."
        ),
    ),
    "a members' role without a member": (
        '2024-01-01 custom "coop-account" "contribution" "Equity:Paid"',
        "The template 'Equity:Paid' names no member, and 'contribution' is a member's.",
    ),
    "one account of two roles": (
        '2024-01-01 custom "coop-account" "voluntary-reserve" "Equity:Collective"',
        (
            "'Equity:Collective' is the account of two roles, 'voluntary-reserve' and "
            "'collective'."
        ),
    ),
    "a key of a transaction": (
        TRANSACTION.format(meta='coop-knd: "contribution"', posting="note: 1"),
        "There is no metadata 'coop-knd'; did you mean 'coop-kind'?",
    ),
    "a kind": (
        TRANSACTION.format(meta='coop-kind: "contribtion"', posting="note: 1"),
        "There is no coop-kind 'contribtion'; did you mean 'contribution'?",
    ),
    "a year that is none": (
        TRANSACTION.format(meta='coop-year: "24"', posting="note: 1"),
        "'coop-year' takes a year, not 24.",
    ),
    "a key of a posting": (
        TRANSACTION.format(meta="note: 1", posting='coop-stp: "reserve"'),
        "There is no metadata 'coop-stp'; did you mean 'coop-step'?",
    ),
    "a key of a posting without its hyphen": (
        TRANSACTION.format(meta="note: 1", posting='coopstep: "reserve"'),
        "There is no metadata 'coopstep'; did you mean 'coop-step'?",
    ),
    "the type of a value": (
        TRANSACTION.format(meta="note: 1", posting="coop-step: 5"),
        "'coop-step' takes a text in quotes, not 5.",
    ),
    "instalments that are no whole number": (
        TRANSACTION.format(meta="coop-instalments: 2.5", posting="note: 1"),
        "'coop-instalments' takes a whole number from 1 to 1200, not 2.5.",
    ),
    "no instalments": (
        TRANSACTION.format(meta="coop-instalments: 0", posting="note: 1"),
        "'coop-instalments' takes a whole number from 1 to 1200, not 0.",
    ),
    "more instalments than anybody pays": (
        TRANSACTION.format(meta="coop-instalments: 1201", posting="note: 1"),
        "'coop-instalments' takes a whole number from 1 to 1200, not 1201.",
    ),
    "an instalment of nothing": (
        TRANSACTION.format(meta="coop-each: 0.00", posting="note: 1"),
        "'coop-each' takes a number above 0, not 0.00.",
    ),
    "a day that is none": (
        TRANSACTION.format(meta='coop-due: "soon"', posting="note: 1"),
        "'coop-due' takes a date, not soon.",
    ),
    "an origin": (
        TRANSACTION.format(meta="note: 1", posting='coop-origin: "extraordinay"'),
        "There is no coop-origin 'extraordinay'; did you mean 'extraordinary'?",
    ),
    "an origin of an account": (
        OPEN.format(meta='coop-origin: "extra-ordinary"'),
        "There is no coop-origin 'extra-ordinary'; did you mean 'extraordinary'?",
    ),
}


def found(folder: Path, text: str) -> list[Finding]:
    """Return the findings in a few lines after the preamble."""
    lines = "".join(f"{line}\n" for line in text.splitlines() if line)
    return books.findings_of(folder, f"{PREAMBLE}\n{lines}")


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_found_with_the_nearest_word(slip: str, tmp_path: Path) -> None:
    text, sentence = SLIPS[slip]
    (one,) = found(tmp_path, text)
    assert one.rule == "COOP-LANG-01"
    if sentence:
        assert one.found == sentence
    assert one.origin.line > PREAMBLE.count("\n")


def test_a_directive_without_arguments_is_found_beside_beancount_s_own_error(
    tmp_path: Path,
) -> None:
    text = f'{PREAMBLE}\n2024-01-01 custom "coop-member"\n'
    ours, beancounts = books.errors_of(tmp_path, text)
    assert ours.source["finding"].found == (
        "'coop-member' takes 2 arguments (member, event), not 0."
    )
    assert "beancount.ops.pad" in beancounts.message


def test_several_slips_of_one_directive_are_all_found(tmp_path: Path) -> None:
    text = '2024-01-01 custom "coop-member" 5 "paus"\n  reson: "ill"'
    assert len(found(tmp_path, text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        TRANSACTION.format(meta='coop-year: "2024"', posting="note: 1"),
        TRANSACTION.format(meta="coop-year: 2024", posting="note: 1"),
        TRANSACTION.format(meta='coop-kind: "contribution"', posting='coop-step: "x"'),
        TRANSACTION.format(meta='receipt: "any"', posting='note: "any"'),
        OPEN.format(meta='coop-origin: "extra-cooperative"'),
        OPEN.format(meta='member: "Ana"\n  kind: "grant"\n  cooked: "no"'),
        '2024-01-01 custom "fava-option" "fiscal_year_end" "12-31"',
        '2024-01-01 custom "budget" Expenses:Rent "monthly" 100.00 USD',
        '2024-01-01 custom "coop-parameter" "interest.rate" 0.05',
        '2024-01-01 custom "coop-resolution" "B-1" "A decision"\n  body: "board"',
        '2024-01-01 custom "coop-refund" "Ana" "request" 10.00 USD\n  reason: "ill"',
        TRANSACTION.format(meta="coop-each: 0.50", posting="note: 1"),
        TRANSACTION.format(meta="coop-instalments: 4", posting="note: 1"),
    ],
)
def test_what_is_known_is_no_slip(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, text) == []
