"""What the table of lifecycles owes to domain.md §6, whatever else it says."""

import pytest

from registry_service.domain.entity import EntityState
from registry_service.domain.errors import EntityEnded, NotReversible, StateForbids
from registry_service.domain.lifecycle import TABLE, Step, after

ENDED = {EntityState.DEREGISTERED, EntityState.ANNULLED}
RECORDS = {Step.RESTRICT, Step.LIFT, Step.MARK, Step.UNMARK, Step.CORRECT, Step.CORRECT_CODE}


def possible(state: EntityState) -> set[Step]:
    return {step for step in Step if state in TABLE[step]}


def test_every_step_has_its_row_and_its_name() -> None:
    assert set(TABLE) == set(Step)
    assert len({step.zh for step in Step}) == len(Step)


def test_after_a_revocation_only_the_end_the_way_back_and_records_are_possible() -> None:
    assert possible(EntityState.REVOKED) == RECORDS | {
        Step.DEREGISTER,
        Step.REINSTATE,
        Step.MARK_SPECIALLY,
    }


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_comes_back_or_stays_on_record(state: EntityState) -> None:
    assert possible(state) == RECORDS | {Step.REINSTATE}


def test_nothing_but_a_reinstatement_leads_out_of_an_end() -> None:
    ends = ENDED | {EntityState.REVOKED}
    for step, row in TABLE.items():
        for source, target in row.items():
            if source in ends and target not in ends:
                raise AssertionError(f"{step} leads from {source} to {target}")


@pytest.mark.parametrize(
    ("state", "step", "refusal"),
    [
        (EntityState.REVOKED, Step.CHANGE, EntityEnded),
        (EntityState.ANNULLED, Step.REVOKE, EntityEnded),
        (EntityState.ACTIVE, Step.REINSTATE, NotReversible),
        (EntityState.DORMANT, Step.LIQUIDATE, StateForbids),
        (EntityState.REVOKED, Step.MOVE, StateForbids),
    ],
)
def test_a_refusal_names_state_and_act_in_chinese(
    state: EntityState, step: Step, refusal: type[StateForbids]
) -> None:
    with pytest.raises(refusal) as refused:
        after(state, step)
    assert refused.value.metadata["state"] == state
    assert state.zh in refused.value.zh
    assert step.zh in refused.value.zh
