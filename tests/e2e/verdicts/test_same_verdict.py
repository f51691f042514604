"""The same question gets the same verdict by library, RPC, batch, stream, page and command.

A node without any data tells our clients to ask another, so that there the command gives none.
Each case is read in all six ways, which must agree in outcome, status, reason of each check, and
words; of the page, which knows one purpose and no claims, it is the headline. What must come out
is put down in `states` and below.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from license_verify import POLICIES, Claimed, DocumentStatus, Outcome
from license_verify.reason_list import ANY_CHECK, BY_CHECK
from tests.e2e.verdicts.firms import DOCUMENTS, forged, genuine
from tests.e2e.verdicts.states import FRESH, STATES, WORLD, DataState, Expected
from tests.e2e.verdicts.ways import Case, Told, Ways, by_library, the_ways
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import configured_log
from tests.unit.verify.world import FACE, SITE

_S = DocumentStatus
FRESH_STATE = STATES[0]
GENUINE = genuine(WORLD)
FORGED = forged(WORLD)
BATCH = 500
MOST_SECONDS = 30.0


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The node's log goes elsewhere: a command's answer stands on standard output."""
    with configured_log():
        yield


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not make the register look away."""
    monkeypatch.setattr("license_verify.server.live._DEADLINE_SECONDS", MOST_SECONDS)


def agreed(ways: Ways, cases: list[Case], *, page: bool) -> dict[str, Told]:
    """What every way says of each case.

    Raises:
        AssertionError: two ways differ; it names the cases.
    """
    library = [ways.library(case) for case in cases]
    for at, told in enumerate(library):
        assert told == ways.rpc(cases[at]), f"rpc: {cases[at].name}"
        if ways.ready:
            assert told == ways.command(cases[at]), f"command: {cases[at].name}"
        if page:
            headline = ways.headline(cases[at])
            assert told.zh[0] in headline, f"page: {cases[at].name}"
            assert told.en[0] in headline, f"page: {cases[at].name}"
    for start in range(0, len(cases), BATCH):
        part = slice(start, start + BATCH)
        assert library[part] == ways.batch(cases[part])
    assert library == ways.stream(cases)
    return {case.name: told for case, told in zip(cases, library, strict=True)}


def came_out(told: Told) -> Expected:
    return Outcome(told.outcome), DocumentStatus(told.status)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_status_of_every_document_in_every_state_of_the_data(
    state: DataState, tmp_path: Path, authorities: Authorities
) -> None:
    with the_ways(state, tmp_path, authorities) as ways:
        cases = [Case(name, scan) for name, scan in (GENUINE | FORGED).items()]
        told = agreed(ways, cases, page=True)
    found = {name: came_out(told[name]) for name in GENUINE}
    assert found == {name: state.expected[firm.status] for name, (firm, _) in DOCUMENTS.items()}
    for name in FORGED:
        hoped = state.unknown_key if name == "unknown-key" else state.forged
        assert came_out(told[name]) == (hoped, _S.UNKNOWN), name


DAYS = {
    "before-it-was-approved": date(2026, 1, 9),
    "before-the-record": date(2026, 3, 10),
    "while-it-was-good": date(2026, 4, 15),
    "after-its-end": date(2026, 6, 15),
    "to-come": date(2026, 12, 24),
}
_UNSURE: Expected = (Outcome.INDETERMINATE, _S.UNKNOWN)
_GOOD: Expected = (Outcome.VALID, _S.VALID)
# Never issued, annulled, or dated after the moment of asking: no day makes them good.
_ON_ANY_DAY = {status: FRESH[status] for status in (_S.INVALID, _S.ANNULLED, _S.NOT_YET_VALID)}
THEN: dict[str, dict[DocumentStatus, Expected]] = {
    "before-it-was-approved": {
        **dict.fromkeys(_S, (Outcome.INVALID, _S.NOT_YET_VALID)),
        **_ON_ANY_DAY,
    },
    "before-the-record": {**dict.fromkeys(_S, _UNSURE), **_ON_ANY_DAY},
    "while-it-was-good": {
        **dict.fromkeys(_S, _GOOD),
        _S.LOST_VOID: _UNSURE,  # nobody tells since when
        _S.UNKNOWN: _UNSURE,
        **_ON_ANY_DAY,
    },
    "after-its-end": {**FRESH, _S.LOST_VOID: _UNSURE, _S.EXPIRED: _GOOD},
    "to-come": {
        **dict.fromkeys(_S, _UNSURE),
        _S.EXPIRED: (Outcome.INVALID, _S.EXPIRED),
        **_ON_ANY_DAY,
    },
}


@pytest.mark.parametrize("day", DAYS)
def test_every_status_on_another_day(day: str, tmp_path: Path, authorities: Authorities) -> None:
    with the_ways(FRESH_STATE, tmp_path, authorities) as ways:
        cases = [Case(name, scan, as_of=DAYS[day]) for name, scan in GENUINE.items()]
        told = agreed(ways, cases, page=True)
    assert {name: came_out(each) for name, each in told.items()} == {
        name: THEN[day][firm.status] for name, (firm, _) in DOCUMENTS.items()
    }


@pytest.mark.parametrize("state", [*STATES[1:4], STATES[-1]], ids=lambda state: state.name)
def test_another_day_is_not_established_without_the_register(
    state: DataState, tmp_path: Path, authorities: Authorities
) -> None:
    day = DAYS["while-it-was-good"]
    with the_ways(state, tmp_path, authorities) as ways:
        told = agreed(
            ways, [Case(name, scan, as_of=day) for name, scan in GENUINE.items()], page=True
        )
    unsure = {**dict.fromkeys(_S, _UNSURE), **_ON_ANY_DAY}
    assert {name: came_out(each) for name, each in told.items()} == {
        name: unsure[firm.status] for name, (firm, _) in DOCUMENTS.items()
    }


HERE = Claimed(FACE.name, FACE.person, FACE.address)
CLAIMS = {
    "true": HERE,
    "at-its-site": Claimed(FACE.name, None, SITE.address),
    "false": Claimed("济宁市别家有限公司", "别人", "邹城市钢山街道样例巷9号"),
}


def asked_for_a_purpose() -> Iterator[Case]:
    for purpose, (claims, claimed), name in product(POLICIES, CLAIMS.items(), DOCUMENTS):
        yield Case(f"{name} {purpose} {claims}", GENUINE[name], purpose, None, claimed)


def test_every_status_for_every_purpose_with_true_and_false_claims(
    tmp_path: Path, authorities: Authorities
) -> None:
    cases = list(asked_for_a_purpose())
    with the_ways(FRESH_STATE, tmp_path, authorities) as ways:
        told = agreed_by_service(ways, cases)
    for case in cases:
        answer = told[case.name]
        if answer.outcome == "VALID":
            assert "false" not in case.name
            accepted = POLICIES[case.purpose].accepted
            assert answer.status == "VALID" or answer.status in {s.name for s in accepted}


def agreed_by_service(ways: Ways, cases: list[Case]) -> dict[str, Told]:
    """The same for many: by library, batch and stream, and a part of them by RPC and command."""
    library = [ways.library(case) for case in cases]
    for start in range(0, len(cases), BATCH):
        part = slice(start, start + BATCH)
        assert library[part] == ways.batch(cases[part])
    assert library == ways.stream(cases)
    for at in range(0, len(cases), 17):
        assert library[at] == ways.rpc(cases[at]) == ways.command(cases[at]), cases[at].name
    return {case.name: told for case, told in zip(cases, library, strict=True)}


def test_the_table_has_at_least_500_cases_that_are_read_in_all_six_ways() -> None:
    ready = sum(state.ready for state in STATES)
    assert ready * len(GENUINE | FORGED) + len(DAYS) * len(GENUINE) >= 500


def test_every_reason_stands_at_a_check_that_gives_it() -> None:
    for state, (name, scan) in product(STATES, (GENUINE | FORGED).items()):
        for check in by_library(state, Case(name, scan)).checks:
            listed = (*BY_CHECK[check.name], *ANY_CHECK)
            assert check.reason in listed, f"{name} {state.name} {check.reason}"
