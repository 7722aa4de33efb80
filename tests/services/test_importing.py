"""Imports: from a co-op's spreadsheets to books that are clean, and never twice."""

from __future__ import annotations

import csv
import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.capital import NOTICES
from coopledger.journal.loading import load_sound_book
from coopledger.journal.recalling import pay_in
from coopledger.journal.writing import ProposalUncleanError
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.services.checking import check_path
from coopledger.services.importing import AccountMissingError
from coopledger.services.importing import ComponentUnknownError
from coopledger.services.importing import RowsWrongError
from coopledger.services.importing import SheetMissingError
from coopledger.services.importing import Wishes
from coopledger.services.importing import import_of
from coopledger.services.importing import write_import
from coopledger.services.importing.hours import PayerMissingError
from coopledger.services.importing.openings import components_of
from coopledger.services.importing.sheets import UnreadableFileError
from coopledger.services.importing.tables import ColumnsAlikeError
from coopledger.services.importing.tables import ColumnUnknownError
from coopledger.services.importing.tables import FieldUnknownError
from coopledger.services.importing.tables import HeadingsUnknownError
from coopledger.services.importing.tables import KindUnclearError
from coopledger.services.importing.words import words
from tests.services.spreadsheets import TODAY
from tests.services.spreadsheets import capital
from tests.services.spreadsheets import coop
from tests.services.spreadsheets import filled
from tests.services.spreadsheets import read
from tests.services.spreadsheets import sentences
from tests.services.spreadsheets import state
from tests.services.spreadsheets import take
from tests.services.spreadsheets import text_file

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.errors import CoopledgerError

CO_OPS = sorted(
    preset
    for preset in preset_paths()
    if {"contribution", "advance"} <= set(load_preset(preset).chart)
)

#: What members have, and the reserve that is nobody's.
OWN = ("contribution", "voluntary", "patronage")
OPENED = (*OWN, "mandatory-reserve")


@pytest.mark.parametrize("preset", CO_OPS)
def test_a_co_op_moves_in_from_its_spreadsheets(tmp_path: Path, preset: str) -> None:
    main, law = coop(tmp_path, preset, {}), load_preset(preset)
    language = "es" if law.language == "es" else "en"
    day, pay_day = datetime.date(2019, 5, 1), datetime.date(2024, 1, 31)
    class_ = next(iter(law.classes.values())).title
    people = [
        {1: "Ana Ruiz", 2: "Ana", 3: day, 4: class_},
        {1: "Bea Stone", 3: day, 4: class_},
    ]
    take(main, filled(main, "members", people, language))
    book = load_sound_book(main)
    roles = [role for role in components_of(book.chart) if role in OPENED]
    amounts = {role: Decimal(1000 + number) for number, role in enumerate(roles)}
    years = {role: 2021 if role in NOTICES else None for role in roles}
    owner = {role: "Ana" if role in OWN else None for role in roles}
    called = {role: words()["components"][role][language][0] for role in roles}
    balances = [
        {1: owner[role], 2: called[role], 3: years[role], 4: amounts[role]}
        for role in roles
    ]
    take(main, filled(main, "opening-balances", balances, language))
    expected = {(o, r, years[r]): amounts[r] for r, o in owner.items() if o}
    assert capital(main) == expected
    if law.patronage[0].template == law.chart["advance"][-1]:
        worked = [
            {1: "Ana", 2: pay_day, 3: 150.5, 4: 1806},
            {1: "BeaStone", 2: pay_day, 3: 7.25, 4: 87},
        ]
        bank = next(a for a in book.opened if a.startswith("Assets:Ban"))
        take(main, filled(main, "hours", worked, language), against=bank)
        paid = {
            one.member: (one.hours, one.pay) for one in pay_in(load_sound_book(main))
        }
        assert paid == {
            "Ana": (Decimal("150.5"), Decimal(1806)),
            "BeaStone": (Decimal("7.25"), Decimal(87)),
        }
    assert check_path(main).findings == ()


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    main = coop(tmp_path)
    files = {
        "members": "Name;Joined;Class\nCleo Marsh;2024-02-01;worker\n",
        "opening": "Member;Component;Year;Amount\nAna;Patronage;2020;10.50\n",
        "hours": "Member;Date;Hours;Memo\nAna;2024-01-31;8;day\nAna;2024-01-31;2;eve\n",
    }
    for text in files.values():
        assert take(main, text_file(tmp_path, text)).new > 0
    before = state(main.parent)
    for text in files.values():
        again = read(main, text_file(tmp_path, text))
        assert again.new == 0
        assert again.outcome.facts != []
        assert again.outcome.text == ""
    assert state(main.parent) == before


