"""Acts on partners: load, decide, save, tell. Who may was decided before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from license_verify.refusal import FieldViolation, InvalidRequest
from license_verify.server.database.partners import KnownCertificate
from license_verify.server.partners import act_errors as errors
from license_verify.server.partners.as_json import grant_from, grant_to, quota_from, quota_to
from license_verify.server.partners.authority import ActName
from license_verify.server.partners.office import Act
from license_verify.server.partners.partner import Grant, Partner, PartnerState, Quota
from license_verify.server.partners.pending import LIFE, PartnerAct

_KINDS: Final = {
    PartnerState.SUSPENDED: "partner.suspended",
    PartnerState.ACTIVE: "partner.resumed",
    PartnerState.ENDED: "partner.ended",
}
_BEFORE: Final = {
    PartnerState.SUSPENDED: (PartnerState.ACTIVE,),
    PartnerState.ACTIVE: (PartnerState.SUSPENDED,),
    PartnerState.ENDED: (PartnerState.ACTIVE, PartnerState.SUSPENDED),
}
"""From which states each state is reached."""


def ask_enrolment(act: Act, partner: Partner, reason: str) -> PartnerAct:
    """Keep an enrolment until the city confirms it.

    Raises:
        PartnerExists: the id was given before.
        PartnerActWaiting: it waits already.
    """
    act.acts.hold(partner.name)
    if act.partners.find(partner.id) is not None:
        raise _exists(partner.id)
    wish = {"title": partner.title, "quota": quota_to(partner.quota)}
    return ask(act, partner.id, partner.title, ActName.ENROL_PARTNER, wish, reason)


def enrol(act: Act, partner_id: str, wish: Mapping[str, Any]) -> None:
    """Put a partner down.

    Raises:
        PartnerExists: the id was given meanwhile.
    """
    quota = quota_from(wish["quota"])
    partner = Partner(partner_id, wish["title"], PartnerState.ACTIVE, quota)
    if not act.partners.add(partner, act.now):
        raise _exists(partner_id)
    act.partners.touch()


def update(
    act: Act, partner_id: str, title: str, quota: Quota, etag: str, expected: str, reason: str
) -> Partner:
    """Change title and quotas, or keep that until the city confirms it where one is raised.

    Raises:
        PartnerUnknown, PartnerStateForbids, PartnerChanged, ExpectedTitleDiffers: it is not as the
            caller believes.
        PartnerActWaiting: a change waits already.
    """
    partner = held(act, partner_id, expected)
    if etag and etag != str(partner.revision):
        raise errors.changed(partner.name)
    require_not_ended(partner)
    wish = {"title": title, "quota": quota_to(quota)}
    if quota.raises(partner.quota):
        as_read = wish | {"revision": partner.revision}
        ask(act, partner_id, partner.title, ActName.UPDATE_PARTNER, as_read, reason)
        return partner
    change(act, partner_id, wish)
    act.acts.tell(partner_id, "partner.updated", dict(wish), reason, act.actor, act.now)
    return found(act, partner_id)


def change(act: Act, partner_id: str, wish: Mapping[str, Any]) -> None:
    """Write title and quota of a partner over.

    Raises:
        PartnerUnknown, PartnerStateForbids: it has ended meanwhile.
        PartnerChanged: it changed since the wish was kept, and would be changed back.
    """
    partner = found(act, partner_id, lock=True)
    require_not_ended(partner)
    if wish.get("revision", partner.revision) != partner.revision:
        raise errors.changed(partner.name)
    quota = quota_from(wish["quota"])
    act.partners.save(replace(partner, title=wish["title"], quota=quota), act.now)
    act.partners.touch()


def move(act: Act, partner_id: str, to: PartnerState, expected: str, reason: str) -> Partner:
    """Suspend, resume or end a partner.

    Raises:
        PartnerUnknown, ExpectedTitleDiffers: it is not as the caller believes.
        PartnerStateForbids: from where it stands that state is not reached.
    """
    partner = held(act, partner_id, expected)
    if partner.state not in _BEFORE[to]:
        raise errors.state_forbids(partner)
    act.partners.save(replace(partner, state=to), act.now)
    act.partners.touch()
    act.acts.tell(partner_id, _KINDS[to], {}, reason, act.actor, act.now)
    return found(act, partner_id)


def ask_grant(act: Act, partner_id: str, grant: Grant, expected: str, reason: str) -> PartnerAct:
    """Keep a grant until a second person confirms it.

    Raises:
        PartnerUnknown, PartnerStateForbids, ExpectedTitleDiffers: it is not as the caller believes.
        PartnerActWaiting: one for the purpose waits already.
    """
    partner = held(act, partner_id, expected)
    require_not_ended(partner)
    wish = grant_to(grant)
    return ask(act, partner_id, partner.title, ActName.GRANT_PURPOSE, wish, reason)


def give(act: Act, partner_id: str, wish: Mapping[str, Any]) -> None:
    """Give a grant, in place of the one for the same purpose.

    Raises:
        PartnerUnknown, PartnerStateForbids: the partner has ended meanwhile.
    """
    require_not_ended(found(act, partner_id, lock=True))
    act.partners.put_grant(partner_id, grant_from(wish))
    act.partners.touch()


def revoke_grant(act: Act, partner_id: str, purpose: str, etag: str, reason: str) -> Grant:
    """Take a grant back at once.

    Raises:
        PartnerUnknown, GrantUnknown: there is none that holds, or will.
        PartnerChanged: it changed since it was read.
    """
    grant = found(act, partner_id, lock=True).grants.get(purpose)
    over = grant is not None and grant.until_date is not None and grant.until_date < act.today
    if grant is None or grant.revoked_at is not None or over:
        raise errors.GrantUnknown(
            f"partner {partner_id} has no grant in force for {purpose}",
            zh=f"该合作单位没有有效的“{purpose}”用途",
            partner=partner_id,
            purpose=purpose,
        )
    if etag and etag != str(grant.revision):
        raise errors.changed(f"partners/{partner_id}/grants/{purpose}")
    act.partners.put_grant(partner_id, replace(grant, revoked_at=act.now))
    act.partners.touch()
    told = grant_to(grant)
    act.acts.tell(partner_id, "grant.revoked", told, reason, act.actor, act.now)
    return act.partners.grants(partner_id)[purpose]


def disable_certificate(
    act: Act, partner_id: str, fingerprint: bytes, reason: str
) -> KnownCertificate:
    """Refuse a certificate from now on.

    Raises:
        PartnerUnknown: there is no such partner.
    """
    found(act, partner_id, lock=True)
    by = act.actor.staff
    disabled = act.partners.disable(partner_id, fingerprint, by, reason, act.now)
    act.partners.touch()
    told = {"fingerprint": fingerprint.hex()}
    act.acts.tell(partner_id, "certificate.disabled", told, reason, act.actor, act.now)
    return disabled


def ask(
    act: Act,
    partner_id: str,
    title: str,
    name: ActName,
    wish: Mapping[str, Any],
    reason: str,
) -> PartnerAct:
    """Keep an act until a second person confirms it; the caller holds the partner.

    Raises:
        InvalidRequest: no reason is given.
        PartnerActWaiting: the same waits already.
    """
    if not reason:
        raise InvalidRequest(FieldViolation("reason", "is required", "请填写理由"))
    for waiting in act.acts.waiting(partner_id, act.now):
        if waiting.act is name and waiting.wish.get("purpose") == wish.get("purpose"):
            raise errors.PartnerActWaiting(
                f"{waiting.name} asks for the same and waits for a second person; whoever asked for"
                " it may take it back",
                zh="相同事项已提出，正在等待复核；需要改动的，由提出人先撤回",
                act=waiting.name,
            )
    asked = PartnerAct(
        partner_id, 0, name, title, wish, reason, act.actor.number, act.now, act.now + LIFE
    )
    asked = replace(asked, number=act.acts.add(asked))
    told = {"act": asked.name, **wish}
    act.acts.tell(partner_id, f"{name.value}.asked", told, reason, act.actor, act.now)
    return asked


def found(act: Act, partner_id: str, *, lock: bool = False) -> Partner:
    """A partner.

    Raises:
        PartnerUnknown: there is none.
    """
    partner = act.partners.find(partner_id, lock=lock)
    if partner is None:
        raise errors.unknown(partner_id)
    return partner


def held(act: Act, partner_id: str, expected: str) -> Partner:
    """A partner, held, whose title is as the caller believes.

    Raises:
        PartnerUnknown: there is none.
        ExpectedTitleDiffers: it is called otherwise.
    """
    partner = found(act, partner_id, lock=True)
    if expected.strip() != partner.title:
        raise errors.title_differs(partner_id, partner.title)
    return partner


def require_not_ended(partner: Partner) -> None:
    """Stop what is done to a partner that ended.

    Raises:
        PartnerStateForbids: it did.
    """
    if partner.state is PartnerState.ENDED:
        raise errors.state_forbids(partner)


def _exists(partner_id: str) -> errors.PartnerExists:
    return errors.PartnerExists(
        f"the id {partner_id} was given before, and is not given again",
        zh=f"标识 {partner_id} 已被使用，请换用其他标识",
        partner=partner_id,
    )
