"""Who is on call: the rules, as values in and values out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.rota import (
    OVERRIDE,
    ROTATION,
    Double,
    OnCall,
    Shift,
    Span,
    Watch,
    around,
    doubles,
    gaps,
    left_of,
    on_call,
    people_at,
    renew,
    watches,
)

DARA, SOPHEA, BOPHA = 1, 2, 3
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def shift(who: int, start: float, end: float, place: int = 1, **more) -> Shift:
    return Shift(who, at(start), at(end), place, **more)


hours = st.integers(0, 24)
made_up = st.builds(
    lambda who, start, length, place: shift(who, start, start + length, place),
    st.integers(1, 4), hours, st.integers(1, 12), st.integers(1, 3),
)  # fmt: skip
rotas = st.lists(made_up, max_size=8)
MOMENTS = [at(half / 2) for half in range(76)]


def test_who_is_on_call_now_until_when_and_who_is_next() -> None:
    rota = [shift(DARA, 0, 8), shift(SOPHEA, 0, 16, 2), shift(BOPHA, 8, 16)]
    assert on_call(rota, at(1)) == OnCall((DARA, SOPHEA), at(8), (BOPHA, SOPHEA))
    assert on_call(rota, at(8)) == OnCall((BOPHA, SOPHEA), at(16), ())
    assert on_call(rota, at(16)) == OnCall((), None, ())
    assert on_call(rota, at(-1)) == OnCall((), at(0), (DARA, SOPHEA))


def test_a_handover_to_oneself_is_no_change() -> None:
    rota = [shift(DARA, 0, 8), shift(DARA, 8, 16), shift(SOPHEA, 16, 24)]
    assert on_call(rota, at(1)) == OnCall((DARA,), at(16), (SOPHEA,))


def test_gaps_are_found_before_between_and_behind() -> None:
    rota = [shift(SOPHEA, 6, 8, 2), shift(DARA, 1, 4)]
    assert gaps(rota, at(0), at(10)) == (
        Span(at(0), at(1)),
        Span(at(4), at(6)),
        Span(at(8), at(10)),
    )
    assert gaps([], at(0), at(1)) == (Span(at(0), at(1)),)
    assert gaps([shift(DARA, -5, 50)], at(0), at(10)) == ()


def test_a_day_piece_by_piece() -> None:
    rota = [shift(DARA, -5, 8), shift(DARA, 8, 10), shift(SOPHEA, 9, 40, 2)]
    assert watches(rota, at(0), at(24)) == (
        Watch(at(0), at(9), (DARA,)),
        Watch(at(9), at(10), (DARA, SOPHEA)),
        Watch(at(10), at(24), (SOPHEA,)),
    )
    assert watches([], at(0), at(1)) == (Watch(at(0), at(1), ()),)


def test_an_overlap_is_told_once_with_who_and_where() -> None:
    rota = [shift(DARA, 0, 8), shift(SOPHEA, 6, 10), shift(SOPHEA, 7, 9, 2), shift(BOPHA, 0, 9, 3)]
    assert doubles(rota) == (
        Double(at(6), at(8), (DARA, SOPHEA), (1,)),
        Double(at(7), at(9), (SOPHEA,), (1, 2)),
    )
    assert doubles([shift(DARA, 0, 4), shift(DARA, 2, 6)]) == (Double(at(2), at(4), (DARA,), (1,)),)
    assert doubles([shift(DARA, 0, 4), shift(SOPHEA, 4, 8), shift(BOPHA, 0, 8, 2)]) == ()


def test_what_people_decided_stands_and_the_rotation_fills_in_around_it() -> None:
    planned = [shift(DARA, 0, 8, source=ROTATION), shift(SOPHEA, 8, 16, source=ROTATION)]
    decided = [shift(BOPHA, 6, 10, source=OVERRIDE)]
    came = renew(planned, [], decided, at(-1))
    assert came.gone == ()
    assert [(s.staff_id, s.starts_at, s.ends_at) for s in came.added] == [
        (DARA, at(0), at(6)),
        (SOPHEA, at(10), at(16)),
    ]


def test_a_plan_people_have_seen_keeps_its_people() -> None:
    seen = [shift(DARA, 0, 8), shift(SOPHEA, 8, 16)]
    turned = [shift(SOPHEA, 0, 8), shift(DARA, 8, 16), shift(BOPHA, 16, 24)]
    came = renew(turned, seen, [], at(-1))
    assert (came.gone, came.added) == ((), (shift(BOPHA, 16, 24),))


def test_what_is_no_longer_planned_goes_but_not_what_has_begun() -> None:
    made = [shift(DARA, 0, 8), shift(SOPHEA, 8, 16)]
    came = renew([], made, [], at(1))
    assert (came.gone, came.added) == ((shift(SOPHEA, 8, 16),), ())


def test_a_rotation_that_slept_takes_up_in_the_middle_of_a_watch() -> None:
    came = renew([shift(DARA, 0, 8)], [], [], at(3))
    assert came.added == (shift(DARA, 3, 8),)


@given(rotas, st.sampled_from(MOMENTS))
def test_the_next_change_is_the_next_change(rota: list[Shift], now: datetime) -> None:
    told = on_call(rota, now)
    for moment in MOMENTS:
        if moment >= now and (told.until is None or moment < told.until):
            assert people_at(rota, moment) == told.now
    assert told.until is None or people_at(rota, told.until) == told.then != told.now


@given(rotas)
def test_no_gap_goes_unnoticed_and_none_is_invented(rota: list[Shift]) -> None:
    found = gaps(rota, MOMENTS[0], MOMENTS[-1])
    pieces = watches(rota, MOMENTS[0], MOMENTS[-1])
    assert [Span(w.starts_at, w.ends_at) for w in pieces if not w.people] == list(found)
    for moment in MOMENTS[:-1]:
        is_in_a_gap = any(gap.starts_at <= moment < gap.ends_at for gap in found)
        assert is_in_a_gap == (people_at(rota, moment) == ())


@given(rotas)
def test_no_double_goes_unnoticed_and_none_is_invented(rota: list[Shift]) -> None:
    found = doubles(rota)
    for moment in MOMENTS:
        there = [s for s in rota if s.holds(moment)]
        is_told = any(double.starts_at <= moment < double.ends_at for double in found)
        places, people = {s.place for s in there}, {s.staff_id for s in there}
        assert is_told == (len(places) < len(there) or len(people) < len(there))


@given(made_up, hours, st.integers(1, 12))
def test_what_is_left_is_the_rest_exactly(one: Shift, start: int, length: int) -> None:
    rest = left_of(one, at(start), at(start + length))
    for moment in MOMENTS:
        is_cut = at(start) <= moment < at(start + length)
        assert sum(part.holds(moment) for part in rest) == (one.holds(moment) and not is_cut)


@given(rotas, rotas, rotas, st.sampled_from(MOMENTS))
def test_renewing_is_idempotent_and_doubles_nobody(planned, made, decided, now) -> None:
    came = renew(planned, made, decided, now)
    left = [s for s in made if s not in came.gone]
    again = renew(planned, [*left, *came.added], decided, now)
    assert again == type(again)((), ())
    for new in came.added:
        assert new.starts_at >= now
        assert around([new], [*left, *decided]) == (new,)
    for moment in MOMENTS:  # what was planned is covered, by whomever
        if moment >= now:
            places = {s.place for s in planned if s.holds(moment)}
            there = {s.place for s in (*left, *came.added, *decided) if s.holds(moment)}
            assert places <= there