def test_what_is_new_beside_what_is_known_is_written_alone(tmp_path: Path) -> None:
    main = coop(tmp_path)
    head = "Member,Date,Hours\nAna,2024-01-31,8\n"
    take(main, text_file(tmp_path, head))
    found = take(main, text_file(tmp_path, f"{head}Bea,2024-01-31,9\n"))
    assert [fact.is_known for fact in found.outcome.facts] == [True, False]
    assert (main.parent / "imports" / "hours-2.beancount").is_file()
    paid = {one.member: one.hours for one in pay_in(load_sound_book(main))}
    assert paid == {"Ana": 8, "Bea": 9}


def test_columns_of_components_and_years_are_read_as_they_stand(
    tmp_path: Path,
) -> None:
    main = coop(tmp_path)
    text = (
        "Our capital\n\n"
        "Name\tContributions\tPatronage 2021\t2022\tLosses\tTotal\n"
        'Ana Ruiz\t1000\t200.50\t100\t50\t1250.50\n"Íñigo Etxe"\t900\t\t0\t\t900\n'
        "Total\t1900\t200.50\t100\t50\t2150.50\n"
    )
    found = take(main, text_file(tmp_path, text), component="nonqualified")
    assert found.table.unread == ("Total",)
    assert found.totals == (6,)
    assert capital(main) == {
        ("Ana", "contribution", None): Decimal(1000),
        ("Ana", "patronage", 2021): Decimal("200.50"),
        ("Ana", "nonqualified", 2022): Decimal(100),
        ("Ana", "member-loss", None): Decimal(-50),
        ("Íñigo", "contribution", None): Decimal(900),
    }
    assert check_path(main).findings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiter_and_encoding_are_recognised(
    tmp_path: Path, sign: str, encoding: str
) -> None:
    main = coop(tmp_path)
    rows = [
        ["Socia", "Fecha", "Horas", "Importe"],
        ["Íñigo", "31/01/2024", '"150,5"', '"1.200,00"'],
    ]
    text = "\r\n".join(sign.join(row) for row in rows)
    found = read(main, text_file(tmp_path, text, encoding), against="Assets:Bank")
    assert sentences(found) == []
    day = datetime.date(2024, 1, 31)
    assert found.outcome.facts[0].words == ("Íñigo", day, Decimal("150.5"), 1200, "")


@pytest.mark.parametrize("who", ["Trabajador/a", "Socio/a", "Employee", "EMPLEADO"])
@pytest.mark.parametrize("what", ["Nº horas", "N.º de horas", "Hrs.", "Horas (h)"])
def test_headings_are_recognised_as_people_write_them(
    tmp_path: Path, who: str, what: str
) -> None:
    text = f"{who};Fecha;{what};Importe (€)\nAna;2024-01-31;8;\n"
    found = read(coop(tmp_path), text_file(tmp_path, text))
    assert [*found.table.columns] == ["member", "date", "hours", "pay"]


#: A sheet of hours, and what is said of it.
WRONG_HOURS = {
    "Ana,2094-01-31,8": "'2094-01-31' is later than today, 2025-12-31. Correct the day",
    "Ana,2024-01-31,eight": "row 2, column C 'Hours': 'eight' is no number. Write a",
    "Ana,2024-01-31,7:30": "column C 'Hours': '7:30' is a time and no number.",
    "Ana,2024-01-31,-8": "column C 'Hours': '-8' is negative.",
    "Ana,2024-01-31,8 EUR": "'8 EUR' is no number.",
    "Ana,2024-01-31,": "row 2, column C 'Hours': this is empty. Fill it in",
    ",2024-01-31,8": "row 2, column A 'Member': this is empty. Name the member",
    "Anna,2024-01-31,8": "'Anna' stands in no line of the register. Correct it",
    "Ana,31 January,8": "column B 'Date': '31 January' is no date.",
    "Ana,2024-02-30,8": "'2024-02-30' is no day of any year.",
    "Ana,03/04/2024,8": "'03/04/2024' could be two days.",
    "Ana,3/4/24,8": "'3/4/24' is no date.",
    "Ana,2023-12-31,8": "is before Ana stands in the register (2024-01-01)",
    "Ana,2024-01-31,8\nAna,2024-01-31,8": "row 3, column C 'Hours': '8' are hours of",
    "Ana,2024-01-31,1234567890123": "'1234567890123' has more digits than a book can",
    "Ana,2024-01-31,.1234567890123456": "has more digits than a book can keep exactly",
}


