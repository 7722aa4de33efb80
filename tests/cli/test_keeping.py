"""``tax-ids`` and ``accounts``: numbers go in, and nothing but their last four out."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from coopledger.services.keeping import ciphers
from coopledger.services.keeping import vault as vaults
from tests.cli.running import LEDGER
from tests.cli.running import run

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SSN = "219-09-9999"
PLAIN = "219099999"
EIN = "12-3456789"
IBAN = "ES91 2100 0418 4502 0005 1332"
NUMBERS = f"""member,number,first name,last name,address
Marisol,{SSN},Marisol,Trejo,7 Elm Street
payer,{EIN},,,1 Mill Road
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(LEDGER, tmp_path / "ledger")
    return tmp_path / "ledger" / "green-team"


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """Return the file of a private key, which is elsewhere, and its public half."""
    path = tmp_path / "elsewhere" / "coop.key"
    path.parent.mkdir()
    done = run("tax-ids", "key", path)
    return path, done.stdout.splitlines()[-1]


def typed(text: str | bytes, *arguments: object) -> Result:
    """Run a command that reads what is piped in."""
    words = [str(one) for one in arguments]
    return CliRunner().invoke(main, words, input=text, catch_exceptions=False)


def add(book: Path, public: str, text: str | bytes = NUMBERS) -> Result:
    return typed(text, "tax-ids", "add", "--book", book, "--key", public)


# --- what is kept ---------------------------------------------------------------------


def test_no_file_of_the_folder_has_a_number_that_was_entered(
    book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1])
    assert (done.exit_code, PLAIN in done.output) == (0, False)
    assert done.stdout.splitlines()[:2] == [
        "Marisol: SSN *****9999",
        "payer: EIN *****6789",
    ]
    files = [path for path in book.rglob("*") if path.is_file()]
    assert book / "private.json" in files
    for path in files:
        text = path.read_bytes()
        for number in (SSN, PLAIN, EIN, EIN.replace("-", ""), "7 Elm Street"):
            assert number.encode() not in text, path


