"""Acts on keys and hosts: asked by one key custodian, done once another confirms them."""

from dataclasses import replace
from typing import Final

from license_verify.refusal import FieldViolation, Kind
from registry_service.domain.authority import TABLE, ActName
from registry_service.domain.errors import (
    ExpectedSubjectDiffers,
    InvalidRequest,
    NoSecondPerson,
    PendingActEnded,
    RegistryError,
    RoleMissing,
    SamePerson,
)
from registry_service.domain.key_act import KeyAct, Wish
from registry_service.domain.key_event import KeyEvent
from registry_service.domain.pending_act import PendingState
from registry_service.domain.staff import Actor, Role
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.draft_trust import publish_draft
from registry_service.operations.key_changes import (
    KeyKeeper,
    affected,
    change,
    require_possible,
)
from registry_service.operations.second_person import WORKING_DAYS, expiry


def ask_key_act(act: Act, keeper: KeyKeeper, wish: Wish) -> KeyAct:
    """Keep an act until a second key custodian confirms it.

    Raises:
        RoleMissing: not a key custodian.
        NoSecondPerson: there is no other.
        ActWaiting: the same waits already.
        KeyUnknown, KeyStateForbids, KeyNotAnnounced, KeyWaiting, HostRefused: it can't be done now.
        InvalidRequest: no reason is given.
    """
    authorise(act, wish.act)
    if not wish.reason:
        raise InvalidRequest(FieldViolation("reason", "is required", "请填写理由"))
    require_possible(act.tx, keeper, wish, act.now)
    _require_second(act, wish.act)
    asked = KeyAct(
        number=0,
        wish=wish,
        affected=affected(act.tx, wish),
        asked_by=act.actor.number,
        asked_at=act.now,
        expires_at=expiry(act),
    )
    asked = replace(asked, number=act.tx.key_acts.add(asked, act.now))
    _keep(act, asked, "key_act.asked", wish.reason)
    return asked


def require_second_custodian(act: Act, number: int) -> KeyAct:
    """The act, if the caller may answer it.

    Raises:
        RoleMissing: not a key custodian.
        KeyActUnknown: there is none with that number.
        SamePerson: who asked for it cannot confirm it.
    """
    authorise(act, ActName.CONFIRM_KEY_ACT)
    asked = act.tx.key_acts.find(number)
    if asked.asked_by == act.actor.number:
        raise SamePerson(
            "who asked for the act can't confirm it; ask another key custodian",
            zh="密钥事项须由另一名密钥保管员复核，不得由提出人自己复核",
            asked_by=f"staff/{asked.asked_by}",
        )
    return asked


def answer_key_act(
    act: Act, keeper: KeyKeeper, number: int, expected: str, *, refuse: bool, reason: str
) -> KeyAct:
    """Do an act that waits, turn it down, or find that it lapsed.

    Args:
        act: who and when.
        keeper: makes and signs.
        number: of the act.
        expected: its subject, as the second person believes it to be.
        refuse: turn it down.
        reason: why.

    Raises:
        RoleMissing, KeyActUnknown, SamePerson: as `require_second_custodian`.
        PendingActEnded: it was answered.
        ExpectedSubjectDiffers: it is on another key or host.
        InvalidRequest: turned down without a reason.
        SignerUnavailable: the key could not be made; the act waits on.
    """
    asked = require_second_custodian(act, number)
    if asked.state is not PendingState.WAITING:
        raise _ended(asked)
    if asked.state_at(act.now) is PendingState.LAPSED:
        return _close(act, asked, PendingState.LAPSED, f"逾期未复核（{WORKING_DAYS} 个工作日）")
    if refuse:
        if not reason:
            raise InvalidRequest(FieldViolation("reason", "is required", "请填写不予通过的理由"))
        return _close(act, asked, PendingState.REFUSED, reason)
    if expected != asked.wish.subject:
        raise ExpectedSubjectDiffers(
            f"the act is on {asked.wish.subject}, not on what was expected",
            zh=f"该事项涉及的是 {asked.wish.subject}，与您填写的不一致",
            subject=asked.wish.subject,
        )
    try:
        with act.tx.connection.transaction():
            return _do(act, keeper, asked)
    except RegistryError as refusal:
        if refusal.kind is Kind.UNAVAILABLE:
            raise
        why = f"办理时被拒绝（{refusal.reason}）：{refusal.zh}"
        return _close(act, asked, PendingState.LAPSED, why)


def _do(act: Act, keeper: KeyKeeper, asked: KeyAct) -> KeyAct:
    # Nothing is published meanwhile: what is signed by a key that signs no more would not count.
    act.tx.publication.lock_in_transaction()
    wish = asked.wish
    require_possible(act.tx, keeper, wish, act.now)
    kid = change(act.tx, keeper, wish, act.now)
    done = _close(act, replace(asked, kid=kid), PendingState.DONE, "")
    publish_draft(act.tx, keeper.ring, act.now)
    return done


def _require_second(act: Act, name: ActName) -> None:
    role: Role = TABLE[name].second[0].role
    units = [unit.number for unit in act.units]
    others = (
        person
        for unit in units
        for person in act.tx.staff.holders(role, unit, act.today)
        if person.number != act.actor.number
    )
    if next(others, None) is None:
        raise NoSecondPerson(
            "there is no other key custodian; ask an operator to appoint one",
            zh="没有其他密钥保管员可以复核，请联系系统运维员设置",
            role=role,
        )


def _close(act: Act, asked: KeyAct, state: PendingState, answer: str) -> KeyAct:
    if state is PendingState.DONE:
        asker = act.tx.staff.find(asked.asked_by)
        held = Actor("", asker).units_as(Role.KEY_CUSTODIAN, act.today) if asker else []
        if asker is None or asker.disabled or not held:
            raise RoleMissing(
                f"staff/{asked.asked_by}, who asked for it, is no key custodian any longer",
                zh="提出该事项的人员已不是密钥保管员",
                role=Role.KEY_CUSTODIAN,
            )
    closed = replace(
        asked, state=state, answered_by=act.actor.number, answered_at=act.now, answer=answer
    )
    act.tx.key_acts.answer(closed)
    _keep(act, closed, _EVENTS[state], answer or asked.wish.reason)
    return closed


_EVENTS: Final = {
    PendingState.DONE: "key_act.confirmed",
    PendingState.REFUSED: "key_act.refused",
    PendingState.LAPSED: "key_act.lapsed",
}


def _keep(act: Act, asked: KeyAct, kind: str, reason: str) -> None:
    detail = {
        "act": asked.wish.act.value,
        "subject": asked.wish.subject,
        "early": asked.wish.early,
        "affected": asked.affected,
        "kid": asked.kid.hex() if asked.kid else "",
    }
    act.tx.key_events.add(
        KeyEvent(
            kind,
            f"keyActs/{asked.number}",
            reason,
            detail,
            act.actor.number,
            act.actor.person_name,
            act.actor.workload,
            act.now,
        )
    )


def _ended(asked: KeyAct) -> PendingActEnded:
    why = f"：{asked.answer}" if asked.answer else ""
    return PendingActEnded(
        f"the act is {asked.state}; ask again if it is still needed",
        zh=f"该事项{asked.state.zh}{why}；确有必要的，请重新提出",
        state=asked.state,
        act=asked.number,
    )