def test_a_blank_column_behind_the_last_one_is_nothing(tmp_path: Path) -> None:
    text = "Member,Date,Hours\nAna,2024-01-31,8\nAna,2024-02-28,1,\n"
    assert sentences(read(coop(tmp_path), text_file(tmp_path, text))) == []


def test_numbers_that_are_written_in_two_ways_are_refused(tmp_path: Path) -> None:
    main = coop(tmp_path)
    head = "Member,Date,Hours\nAna,2024-01-31,7.5\n"
    found = read(main, text_file(tmp_path, f'{head}Bea,2024-01-31,"7,5"\n'))
    assert [one.row for one in found.outcome.troubles] == [3]
    assert (
        "does not have the decimal point that other numbers have" in sentences(found)[0]
    )


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("01/31/2024", "03/04/2024"), datetime.date(2024, 3, 4)),
        (("31/01/2024", "03/04/2024"), datetime.date(2024, 4, 3)),
        (("03.04.2024",), datetime.date(2024, 4, 3)),
        (("04/04/2024",), datetime.date(2024, 4, 4)),
    ],
)
def test_other_days_of_a_file_tell_which_comes_first(
    tmp_path: Path, days: tuple[str, ...], first: datetime.date
) -> None:
    rows = "".join(f"Ana,{day},8\n" for day in days)
    main = coop(tmp_path)
    found = read(main, text_file(tmp_path, f"Member,Date,Hours\n{rows}"))
    assert sentences(found) == []
    assert found.outcome.facts[-1].words[1] == first


#: Amounts as people write them, and what they are.
AMOUNTS = {
    "1,234.50": "1234.50",
    "1.234,50": "1234.50",
    "1 234,5": "1234.50",
    "1'234.50": "1234.50",
    "$1,234.50": "1234.50",
    "USD 1,234.50": "1234.50",
    "1.234,50 USD": "1234.50",
    "12": "12.00",
    "12.0": "12.00",
    ".5": "0.50",
}


@pytest.mark.parametrize(("written", "amount"), AMOUNTS.items())
def test_amounts_are_read_as_people_write_them(
    tmp_path: Path, written: str, amount: str
) -> None:
    text = f"Member;Component;Amount\nAna;Contribution;{written}\n"
    found = read(coop(tmp_path), text_file(tmp_path, text))
    assert sentences(found) == []
    assert found.outcome.facts[0].words[3] == Decimal(amount)


def test_amounts_of_years_need_a_component(tmp_path: Path) -> None:
    main = coop(tmp_path)
    found = read(main, text_file(tmp_path, "Member,2021,2022\nAna,5,6\n"))
    assert [one.column for one in found.outcome.troubles] == ["B '2021'", "C '2022'"]
    assert "is of no component" in sentences(found)[0]


WRONG_BALANCES = {
    "Ana,Gold,,5": "column B 'Component': 'Gold' is none of the words for it.",
    "Ana,Contribution,2020,5": "'2020' is a year of contribution, which has none.",
    "Ana,Patronage,2031,5": "'2031' is later than the balance, of 2024-01-01.",
    "Ana,Patronage,20,5": "'20' is no year.",
    "Ana,Collective,,5": "'Ana' has a reserve, which is nobody's.",
    ",Contribution,,5": "this is empty. Name the member",
    "Ana,Contribution,,5.005": "'5.005' is finer than 0.01 USD.",
    "Ana,Losses,,-5": "'-5' is negative.",
    "Ana,,,5": "column B 'Component': this is empty.",
    "Ana,Patronage,2020,5\nAna Ruiz,Patronage,2020,6": "row 3, column D 'Amount': '6'",
}