def test_the_file_is_its_owners_alone_and_nothing_is_left_beside_it(
    book: Path, key: tuple[Path, str]
) -> None:
    before = os.umask(0)
    try:
        add(book, key[1])
    finally:
        os.umask(before)
    assert stat.S_IMODE((book / "private.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(key[0].stat().st_mode) == 0o600
    assert [path.name for path in book.glob(".*")] == []


def test_the_list_shows_the_last_four_and_who_is_missing(
    book: Path, key: tuple[Path, str]
) -> None:
    add(book, key[1])
    shown = run("tax-ids", "list", "--book", book).stdout
    assert "Marisol  Marisol Trejo      SSN   *****9999" in shown
    assert "Curtis   Curtis Applewhite        missing" in shown
    listed = json.loads(
        run("tax-ids", "list", "--book", book, "--format", "json").stdout
    )["tax-ids"]
    assert {one["member"]: one["last"] for one in listed}["payer"] == "6789"
    assert PLAIN not in shown
    table = run("tax-ids", "list", "--book", book, "--format", "csv").stdout
    assert "Marisol,Marisol Trejo,SSN,*****9999," in table


def test_a_number_that_is_entered_again_takes_the_place_of_the_first(
    book: Path, key: tuple[Path, str]
) -> None:
    add(book, key[1])
    done = typed("id;número\nMarisol;219-09-9998\n", "tax-ids", "add", "--book", book)
    assert done.exit_code == 0
    shown = run("tax-ids", "list", "--book", book).stdout
    assert "*****9998" in shown
    assert "*****9999" not in shown
    assert "*****6789" in shown


def test_what_is_removed_is_gone(book: Path, key: tuple[Path, str]) -> None:
    add(book, key[1])
    assert run("tax-ids", "remove", "Marisol", "--book", book).exit_code == 0
    assert "*****9999" not in run("tax-ids", "list", "--book", book).stdout
    again = run("tax-ids", "remove", "Marisol", "--book", book)
    assert (again.exit_code, "Marisol" in again.stderr) == (2, True)


def test_who_is_no_member_any_more_stays_on_the_list(
    book: Path, key: tuple[Path, str]
) -> None:
    add(book, key[1])
    text = (book / "private.json").read_text("utf-8")
    (book / "private.json").write_text(text.replace('"Marisol"', '"Stranger"'), "utf-8")
    assert "Stranger" in run("tax-ids", "list", "--book", book).stdout


# --- the file for filing --------------------------------------------------------------

IRIS = ("tax", "1099-patr", "--year", "2024", "--format", "iris")


def test_the_file_for_filing_has_the_number_where_the_key_is_and_is_private(
    book: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    add(book, key[1])
    out = tmp_path / "patr.csv"
    done = run(*IRIS, "--book", book, "--identity", key[0], "--output", out)
    assert done.exit_code == 0
    assert PLAIN in out.read_text("utf-8")
    assert "Marisol,,Trejo" in out.read_text("utf-8")
    assert PLAIN not in done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "worksheet, not a filing" in done.stdout
    again = run(*IRIS, "--book", book, "--identity", key[0], "--output", out)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)


def test_without_the_key_the_last_four_are_shown(
    book: Path, key: tuple[Path, str]
) -> None:
    add(book, key[1])
    shown = run(*IRIS, "--book", book).stdout
    assert "*****9999" in shown
    assert PLAIN not in shown


def test_numbers_are_never_shown_on_a_screen(book: Path, key: tuple[Path, str]) -> None:
    done = run(*IRIS, "--book", book, "--identity", key[0])
    assert done.exit_code == 2
    assert "add --output" in done.stderr


def test_another_key_opens_nothing(
    book: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    add(book, key[1])
    other, out = tmp_path / "other.key", tmp_path / "patr.csv"
    run("tax-ids", "key", other)
    done = run(*IRIS, "--book", book, "--identity", other, "--output", out)
    assert (done.exit_code, out.exists()) == (2, False)
    assert "does not open what is kept of Marisol" in done.stderr


def test_a_secret_that_was_moved_to_another_member_is_refused(
    book: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    add(book, key[1])
    text = (book / "private.json").read_text("utf-8")
    (book / "private.json").write_text(text.replace('"Marisol"', '"Curtis"'), "utf-8")
    out = tmp_path / "patr.csv"
    done = run(*IRIS, "--book", book, "--identity", key[0], "--output", out)
    assert done.exit_code == 2
    assert "what is kept of Curtis was written for Marisol" in done.stderr


@pytest.mark.parametrize(
    "content", [b"", b"no key\n", b"\xff\xfe", b"AGE-SECRET-KEY-1X\n"]
)
def test_a_file_that_holds_no_key_is_named_and_not_repeated(
    content: bytes, book: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    add(book, key[1])
    wrong, out = tmp_path / "wrong.key", tmp_path / "patr.csv"
    wrong.write_bytes(content)
    done = run(*IRIS, "--book", book, "--identity", wrong, "--output", out)
    assert done.exit_code == 2
    assert f"{wrong} holds no private key" in done.stderr
    assert "KEY-1X" not in done.stderr


# --- what is wrong --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "Marisoll,219-09-9999,",
            "row 2 (Marisoll): nobody in the register has this id",
        ),
        ("Marisol,,", "row 2 (Marisol): the number is missing"),
        ("Marisol,219-09-99,SSN", "SSN has 9 figures, and this has 7 characters"),
        ("Marisol,219099999,", "the kind is missing, and no hyphens tell it"),
        ("Marisol,219099999,XYZ", "'XYZ' is no kind of tax number"),
        ("Marisol,000-12-3456,", "no SSN has these figures"),
        ("Marisol,666-12-3456,", "no SSN has these figures"),
        ("Marisol,219-00-3456,", "no SSN has these figures"),
        ("Marisol,219-09-0000,", "no SSN has these figures"),
        ("Marisol,912-34-5678,ITIN", "no ITIN has these figures"),
        ("Marisol,00-1234567,", "no EIN has these figures"),
        ("Marisol,12?,OTHER", "a tax number has letters and figures only"),
    ],
)
def test_each_wrong_row_is_named_without_its_number_and_nothing_is_written(
    row: str, said: str, book: Path, key: tuple[Path, str]
) -> None:
    text = f"member,number,kind\n{row}\nCurtis,219-09-9999,\n"
    done = add(book, key[1], text)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Nothing was written." in done.stderr
    number = row.split(",")[1]
    assert not number or number not in done.output
    assert not (book / "private.json").exists()


@pytest.mark.parametrize(
    "row", ["219099999,SSN", "912-70-5678,ITIN", "912-93-1234,ATIN", "12345678Z,OTHER"]
)
def test_numbers_that_there_are_of_each_kind_are_taken(
    row: str, book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], f"member,number,kind\nMarisol,{row}\n")
    assert done.exit_code == 0


def test_a_member_that_stands_in_two_rows_is_refused(
    book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], f"member,number\nMarisol,{SSN}\n\nMarisol,{SSN}\n")
    assert "row 4 (Marisol): this id stands in an earlier row already" in done.stderr


