"""Memory, files and threads that grow are told, and what is steady is not."""

import pytest

from tests.load.soak.sampling import SHORT_SECONDS, Course, Sample

AT = 1_000_000.0
STEPS = 100
STEP = 2 * SHORT_SECONDS / STEPS


def course(
    *, megabytes: float = 0, files: float = 0, threads: float = 0, lives: bool = True
) -> Course:
    """What grows by so much with each of the hundred samples."""
    samples = tuple(
        Sample(AT + n * STEP, 100 + n * megabytes, int(20 + n * files), int(10 + n * threads))
        for n in range(STEPS)
    )
    return Course("node", samples, lives)


def test_what_is_steady_is_not_wrong() -> None:
    assert course().wrong() == []


@pytest.mark.parametrize(
    ("grows", "told"),
    [
        (course(megabytes=0.5), "grew by 24"),
        (course(files=1), "more and more files"),
        (course(threads=1), "more and more threads"),
    ],
)
def test_what_grows_is_told(grows: Course, told: str) -> None:
    (wrong,) = grows.wrong()
    assert told in wrong


def test_growth_that_ends_is_not_wrong() -> None:
    """A cache fills, then it is full."""
    steady = course().samples
    filling = tuple(
        Sample(each.at, min(100.0 + n, 130), each.files, each.threads)
        for n, each in enumerate(steady)
    )
    assert Course("node", filling, lives=True).wrong() == []


def test_of_what_is_killed_again_and_again_peaks_are_compared() -> None:
    """Each life begins small and grows, and none needs more than the one before."""
    lives = tuple(Sample(AT + n * STEP, 100 + 10 * (n % 10), 20 + n, 10 + n) for n in range(STEPS))
    assert Course("registry", lives, lives=False).wrong() == []
    (wrong,) = course(megabytes=5, lives=False).wrong()
    assert "in the last half" in wrong
