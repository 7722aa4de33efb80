"""The register, read as of any day: who was a member, in which class, since when."""

from __future__ import annotations

import datetime

import pytest

from coopledger.domain.findings import Origin
from coopledger.domain.members import MemberEvent
from coopledger.domain.members import Register

HERE = Origin("members.beancount", 1)


def date(text: str) -> datetime.date:
    """Read a date."""
    return datetime.date.fromisoformat(text)


def register(*lines: str) -> Register:
    """Build a register from lines of ``date member event [class] [name]``."""
    events = []
    for line in lines:
        day, member, event, *rest = line.split(maxsplit=4)
        events.append(
            MemberEvent(
                member=member,
                event=event,  # type: ignore[arg-type]  # one of the words
                date=date(day),
                origin=HERE,
                member_class=rest[0].strip("-") if rest else "",
                name=rest[1] if len(rest) > 1 else "",
            )
        )
    return Register.of(events)


LEAVER = register("2020-01-01 Ana join worker", "2024-12-31 Ana leave")


def test_who_leaves_on_31_december_is_a_member_on_that_day() -> None:
    (membership,) = LEAVER.as_of(date("2024-12-31"))
    assert membership.is_member
    assert membership.status == "member"
    assert membership.left is None


def test_who_left_on_31_december_is_none_on_1_january() -> None:
    (membership,) = LEAVER.as_of(date("2025-01-01"))
    assert not membership.is_member
    assert (membership.status, membership.left) == ("left", date("2024-12-31"))


def test_at_the_end_of_the_last_day_membership_is_over() -> None:
    standing = LEAVER.standing("Ana", date("2024-12-31"))
    assert standing is not None
    assert standing.status == "left"
    assert LEAVER.standing("Ana", date("2019-12-31")) is None
    assert LEAVER.standing("Nobody", date("2024-12-31")) is None


def test_who_joins_is_a_member_from_that_day_on() -> None:
    assert LEAVER.as_of(date("2019-12-31")) == []
    (membership,) = LEAVER.as_of(date("2020-01-01"))
    assert (membership.joined, membership.member_class) == (
        date("2020-01-01"),
        "worker",
    )


def test_who_joins_and_leaves_on_one_day_was_a_member_on_it() -> None:
    short = register("2024-05-01 Ana join worker", "2024-05-01 Ana leave")
    (membership,) = short.as_of(date("2024-05-01"))
    assert membership.is_member
    assert short.was_member("Ana", date("2024-05-01"), date("2024-05-01"))


def test_a_paused_member_still_is_one() -> None:
    paused = register(
        "2020-01-01 Ana join worker",
        "2021-01-01 Ana pause",
        "2022-01-01 Ana resume",
    )
    (during,) = paused.as_of(date("2021-06-01"))
    assert (during.status, during.is_member) == ("paused", True)
    (after,) = paused.as_of(date("2022-01-01"))
    assert after.status == "member"


def test_an_applicant_is_no_member_and_keeps_the_class_on_joining() -> None:
    applicant = register("2020-01-01 Ana apply probationer", "2020-07-01 Ana join")
    (before,) = applicant.as_of(date("2020-06-30"))
    assert (before.status, before.is_member, before.joined) == (
        "applicant",
        False,
        None,
    )
    (after,) = applicant.as_of(date("2020-07-01"))
    assert (after.status, after.member_class) == ("member", "probationer")


def test_who_comes_back_is_a_member_anew() -> None:
    again = register(
        "2020-01-01 Ana join worker",
        "2021-12-31 Ana leave",
        "2024-01-01 Ana join inactive",
    )
    (between,) = again.as_of(date("2023-01-01"))
    assert not between.is_member
    (after,) = again.as_of(date("2024-01-01"))
    assert (after.joined, after.left) == (date("2024-01-01"), None)
    assert again.rank("Ana") == ("2020-01-01", "Ana")


def test_who_died_cannot_come_back() -> None:
    dead = register("2020-01-01 Ana join worker", "2021-05-01 Ana die")
    assert [one.status for one in dead.as_of(date("2021-05-02"))] == ["deceased"]
    back = register(
        "2020-01-01 Ana join worker", "2021-05-01 Ana die", "2022-01-01 Ana join"
    )
    ((event, standing),) = back.disordered
    assert (event.event, standing) == ("join", "deceased")


