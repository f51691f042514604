"""Every change of one digit of a scan text is refused: all digits, all nine other values."""

import pytest

from license_verify import Outcome, verify
from tests.unit.verify.world import CLAIMS, NOW, SITE_CLAIMS, World

WORLD = World()
TRUST = WORLD.trust()


@pytest.mark.parametrize("claims", [CLAIMS, SITE_CLAIMS], ids=["licence", "site"])
def test_every_single_changed_digit_is_refused(claims: object) -> None:
    scan = WORLD.scan(claims)  # type: ignore[arg-type] # the two above
    assert verify(scan, TRUST, NOW).outcome is Outcome.VALID
    start, tried = scan.rindex("/") + 1, 0
    for at in range(start, len(scan)):
        for digit in "0123456789":
            if digit == scan[at]:
                continue
            verdict = verify(scan[:at] + digit + scan[at + 1 :], TRUST, NOW)
            assert verdict.outcome is Outcome.INVALID, at
            assert verdict.token is None
            tried += 1
    assert tried == 9 * (len(scan) - start) > 5_000


def test_every_lost_doubled_or_swapped_digit_is_refused() -> None:
    scan = WORLD.scan()
    for at in range(scan.rindex("/") + 1, len(scan)):
        changed = [scan[:at] + scan[at + 1 :], scan[:at] + scan[at] + scan[at:]]
        if at + 1 < len(scan) and scan[at] != scan[at + 1]:
            changed.append(scan[:at] + scan[at + 1] + scan[at] + scan[at + 2 :])
        for text in changed:
            assert verify(text, TRUST, NOW).outcome is Outcome.INVALID
