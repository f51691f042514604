"""The table of authority covers the contract, and nothing waits that can't be done later."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.authority import TABLE, ActName, Scope
from registry_service.domain.command import (
    COMMANDS,
    AnnulEntity,
    Command,
    CommandUnreadable,
    ReinstateEntity,
    ReinstatePremises,
    RevokeEntity,
    StrikePremises,
    read_command,
)
from registry_service.domain.key_act import KEY_ACTS
from registry_service.domain.staff import Role
from registry_service.pages import FOLDER, PAGES
from yizhao.registry.v1 import (
    admin_service_pb2,
    application_service_pb2,
    entity_service_pb2,
    license_service_pb2,
    premises_service_pb2,
)

SERVICES = {
    "EntityService": entity_service_pb2,
    "ApplicationService": application_service_pb2,
    "PremisesService": premises_service_pb2,
    "LicenseService": license_service_pb2,
    "AdminService": admin_service_pb2,
}
OWN_WAY = {
    ActName.CREATE_REVIEW_POLICY,
    ActName.START_MASS_RUN,
    ActName.START_MASS_ACT,
    *KEY_ACTS,
}
"""Each waits in a table of its own, for a Confirm of its own."""
texts = st.text(max_size=200)
numbers = st.integers(0, 2**31)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(RevokeEntity, texts),
    st.builds(ReinstateEntity, texts),
    st.builds(AnnulEntity, numbers, st.lists(texts, max_size=4).map(tuple), texts),
    st.builds(StrikePremises, numbers, texts),
    st.builds(ReinstatePremises, numbers, texts),
)


def test_every_method_of_the_contract_has_a_row_and_every_row_a_method() -> None:
    methods = {
        method.name
        for service, module in SERVICES.items()
        for method in module.DESCRIPTOR.services_by_name[service].methods
    }
    assert {act.method for act in ActName} == methods
    assert set(TABLE) == set(ActName)


def test_every_row_has_a_chinese_title_of_its_own_and_a_reason() -> None:
    titles = [rule.title for rule in TABLE.values()]
    assert len(set(titles)) == len(titles)
    for act, rule in TABLE.items():
        assert re.search("[一-鿿]", rule.title), act
        assert re.search("[一-鿿]", rule.why), act
        assert rule.grants, act
    assert all(scope.zh for scope in Scope)


def test_every_act_that_waits_has_a_command_and_no_other() -> None:
    waiting = {act for act, rule in TABLE.items() if rule.second}
    assert waiting - OWN_WAY == set(COMMANDS)


def test_whoever_may_confirm_some_act_may_by_the_row_of_confirmation() -> None:
    for act in COMMANDS:
        assert TABLE[act].second == TABLE[ActName.CONFIRM_ACT].grants


def test_nobody_confirms_by_the_role_that_asks() -> None:
    for act in COMMANDS:
        asks = {grant.role for grant in TABLE[act].grants}
        assert asks.isdisjoint(grant.role for grant in TABLE[act].second)


READS = re.compile("(get|list|search|check|render)_")


def test_auditors_change_nothing() -> None:
    for act, rule in TABLE.items():
        if Role.AUDITOR in {grant.role for grant in rule.grants}:
            assert READS.match(act), act


def test_key_custodians_change_nothing_but_keys_and_nobody_else_changes_those() -> None:
    of_keys = {
        *KEY_ACTS,
        ActName.CONFIRM_KEY_ACT,
        ActName.DRAFT_TRUST_LIST,
        ActName.PUBLISH_TRUST_LIST,
    }
    for act, rule in TABLE.items():
        roles = {grant.role for grant in rule.grants}
        if act in of_keys:
            assert roles == {Role.KEY_CUSTODIAN}, act
        elif Role.KEY_CUSTODIAN in roles:
            assert READS.match(act), act


def test_every_act_on_keys_waits_for_another_key_custodian() -> None:
    for act in KEY_ACTS:
        assert TABLE[act].second == TABLE[ActName.CONFIRM_KEY_ACT].grants, act


@given(commands)
def test_a_command_is_read_back_as_it_was_kept(command: Command) -> None:
    assert read_command(command.act, command.to_json()) == command


@pytest.mark.parametrize(
    ("act", "kept"),
    [
        (ActName.CHANGE_ENTITY, {"basis": "决定书"}),
        (ActName.REVOKE_ENTITY, {}),
        (ActName.REVOKE_ENTITY, {"basis": 1}),
        (ActName.STRIKE_PREMISES, {"basis": "决定书", "premises": "1"}),
        (ActName.STRIKE_PREMISES, {"basis": "决定书", "premises": True}),
        (ActName.ANNUL_ENTITY, {"basis": "决定书", "version": 1, "items": "person"}),
        (ActName.ANNUL_ENTITY, {"basis": "决定书", "version": 1, "items": [1]}),
    ],
)
def test_a_command_that_is_not_ours_is_not_done(act: ActName, kept: dict[str, Any]) -> None:
    with pytest.raises(CommandUnreadable):
        read_command(act, kept)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_its_table_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "run `make docs`"
