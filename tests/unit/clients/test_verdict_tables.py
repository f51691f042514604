"""The table of a verdict's checks, as a clerk reads it."""

import re

import pytest

from clients.cli.verdict_tables import reason_text
from license_verify.reasons import Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_and_its_code(reason: Reason) -> None:
    said = reason_text(reason.value)
    assert re.fullmatch(rf"[^A-Z]*[\u4e00-\u9fff].*。\n{reason.value}", said), said


def test_a_reason_that_is_not_known_here_and_none_are_left_as_they_are() -> None:
    assert (reason_text("NEWER_THAN_THIS"), reason_text("")) == ("NEWER_THAN_THIS", "")
