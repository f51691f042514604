"""Every reader meets spoiled and arbitrary bytes; `--hypothesis-profile=fuzz` looks longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.readers import TARGETS, samples


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_a_reader_neither_crashes_nor_believes(name: str, data: st.DataObject) -> None:
    genuine = data.draw(st.sampled_from(samples()[name]))
    at = data.draw(st.integers(0, max(0, len(genuine) - 1)))
    removed = data.draw(st.integers(0, 4))
    added = data.draw(st.binary(max_size=6))
    TARGETS[name](genuine[:at] + added + genuine[at + removed :])
    TARGETS[name](data.draw(st.binary(max_size=300)))


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_genuine_passes_every_reader(name: str) -> None:
    for genuine in samples()[name]:
        TARGETS[name](genuine)