@pytest.mark.parametrize(
    ("lines", "event", "standing"),
    [
        (["2020-01-01 Ana leave"], "leave", ""),
        (["2020-01-01 Ana class worker"], "class", ""),
        (["2020-01-01 Ana join w", "2021-01-01 Ana join w"], "join", "member"),
        (["2020-01-01 Ana join w", "2021-01-01 Ana resume"], "resume", "member"),
        (["2020-01-01 Ana apply w", "2021-01-01 Ana pause"], "pause", "applicant"),
        (
            ["2020-01-01 Ana join w", "2021-01-01 Ana leave", "2022-01-01 Ana leave"],
            "leave",
            "left",
        ),
    ],
)
def test_an_event_that_cannot_follow_is_set_aside_with_the_standing_before(
    lines: list[str], event: str, standing: str
) -> None:
    ((set_aside, before),) = register(*lines).disordered
    assert (set_aside.event, before) == (event, standing)


def test_events_are_read_in_order_of_date_wherever_they_stand() -> None:
    mixed = register("2024-12-31 Ana leave", "2020-01-01 Ana join worker")
    assert mixed.disordered == []
    assert mixed.as_of(date("2024-01-01"))[0].is_member


def test_members_are_listed_by_date_of_joining_and_then_by_id() -> None:
    listed = register(
        "2021-01-01 Cleo join worker",
        "2020-01-01 Bea join worker",
        "2020-01-01 Ana join worker",
        "2019-01-01 Dan apply worker",
    )
    assert listed.ids == ("Ana", "Bea", "Cleo", "Dan")
    assert [one.member for one in listed.as_of(date("2020-06-01"))] == [
        "Ana",
        "Bea",
        "Dan",
    ]


def test_the_latest_name_is_shown_and_the_id_where_there_is_none() -> None:
    named = register(
        "2020-01-01 Ana join worker Ana_Ruiz", "2021-01-01 Ana class inactive Ana_Sanz"
    )
    assert named.name("Ana") == "Ana_Sanz"
    assert LEAVER.name("Ana") == "Ana"


# --- over a period --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "was"),
    [
        ("2019-01-01", "2019-12-31", False),
        ("2019-01-01", "2020-01-01", True),
        ("2024-12-31", "2025-12-31", True),
        ("2025-01-01", "2025-12-31", False),
        ("2021-01-01", "2021-12-31", True),
    ],
)
def test_one_day_of_membership_in_a_period_is_enough(
    start: str, end: str, *, was: bool
) -> None:
    assert LEAVER.was_member("Ana", date(start), date(end)) is was


def test_membership_without_an_end_lasts() -> None:
    lasting = register("2020-01-01 Ana join worker")
    assert lasting.was_member("Ana", date("2030-01-01"), date("2030-12-31"))
    assert lasting.was_member("Ana", date("2019-01-01"), date("2020-01-01"))
    assert not lasting.was_member("Ana", date("2019-01-01"), date("2019-12-31"))


def test_an_applicant_was_never_a_member() -> None:
    applicant = register("2020-01-01 Ana apply worker", "2020-06-01 Ana leave")
    assert not applicant.was_member("Ana", date("2020-01-01"), date("2020-12-31"))


CHANGER = register(
    "2020-01-01 Ana join probationer",
    "2020-07-01 Ana class worker",
    "2021-03-01 Ana pause",
    "2021-04-01 Ana resume",
    "2021-07-01 Ana class inactive",
)


def test_classes_over_a_period_are_those_held_on_any_day_of_it() -> None:
    def held(start: str, end: str) -> tuple[str, ...]:
        return CHANGER.classes("Ana", date(start), date(end))

    assert held("2020-01-01", "2020-12-31") == ("probationer", "worker")
    assert held("2020-01-01", "2020-07-01") == ("probationer", "worker")
    assert held("2020-01-01", "2020-06-30") == ("probationer",)
    assert held("2020-07-01", "2020-12-31") == ("worker",)
    assert held("2021-01-01", "2021-12-31") == ("worker", "inactive")
    assert held("2019-01-01", "2019-12-31") == ()


def test_a_line_on_the_first_day_is_no_change_within_a_period() -> None:
    assert CHANGER.changes("Ana", date("2020-01-01"), date("2020-12-31"))
    assert not CHANGER.changes("Ana", date("2020-07-01"), date("2020-12-31"))
    assert not CHANGER.changes("Bea", date("2020-01-01"), date("2020-12-31"))