WRONG_MEMBERS = {
    "Cleo,,,worker,,": "column C 'Joined': this is empty.",
    ",Cleo,2024-01-01,worker,,": "column A 'Name': this is empty.",
    "Cleo,cleo,2024-01-01,worker,,": "'cleo' makes no id, which is a part of account",
    "😀,,2024-01-01,worker,,": "column A 'Name': '😀' makes no id",
    "שלום,,2024-01-01,worker,,": "makes no id",
    "Cleo\x07,,2024-01-01,worker,,": r"'Cleo\x07' has a line break or another",
    '"Cleo\nMarsh",C,2024-01-01,worker,,': "has a line break or another character",
    "Cleo \u202egnp,C,2024-01-01,worker,,": r"'Cleo \u202egnp' has a line break",
    "Cleo,,2024-01-01,boss,,": "'boss' is none of the words for it.",
    "Cleo,,2024-01-01,,,": "column D 'Class': this has no class. Write one of: worker",
    "Cleo,,2024-01-01,worker,2023-01-01,": "is before the first day, 2024-01-01.",
    "Cleo,,2024-01-01,worker,,retired": "is said of somebody who has not left.",
    "Cleo,C,2024-01-01,worker,,\nDora,C,2024-01-01,worker,,": "'C' gives the id 'C'",
    "Ana Ruiz,New,2024-05-01,worker,,": "is the name of Ana too, and one person has",
    "Cleo,C,2024-01-01,worker,,\nCleo,D,2024-01-01,worker,,": "is the name of row 2",
    "Ana Ruiz,,2023-01-01,worker,,": "is not when Ana joined (2024-01-01).",
    "Ana Rush,Ana,2024-01-01,worker,,": "is not the name of Ana (Ana Ruiz).",
    "Ana Ruiz,,2024-01-01,probationer,,": "is not the class on that day (worker).",
}


#: Each kind of sheet with rows that are wrong, and what is said of them.
WRONG = [
    (head, rows, said)
    for head, wrong in (
        ("Member,Date,Hours", WRONG_HOURS),
        ("Member,Component,Year,Amount", WRONG_BALANCES),
        ("Name,Member,Joined,Class,Left,Exit", WRONG_MEMBERS),
        ("Name,Joined", {"Cleo,2024-01-01": "row 2: this has no class. Add a column"}),
    )
    for rows, said in wrong.items()
]


@pytest.mark.parametrize(("head", "rows", "said"), WRONG)
def test_a_wrong_row_gets_a_sentence_and_nothing_is_written(
    tmp_path: Path, head: str, rows: str, said: str
) -> None:
    main = coop(tmp_path)
    before = state(main.parent)
    found = read(main, text_file(tmp_path, f"{head}\n{rows}\n"))
    assert len(sentences(found)) == 1
    assert said in sentences(found)[0]
    with pytest.raises(RowsWrongError, match="1 row is wrong"):
        write_import(load_sound_book(main), found)
    assert state(main.parent) == before


def test_who_is_in_the_register_needs_no_class(tmp_path: Path) -> None:
    main = coop(tmp_path)
    found = read(main, text_file(tmp_path, "Name,Joined\nAna Ruiz,2024-01-01\n"))
    assert (sentences(found), found.new) == ([], 0)


def test_who_left_is_imported_with_the_kind_of_exit(tmp_path: Path) -> None:
    main = coop(tmp_path)
    text = (
        "Nombre;Fecha de alta;Clase;Fecha de baja;Motivo de baja\n"
        "Cleo;01/02/2024;worker;30/06/2024;Jubilación\n"
        "Dora;01/02/2024;worker;30/06/2024;Fallecimiento\n"
        "Ana Ruiz;01/01/2024;worker;31/07/2024;\n"
    )
    found = take(main, text_file(tmp_path, text))
    assert [fact.words[0] for fact in found.outcome.facts] == ["Cleo", "Dora", "Ana"]
    book = load_sound_book(main)
    events = book.case.books.register.events
    ended = {m: (events[m][-1].event, events[m][-1].exit_kind) for m in events}
    assert ended["Cleo"] == ("leave", "retirement")
    assert ended["Dora"] == ("die", "death")
    assert ended["Ana"] == ("leave", "")
    later = text.replace("31/07/2024", "30/07/2024")
    assert (
        "is not when Ana left (2024-07-31)"
        in sentences(read(main, text_file(tmp_path, later)))[0]
    )
    assert read(main, text_file(tmp_path, text)).new == 0


