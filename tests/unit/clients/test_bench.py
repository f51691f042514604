"""What `yizhao bench` makes of what it measured."""

import pytest

from clients.bench.line import Line
from clients.bench.profile import told
from clients.bench.rounds import Timing, in_turns


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    slow, quick = Timing((2.0, 40.0, 2.0)), Timing((1.0, 10.0, 2.0))
    assert quick.speed_against(slow) == 2.0
    assert slow.microseconds == 2e6


def test_the_first_round_does_not_count_and_the_order_turns() -> None:
    called: list[str] = []

    def thing(name: str) -> float:
        called.append(name)
        return float(len(called))

    timed = in_turns({"a": lambda: thing("a"), "b": lambda: thing("b")}, rounds=2)
    assert called == ["a", "b", "b", "a", "a", "b"]
    assert timed["a"].rounds == (4.0, 5.0)


@pytest.mark.parametrize(
    ("ratio", "wanted", "words"),
    [(0.5, 0.45, "reached"), (0.4, 0.45, "MISSED"), (0.4, None, "told")],
)
def test_a_line_says_whether_it_is_as_wanted(
    ratio: float, wanted: float | None, words: str
) -> None:
    assert words in Line("this / that", ratio, wanted).judged


def test_a_profile_names_the_innermost_part_that_it_knows() -> None:
    stacks = [
        "run (grpc/_server.py:1);judge (license_verify/judging.py:2);now (datetime.py:3) 30",
        "run (grpc/_server.py:1);raw_signature_fits (license_verify/token/cose.py:9) 60",
        "main (x.py:1) 10",
    ]
    assert told(stacks) == "signature 60%, judging 30%, other 10%"


def test_work_in_the_background_is_one_part_whatever_it_calls() -> None:
    stacks = [
        "_run (license_verify/server/usage/drain.py:1);decode (license_verify/token/x.py:2) 9"
    ]
    assert told(stacks) == "receipts to the database 100%"
