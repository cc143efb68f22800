"""Counts of parts add up to those of the whole: classes to a school, schools to a city."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from edujournal.views.counts import NO_RESULTS, Results

#: A result as it counts: its value, whether it is a success, whether it is good, its number.
ONE = st.tuples(st.sampled_from("2345"), st.booleans(), st.booleans(), st.integers(1, 5))


def counted(results):
    """Results of some pupils, counted."""
    return Results(
        counted=len(results),
        values={
            value: sum(one[0] == value for one in results) for value in {r[0] for r in results}
        },
        judged=len(results),
        passing=sum(one[1] for one in results),
        rated=len(results),
        good=sum(one[2] for one in results),
        numbered=len(results),
        total=Fraction(sum(one[3] for one in results)),
    )


@given(st.lists(st.lists(ONE, max_size=8), max_size=6))
def test_shares_of_a_whole_are_those_of_its_parts_together(schools):
    """However pupils are divided, the city's shares are those of all of them, not means of means."""
    city = sum(map(counted, schools), NO_RESULTS)
    whole = counted([one for school in schools for one in school])

    assert whole == city
    assert (whole.success, whole.quality, whole.mean) == (city.success, city.quality, city.mean)