def test_a_consent_is_a_part_of_joining(tmp_path: Path) -> None:
    main = coop(tmp_path)
    head = "Name,Joined,Class,Consent\n"
    row = "Cleo,2024-02-01,worker,2024-02-02\n"
    take(main, text_file(tmp_path, head + row))
    register = load_sound_book(main).case.books.register
    assert register.events["Cleo"][0].consent == datetime.date(2024, 2, 2)
    assert read(main, text_file(tmp_path, head + row)).new == 0
    other = text_file(tmp_path, f"{head}Ana Ruiz,2024-01-01,worker,2024-02-02\n")
    assert (
        "is a consent that the register does not have"
        in sentences(read(main, other))[0]
    )


def test_two_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    main = coop(tmp_path)
    text = "Name,Id,Joined,Class,Person\nAna Ruiz,Ana2,2024-01-01,worker,cousin\n"
    take(main, text_file(tmp_path, text))
    assert check_path(main).findings == ()
    assert read(main, text_file(tmp_path, text)).new == 0


def test_what_the_book_says_otherwise_is_said(tmp_path: Path) -> None:
    main = coop(tmp_path)
    hours = "Member,Date,Hours\nAna,2024-01-31,{}\n"
    balances = "Member,Component,Amount\nAna,Contribution,{}\n"
    for text in (hours, balances):
        take(main, text_file(tmp_path, text.format(8)))
        changed = read(main, text_file(tmp_path, text.format(9)))
        assert "is not what the book" in sentences(changed)[0]
        assert "an import changes nothing there" in sentences(changed)[0]


def test_pay_without_hours_in_the_book_is_shown_where_it_stands(tmp_path: Path) -> None:
    main = coop(tmp_path)
    year = main.parent / "2024.beancount"
    year.write_text(
        '2024-01-31 * "Pay"\n  Expenses:Advances:Ana  10.00 USD\n  Assets:Bank\n'
    )
    found = read(main, text_file(tmp_path, "Member,Date,Hours\nAna,2024-01-31,8\n"))
    assert "which has the pay of that day" in sentences(found)[0]
    assert "2024.beancount:2" in sentences(found)[0]


def test_a_factor_is_asked_for_where_hours_count_by_one(tmp_path: Path) -> None:
    main = coop(tmp_path)
    policy = main.parent / "policy.beancount"
    written = policy.read_text().replace('"hours"\n', '"hours"\n  factor: "grade"\n')
    text = "Member,Date,Hours,Grade\nAna,2024-01-31,8,1.5\n"
    plain = text.replace(",Grade", "").replace(",1.5", "")
    unused = sentences(read(main, text_file(tmp_path, text)))
    assert "no basis of patronage on that day has one" in unused[0]
    policy.write_text(written)
    assert "has no grade" in sentences(read(main, text_file(tmp_path, plain)))[0]
    take(main, text_file(tmp_path, text))
    activity = load_sound_book(main).case.books.years[2024].activity
    assert activity["labour", "Ana"].total == Decimal(12)
    assert check_path(main).findings == ()


def test_a_name_that_two_have_is_refused(tmp_path: Path) -> None:
    main = coop(tmp_path, members={"Ana": "Ana Ruiz", "Ana2": "Ana  Ruíz"})
    text = "Name,Date,Hours\nana ruiz,2024-01-31,8\n"
    found = read(main, text_file(tmp_path, text))
    assert (
        "is the name of several members. Write one of: Ana, Ana2."
        in sentences(found)[0]
    )


def test_columns_are_mapped_by_heading_and_by_letter(tmp_path: Path) -> None:
    main = coop(tmp_path)
    text = "Quién,Cuándo,Cuánto,Notes\nAna,2024-01-31,8,=1+1\n"
    said = {"Quién": "member", "cuando": "date", "C": "hours", "Notes": "-"}
    found = read(main, text_file(tmp_path, text), **said)
    assert sentences(found) == []
    assert found.table.unread == ("Notes",)
    assert found.outcome.facts[0].words[:3] == (
        "Ana",
        datetime.date(2024, 1, 31),
        Decimal(8),
    )


