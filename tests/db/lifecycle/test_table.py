"""Every cell of the table of lifecycles: it is possible and leads there, or it is refused."""

import pytest

from registry_service.domain.entity import EntityState
from registry_service.domain.errors import (
    EntityEnded,
    NotReversible,
    SimpleProcedureBarred,
    StateForbids,
)
from registry_service.domain.lifecycle import TABLE, Step
from registry_service.domain.restriction import HeldAct
from tests.db.lifecycle.firm import QUFU_SHOP, Firm

# One method does both: of a dormant entity it extends, of any other it suspends.
SAME = {(EntityState.DORMANT, Step.SUSPEND), (EntityState.ACTIVE, Step.EXTEND)}
CELLS = [(state, step) for state in EntityState for step in Step if (state, step) not in SAME]


def ready(firm: Firm, state: EntityState, step: Step) -> None:
    """The state, and what the step needs besides it."""
    firm.change(person="测试前")
    firm.file(QUFU_SHOP)
    firm.issue()
    if step is Step.LIFT:
        firm.restrict(HeldAct.FILING)
    if step is Step.UNMARK:
        firm.mark()
    firm.bring_to(state)


@pytest.mark.parametrize(("state", "step"), CELLS)
def test_a_step_leads_where_the_table_says_or_is_refused(
    firm: Firm, state: EntityState, step: Step
) -> None:
    ready(firm, state, step)
    assert firm.state is state
    before = firm.read().revision
    target = TABLE[step].get(state)
    if target is None:
        refusals = (EntityEnded, NotReversible, SimpleProcedureBarred, StateForbids)
        with pytest.raises(refusals) as refused:
            firm.take(step)
        assert state.zh in str(refused.value.zh)
        assert firm.read().revision == before, "a refusal leaves nothing behind"
    else:
        firm.take(step)
        assert firm.state is (EntityState.ACTIVE if step is Step.REINSTATE else target)
        assert firm.read().revision > before
    firm.sign()
    assert firm.faults() == []
