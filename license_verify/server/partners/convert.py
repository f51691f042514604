"""Partners, grants, certificates and acts on the wire."""

from datetime import UTC, date, datetime
from typing import Final

from google.protobuf import timestamp_pb2

from license_verify.policy import POLICIES
from license_verify.server.convert import date_to_pb
from license_verify.server.database.partners import KnownCertificate
from license_verify.server.partners.as_json import grant_from, quota_from
from license_verify.server.partners.authority import TABLE, ActName
from license_verify.server.partners.partner import Grant, Partner, PartnerState, Quota
from license_verify.server.partners.pending import ActState, PartnerAct
from yizhao.verify.v1 import partner_pb2 as pb

_STATES: Final = {
    each: pb.PartnerState.Value(f"PARTNER_STATE_{each.name}") for each in PartnerState
}
_ACT_STATES: Final = {
    each: pb.PartnerActState.Value(f"PARTNER_ACT_STATE_{each.name}") for each in ActState
}


def time_to_pb(at: datetime | None) -> timestamp_pb2.Timestamp | None:
    """A time; None stays None."""
    if at is None:
        return None
    stamp = timestamp_pb2.Timestamp()
    stamp.FromDatetime(at.astimezone(UTC).replace(tzinfo=None))
    return stamp


def partner_to_pb(partner: Partner, waiting: list[PartnerAct]) -> pb.Partner:
    """A partner, and acts on it that wait."""
    return pb.Partner(
        name=partner.name,
        title=partner.title,
        state=_STATES[partner.state],
        quota=quota_to_pb(partner.quota),
        waiting_acts=[each.name for each in waiting],
        create_time=time_to_pb(partner.created_at),
        update_time=time_to_pb(partner.changed_at),
        etag=str(partner.revision),
    )


def quota_to_pb(quota: Quota) -> pb.PartnerQuota:
    """A quota."""
    return pb.PartnerQuota(
        calls_per_second=quota.calls_per_second,
        burst=quota.burst,
        calls_at_once=quota.calls_at_once,
        checks_per_day=quota.checks_per_day,
    )


def grant_to_pb(partner_id: str, grant: Grant, today: date) -> pb.Grant:
    """A grant as it stands today."""
    policy = POLICIES.get(grant.purpose)
    return pb.Grant(
        name=f"partners/{partner_id}/grants/{grant.purpose}",
        purpose=grant.purpose,
        title=policy.zh if policy else "",
        items=sorted(grant.items),
        claims=sorted(grant.claims),
        from_date=date_to_pb(grant.from_date),
        until_date=date_to_pb(grant.until_date),
        revoke_time=time_to_pb(grant.revoked_at),
        in_force=grant.holds_on(today),
        etag=str(grant.revision) if grant.revision else "",
    )


def certificate_to_pb(known: KnownCertificate) -> pb.PartnerCertificate:
    """A certificate that was used or disabled."""
    return pb.PartnerCertificate(
        name=f"partners/{known.partner_id}/certificates/{known.fingerprint.hex()}",
        serial_number=known.serial_number,
        expire_time=time_to_pb(known.expires_at),
        first_seen_time=time_to_pb(known.first_seen_at),
        last_seen_time=time_to_pb(known.last_seen_at),
        disable_time=time_to_pb(known.disabled_at),
        disable_reason=known.disabled_because,
    )


def act_to_pb(asked: PartnerAct, now: datetime, today: date) -> pb.PartnerAct:
    """An act as it stands at that moment."""
    second = TABLE[asked.act].second
    written = pb.PartnerAct(
        name=asked.name,
        act=asked.act.value,
        title=asked.title,
        reason=asked.reason,
        state=_ACT_STATES[asked.state_at(now)],
        asked_by=f"staff/{asked.asked_by}",
        create_time=time_to_pb(asked.asked_at),
        expire_time=time_to_pb(asked.expires_at),
        answered_by=f"staff/{asked.answered_by}" if asked.answered_by else "",
        answer_time=time_to_pb(asked.answered_at),
        answer=asked.answer,
        confirming_roles=[role.value for role in second],
        confirming_titles=[role.zh for role in second],
    )
    if asked.act is ActName.GRANT_PURPOSE:
        wished = grant_to_pb(asked.partner_id, grant_from(asked.wish), today)
        wished.in_force = False
        written.grant.CopyFrom(wished)
    else:
        written.partner.name = f"partners/{asked.partner_id}"
        written.partner.title = asked.wish["title"]
        written.partner.quota.CopyFrom(quota_to_pb(quota_from(asked.wish["quota"])))
    return written