#: What is said of columns that cannot be read: the sheet, what was mapped, the error.
UNCLEAR: list[tuple[str, dict[str, str], type[CoopledgerError], str]] = [
    (
        "Who,When\nAna,1\n",
        {},
        HeadingsUnknownError,
        "have no heading of members, hours",
    ),
    ("Member,Date\nAna,1\n", {}, HeadingsUnknownError, "which column is 'hours'"),
    ("", {}, HeadingsUnknownError, "members, hours or opening-balances"),
    ("Member,Date,Hours\n", {"When": "date"}, ColumnUnknownError, "no column 'When'"),
    ("Member,Date,Hours\n", {"Date": "day"}, FieldUnknownError, "can be 'day'"),
    ("Member,Date,Hours\n", {"Date": "consent"}, HeadingsUnknownError, "which column"),
    ("Name,Joined,Member,Date,Hours\n", {}, KindUnclearError, "be members or hours"),
    ("Member,Date,Hours,date\n", {}, ColumnsAlikeError, "Columns B and D are both"),
]


@pytest.mark.parametrize(("text", "said", "error", "match"), UNCLEAR)
def test_unclear_columns_get_a_sentence(
    tmp_path: Path,
    text: str,
    said: dict[str, str],
    error: type[CoopledgerError],
    match: str,
) -> None:
    main = coop(tmp_path)
    with pytest.raises(error, match=match):
        read(main, text_file(tmp_path, text), **said)


def test_a_mapped_column_settles_which_of_two_is_meant(tmp_path: Path) -> None:
    main = coop(tmp_path)
    text = "Member,Date,Hours,Date\nAna,2024-01-31,8,2024-02-29\n"
    found = read(main, text_file(tmp_path, text), D="date")
    assert found.outcome.facts[0].words[1] == datetime.date(2024, 2, 29)


def test_pay_needs_the_account_that_it_was_paid_from(tmp_path: Path) -> None:
    main = coop(tmp_path)
    file = text_file(tmp_path, "Member,Date,Hours,Pay\nAna,2024-01-31,8,90\n")
    with pytest.raises(PayerMissingError, match="--against ACCOUNT"):
        read(main, file)
    with pytest.raises(AccountMissingError, match="did you mean 'Assets:Bank'"):
        read(main, file, against="Assets:Bnk")


def test_a_component_that_the_chart_lacks_is_refused(tmp_path: Path) -> None:
    main = coop(tmp_path)
    file = text_file(tmp_path, "Member,Amount,2020\nAna,8,9\n")
    with pytest.raises(ComponentUnknownError, match="no component 'gold'"):
        read(main, file, component="gold")


def test_an_import_that_breaks_a_rule_is_not_written(tmp_path: Path) -> None:
    main = coop(tmp_path)
    # The account would fall below nothing.
    found = read(main, text_file(tmp_path, "Member,Component,Amount\nAna,Losses,100\n"))
    before = state(main.parent)
    with pytest.raises(ProposalUncleanError, match="was not written"):
        write_import(load_sound_book(main), found)
    assert state(main.parent) == before


def test_an_import_that_breaks_a_later_balance_is_not_written(tmp_path: Path) -> None:
    main = coop(tmp_path)
    main.write_text(main.read_text() + "2025-01-01 balance Assets:Bank  0.00 USD\n")
    sheet = text_file(tmp_path, "Member,Date,Hours,Pay\nAna,2024-01-31,8,90\n")
    found = read(main, sheet, against="Assets:Bank")
    assert found.new == 1
    before = state(main.parent)
    with pytest.raises(ProposalUncleanError, match="Balance failed for 'Assets:Bank'"):
        write_import(load_sound_book(main), found)
    assert state(main.parent) == before


@pytest.mark.parametrize(
    "raw",
    [
        b"\xd0\xcf\x11\xe0old",
        b"PK\x03\x04nothing",
        b"Member\0Date",
        b"\x81\x8d",
        b'"a,b',
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, raw: bytes) -> None:
    main = coop(tmp_path)
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(raw)
    with pytest.raises(UnreadableFileError, match="Nothing was imported"):
        read(main, file)


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    main = coop(tmp_path)
    sheets = read(main, text_file(tmp_path, "Member,Date,Hours\n")).table.sheet
    with pytest.raises(SheetMissingError, match="no sheet 'Hours'"):
        import_of(load_sound_book(main), [sheets], Wishes(TODAY, sheet="Hours"), "x")


def test_how_long_a_text_of_others_may_be_is_left_as_it_was(tmp_path: Path) -> None:
    usual = csv.field_size_limit()
    read(coop(tmp_path), text_file(tmp_path, "Member,Date,Hours\nAna,2024-01-31,8\n"))
    assert csv.field_size_limit() == usual