def test_sentences_are_said_in_the_language_that_was_asked_for(
    book: Path, key: tuple[Path, str]
) -> None:
    words = ("tax-ids", "add", "--book", book, "--key", key[1], "--language", "es")
    done = typed("socia,número\nMarisol,\n", *words)
    assert "fila 2 (Marisol): falta el número" in done.stderr
    assert "No se ha escrito nada." in done.stderr


@pytest.mark.parametrize(
    "text", ["", f"Marisol,{SSN}\n", "member,telephone\nMarisol,1\n"]
)
def test_a_list_without_headings_is_refused_and_nothing_of_it_repeated(
    text: str, book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], text)
    assert done.exit_code == 2
    assert "The first line has to name the columns" in done.stderr
    assert SSN not in done.output


@pytest.mark.parametrize(
    "text", [b"\xff\xfe\x00", b"member,number\nMarisol," + b"1" * 200_000]
)
def test_a_list_that_is_no_table_is_refused(
    text: bytes, book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], text)
    assert (done.exit_code, "no text of comma-separated" in done.stderr) == (2, True)


def test_a_comma_that_moves_the_columns_is_found(
    book: Path, key: tuple[Path, str]
) -> None:
    text = f"member,address,number\nMarisol,7 Elm St, Apt 2,{SSN}\n"
    done = add(book, key[1], text)
    assert "row 2 (Marisol): the row has more columns" in done.stderr
    assert SSN not in done.output


def test_two_columns_of_one_meaning_are_refused(
    book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], f"member,ssn,number\nMarisol,{SSN},{EIN}\n")
    assert (done.exit_code, "are both 'number'" in done.stderr) == (2, True)


def test_a_column_that_is_not_read_is_named(book: Path, key: tuple[Path, str]) -> None:
    done = add(book, key[1], f"\ufeffmember,number,adress\nMarisol,{SSN},7 Elm\n")
    assert (done.exit_code, "Not read: column 'adress'." in done.stderr) == (0, True)


def test_columns_that_are_mixed_up_do_not_show_a_number(
    book: Path, key: tuple[Path, str]
) -> None:
    done = add(book, key[1], f"number,member\nMarisol,{SSN}\n")
    assert "row 2: nobody in the register has this id" in done.stderr
    assert SSN not in done.output


@pytest.mark.parametrize(
    ("number", "last"), [("1234", "34"), ("123456", "456"), ("1234567890123", "0123")]
)
def test_of_a_short_number_less_is_shown(number: str, last: str) -> None:
    assert vaults.Number("Ana", "OTHER", number).last == last


def test_a_new_file_needs_a_key_and_an_old_one_keeps_its_own(
    book: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    done = typed(NUMBERS, "tax-ids", "add", "--book", book)
    assert "has to be told which key" in done.stderr
    done = add(book, "age1nonsense")
    assert "does not begin a public key" in done.stderr
    add(book, key[1])
    other = run("tax-ids", "key", tmp_path / "other.key").stdout.splitlines()[-1]
    done = add(book, other)
    assert f"is encrypted to {key[1]} already" in done.stderr


def test_a_key_is_never_written_over(key: tuple[Path, str]) -> None:
    before = key[0].read_bytes()
    done = run("tax-ids", "key", key[0])
    assert (done.exit_code, key[0].read_bytes()) == (2, before)


def test_a_file_that_others_can_read_is_refused(
    book: Path, key: tuple[Path, str]
) -> None:
    add(book, key[1])
    (book / "private.json").chmod(0o644)
    done = run("tax-ids", "list", "--book", book)
    assert (done.exit_code, "can be read or changed by other users" in done.stderr) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"schema": 1, "key": "x", "accounts": {"A": {}}}',
        '{"schema": 2, "key": ""}',
    ],
)
def test_a_file_that_is_damaged_is_named_and_left_alone(
    content: str, book: Path
) -> None:
    path = book / "private.json"
    path.write_text(content, "utf-8")
    path.chmod(0o600)
    done = run("tax-ids", "list", "--book", book)
    assert done.exit_code == 2
    assert f"{path.resolve()} is no file of private numbers" in done.stderr
    assert path.read_text("utf-8") == content


