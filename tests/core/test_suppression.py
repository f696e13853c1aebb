"""No combination of what others may know of a person is told of fewer than five cases."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.suppression import ANY, FEW, HIDDEN, LEAST, Known, released, shown, steps_for

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
knowns = st.builds(
    Known,
    st.sampled_from(MONTHS),
    st.sampled_from(["", "01", "12", "17"]),
    st.sampled_from(["debt", "job_offer", "missing_child"]),
    st.sampled_from(["", "violence", "violence.neglect", "violence.sexual"]),
    st.sampled_from(["", "broker", "scam"]),
    st.sampled_from(["", "child"]),
)
rows = st.lists(knowns, max_size=120)


def tell(all_rows: list[Known], months: list[str]) -> tuple[list[Known], int]:
    """What is told of the rows of these months, and how many are left out."""
    asked = [row for row in all_rows if row.period in months]
    as_told = released(Counter(asked), steps_for(months))
    told = [as_told[row] for row in asked]
    return [row for row in told if row is not None], told.count(None)


@given(rows)
def test_what_is_told_is_true_of_at_least_five(all_rows: list[Known]) -> None:
    told, left_out = tell(all_rows, MONTHS)
    assert all(number >= LEAST for number in Counter(told).values())
    assert len(told) + left_out == len(all_rows)


@given(rows, st.integers(0, 11), st.integers(0, 11), st.integers(0, 11), st.integers(0, 11))
def test_two_exports_subtracted_tell_of_no_few(
    all_rows: list[Known], a: int, b: int, c: int, d: int
) -> None:
    """Of a period that both hold, both tell the same, but for quarters that only one has whole."""
    first, second = (MONTHS[min(x, y) : max(x, y) + 1] for x, y in ((a, b), (c, d)))
    one, other = (Counter(tell(all_rows, months)[0]) for months in (first, second))
    for row in one.keys() & other.keys():
        assert one[row] == other[row], "a difference between the two would tell of few"


def test_what_few_share_is_told_coarser_place_first_then_time() -> None:
    debt = Known("2026-01", "17", "debt", "", "", "")
    elsewhere = debt._replace(province="01")
    later = debt._replace(period="2026-03")
    in_any_month = debt._replace(period="2026-Q1", province=ANY)
    assert released({debt: 5}, steps_for(MONTHS)) == {debt: debt}
    told = released({debt: 3, elsewhere: 2}, steps_for(MONTHS))
    assert set(told.values()) == {debt._replace(province=ANY)}
    told = released({debt: 3, later: 2}, steps_for(MONTHS))
    assert set(told.values()) == {in_any_month}
    assert released({debt: 3, later: 2}, steps_for(["2026-01", "2026-03"])) == {
        debt: None,
        later: None,
    }


@given(st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")),
                       st.integers(0, 20)))  # fmt: skip
def test_a_table_with_its_total_tells_no_few(cells: dict[tuple[str, str], int]) -> None:
    told = shown(cells)
    assert all(words == FEW for cell, words in told.items() if 0 < cells[cell] < LEAST)
    hidden = [cell for cell, words in told.items() if words in (FEW, HIDDEN)]
    if hidden and any(number >= LEAST for number in cells.values()):
        assert len(hidden) > 1, "the total less the others would tell the only one"
        assert sum(cells[cell] for cell in hidden) >= LEAST
