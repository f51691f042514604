"""Ends acts that wait: the second person does one or turns it down, the first takes it back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from license_verify.refusal import FieldViolation, InvalidRequest, Kind, Refusal
from license_verify.server.partners import act_errors as errors
from license_verify.server.partners import acts
from license_verify.server.partners.authority import TABLE, ActName, require_role
from license_verify.server.partners.office import Act
from license_verify.server.partners.pending import ActState, PartnerAct

_DO: Final[Mapping[ActName, Callable[[Act, str, Mapping[str, Any]], None]]] = {
    ActName.ENROL_PARTNER: acts.enrol,
    ActName.UPDATE_PARTNER: acts.change,
    ActName.GRANT_PURPOSE: acts.give,
}
_EVENTS: Final = {
    ActState.DONE: "done",
    ActState.REFUSED: "refused",
    ActState.LAPSED: "lapsed",
    ActState.WITHDRAWN: "withdrawn",
}


def answer(
    act: Act, partner_id: str, number: int, expected: str, *, refuse: bool, reason: str
) -> PartnerAct:
    """Do an act that waits, turn it down, or find that it lapsed.

    Raises:
        PartnerActUnknown: there is none with that number.
        PartnerRoleMissing: the table lets others confirm it.
        SameOfficial: the caller asked for it.
        PartnerActEnded: it was answered, or lapsed.
        ExpectedTitleDiffers: it is about another partner.
        InvalidRequest: turned down without a reason.
    """
    asked = _held(act, partner_id, number)
    require_role(act.actor, TABLE[asked.act].second)
    if asked.asked_by == act.actor.number:
        raise errors.SameOfficial(
            "who asked for the act cannot confirm it; ask another official, or take it back",
            zh="合作单位事项须由另一人复核，不得由提出人自己复核；不再需要的可以撤回",
            asked_by=f"staff/{asked.asked_by}",
        )
    _require_waiting(act, asked)
    if refuse:
        if not reason:
            raise InvalidRequest(FieldViolation("reason", "is required", "请填写不予通过的理由"))
        return _close(act, asked, ActState.REFUSED, reason)
    if expected.strip() != asked.title:
        raise errors.title_differs(partner_id, asked.title)
    try:
        _DO[asked.act](act, partner_id, asked.wish)
    except Refusal as refusal:
        if refusal.kind is Kind.UNAVAILABLE:
            raise
        why = f"办理时被拒绝（{refusal.reason}）：{refusal.zh}"
        return _close(act, asked, ActState.LAPSED, why)
    return _close(act, asked, ActState.DONE, "")


def withdraw(act: Act, partner_id: str, number: int, reason: str) -> PartnerAct:
    """Take back what the caller asked for.

    Raises:
        PartnerActUnknown: there is none with that number.
        OtherOfficial: another asked for it.
        PartnerActEnded: it was answered, or lapsed.
    """
    asked = _held(act, partner_id, number)
    if asked.asked_by != act.actor.number:
        raise errors.OtherOfficial(
            f"staff/{asked.asked_by} asked for the act and alone takes it back; the second person"
            " may turn it down",
            zh="该事项由他人提出，只能由提出人撤回；复核人可以不予通过",
            asked_by=f"staff/{asked.asked_by}",
        )
    _require_waiting(act, asked)
    return _close(act, asked, ActState.WITHDRAWN, reason)


def _held(act: Act, partner_id: str, number: int) -> PartnerAct:
    act.acts.hold(f"partners/{partner_id}")
    asked = act.acts.find(partner_id, number)
    if asked is None:
        raise errors.PartnerActUnknown(
            f"there is no act partners/{partner_id}/acts/{number}",
            zh="没有该合作单位事项",
            act=f"partners/{partner_id}/acts/{number}",
        )
    return asked


def _require_waiting(act: Act, asked: PartnerAct) -> None:
    state = asked.state_at(act.now)
    if state is ActState.WAITING:
        return
    why = f"：{asked.answer}" if asked.answer else ""
    raise errors.PartnerActEnded(
        f"the act is {state}; ask again if it is still needed",
        zh=f"该事项{state.zh}{why}；确有必要的，请重新提出",
        act=asked.name,
        state=state,
    )


def _close(act: Act, asked: PartnerAct, state: ActState, told: str) -> PartnerAct:
    closed = replace(
        asked, state=state, answered_by=act.actor.number, answered_at=act.now, answer=told
    )
    act.acts.answer(closed)
    detail = {"act": asked.name, "asked_by": asked.asked_by, **asked.wish}
    kind = f"{asked.act.value}.{_EVENTS[state]}"
    act.acts.tell(asked.partner_id, kind, detail, told or asked.reason, act.actor, act.now)
    return closed
