"""Whatever is done in whatever order, the register stays whole."""

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_service.domain.address import address_of
from registry_service.domain.errors import RegistryError
from registry_service.domain.lifecycle import Step
from registry_service.domain.restriction import HeldAct
from registry_service.domain.staff import Assignment, Role, Staff
from tests.database import SharedServer
from tests.db.issuing.world import ELSEWHERE, REGISTRAR, a_face, a_world
from tests.db.lifecycle.firm import (
    OTHER_USCC,
    PEOPLE,
    QUFU_DOMICILE,
    QUFU_SHOP,
    RENCHENG_SHOP,
    ZOUCHENG,
    ZOUCHENG_DOMICILE,
    Firm,
)

# What happens besides the steps of the table.
FILE_HERE, FILE_THERE, FILE_OLD, ISSUE, SIGN, HOME, ONTO, AWAY, YEAR, HOLD, RETURN = (
    "file here",
    "file there",
    "file at the old domicile",
    "issue",
    "sign",
    "move home",
    "move onto a place",
    "move on",
    "a year passes",
    "hold filings",
    "code returns",
)
OTHERS: Final = (
    FILE_HERE, FILE_THERE, FILE_OLD, ISSUE, SIGN, HOME, ONTO, AWAY, YEAR, HOLD, RETURN,
)  # fmt: skip
STEPS = st.one_of(
    st.sampled_from([step for step in Step if step is not Step.RESTRICT]), st.sampled_from(OTHERS)
)


def happen(firm: Firm, what: str) -> None:
    if isinstance(what, Step):
        firm.take(what)
    elif what == FILE_HERE:
        firm.submit(RENCHENG_SHOP)
    elif what == FILE_THERE:
        firm.submit(QUFU_SHOP)
    elif what == FILE_OLD:
        firm.submit(a_face().address.text)
    elif what == ISSUE:
        firm.issue()
    elif what == SIGN:
        firm.sign()
    elif what == HOME:
        firm.move(a_face().address.text, by=REGISTRAR)
    elif what == ONTO:
        firm.move(QUFU_SHOP, by=ELSEWHERE)
    elif what == AWAY:
        firm.move(ZOUCHENG_DOMICILE, by=ZOUCHENG)
    elif what == YEAR:
        firm.world.clock.forward(days=366)
        firm.expire()
    elif what == HOLD:
        firm.restrict(HeldAct.FILING, until=firm.today + timedelta(days=100))
    elif what == RETURN:
        firm.correct_code(OTHER_USCC if firm.read().uscc != OTHER_USCC else "91370811MAJN000108")


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_any_sequence_of_acts_leaves_nothing_that_breaks_an_invariant(
    postgres: SharedServer, steps: list[str]
) -> None:
    with (
        postgres.clone() as url,
        TemporaryDirectory() as folder,
        a_world(url, Path(folder) / "keys") as world,
    ):
        with world.store.transaction() as tx:
            for number, unit, role in (*PEOPLE, ("0102", 20, Role.SUPERVISOR)):
                tx.staff.put(
                    Staff(number, f"测试{number}", (Assignment(unit, role, date(2020, 1, 1)),))
                )
        world.register()
        firm = Firm(world)
        firm.file(RENCHENG_SHOP)
        for step in steps:
            with suppress(RegistryError):
                happen(firm, step)
            assert firm.faults() == [], step
        with suppress(RegistryError):
            firm.change(address=address_of(QUFU_DOMICILE))
        assert firm.faults() == []