def test_a_file_that_cannot_be_written_whole_is_not_written(
    book: Path, key: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(book, key[1])
    before = (book / "private.json").read_bytes()

    def failing(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    done = add(book, key[1], f"member,number\nCurtis,{SSN}\n")
    assert (done.exit_code, "No space left" in done.stderr) == (2, True)
    assert (book / "private.json").read_bytes() == before
    assert [path.name for path in book.glob(".*")] == []


def test_without_the_library_one_sentence_says_what_to_install(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    done = run("tax-ids", "key", tmp_path / "new.key")
    assert done.exit_code == 2
    assert "pip install 'coopledger[secrets]'" in done.stderr
    assert run("tax-ids", "list", "--book", book).exit_code == 0


def test_a_number_is_in_no_text_that_a_program_shows_of_it() -> None:
    one = vaults.Number("Ana", "SSN", PLAIN, {"address": "7 Elm Street"})
    assert PLAIN not in repr(one)
    assert "Elm" not in repr(one)
    assert one.last == "9999"


def test_encrypting_twice_gives_two_secrets_of_which_each_opens(
    key: tuple[Path, str],
) -> None:
    first, second = (ciphers.sealed(key[1], "x") for _ in range(2))
    opener = ciphers.Opener(key[0])
    assert first != second
    assert [opener.opened(one, "Ana") for one in (first, second)] == ["x", "x"]
    assert opener.public == key[1]


# --- accounts -------------------------------------------------------------------------


def accounts(book: Path, public: str, text: str) -> Result:
    return typed(text, "accounts", "add", "--book", book, "--key", public)


def test_accounts_are_checked_and_kept_as_numbers_are(
    book: Path, key: tuple[Path, str]
) -> None:
    text = (
        f"member,iban,routing,account\nMarisol,{IBAN},,\nCurtis,,021000021,12345678\n"
    )
    done = accounts(book, key[1], text)
    assert done.stdout.splitlines()[:2] == [
        "Marisol: IBAN *****1332",
        "Curtis: ACCOUNT *****5678",
    ]
    kept = (book / "private.json").read_text("utf-8")
    assert IBAN.replace(" ", "") not in kept
    assert "021000021" not in kept
    assert "*****1332" in run("accounts", "list", "--book", book).stdout


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Marisol,ES91 2100 0418 4502 0005 1333,,", "no IBAN has these letters"),
        ("Marisol,,,", "the account is missing"),
        ("Marisol,,021000022,12345678", "no routing number has these figures"),
        ("Marisol,,02100002,12345678", "no routing number has these figures"),
        ("Marisol,,021000021,1!", "an account has 4 to 17 letters and figures"),
    ],
)
def test_a_mistyped_account_is_named_by_row(
    row: str, said: str, book: Path, key: tuple[Path, str]
) -> None:
    done = accounts(book, key[1], f"member,iban,routing,account\n{row}\n")
    assert (done.exit_code, said in done.stderr) == (1, True)
    assert not (book / "private.json").exists()


def test_a_bank_code_is_checked_and_kept(book: Path, key: tuple[Path, str]) -> None:
    wrong = accounts(book, key[1], f"member,iban,bic\nMarisol,{IBAN},XX\n")
    assert "no bank's code (BIC) reads so" in wrong.stderr
    right = accounts(book, key[1], f"member,iban,bic\nMarisol,{IBAN},CAIX ES BB\n")
    assert right.exit_code == 0


def test_an_iban_needs_its_library(
    book: Path, key: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "schwifty", None)
    done = accounts(book, key[1], f"member,iban\nMarisol,{IBAN}\n")
    assert (done.exit_code, "coopledger[payments]" in done.stderr) == (2, True)
