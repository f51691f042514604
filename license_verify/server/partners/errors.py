"""Refusals that partners, and those who enrol them, meet. Reasons are part of the API."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from license_verify.refusal import Kind, Refusal

if TYPE_CHECKING:
    from license_verify.server.partners.partner import Partner


class PartnerNotEnrolled(Refusal):
    """The certificate names a partner that nobody enrolled."""

    kind = Kind.DENIED
    reason = "PARTNER_NOT_ENROLLED"


class PartnerSuspended(Refusal):
    """The partner may not call for now."""

    kind = Kind.DENIED
    reason = "PARTNER_SUSPENDED"


class PartnerEnded(Refusal):
    """The partner may not call any more."""

    kind = Kind.DENIED
    reason = "PARTNER_ENDED"


class CertificateDisabled(Refusal):
    """The certificate that the partner showed was disabled."""

    kind = Kind.UNAUTHENTICATED
    reason = "CERTIFICATE_DISABLED"


class PurposeNotGranted(Refusal):
    """The partner has no grant in force for the purpose."""

    kind = Kind.DENIED
    reason = "PURPOSE_NOT_GRANTED"


class PartnersUnavailable(Refusal):
    """This node does not know which partners there are."""

    kind = Kind.UNAVAILABLE
    reason = "PARTNERS_UNAVAILABLE"


class RateExhausted(Refusal):
    """The partner's checks came faster than agreed."""

    kind = Kind.EXHAUSTED
    reason = "RATE_EXHAUSTED"


class BatchBeyondBurst(Refusal):
    """A batch of more checks than the partner may ever send at once."""

    kind = Kind.EXHAUSTED
    reason = "BATCH_BEYOND_BURST"


class DailyQuotaExhausted(Refusal):
    """The partner asked for as many checks today as were agreed."""

    kind = Kind.EXHAUSTED
    reason = "DAILY_QUOTA_EXHAUSTED"


class CallsTooMany(Refusal):
    """The partner has as many calls open at this process as there may be."""

    kind = Kind.EXHAUSTED
    reason = "CALLS_TOO_MANY"


def not_enrolled(partner: str) -> PartnerNotEnrolled:
    """Of a certificate whose partner is unknown."""
    return PartnerNotEnrolled(
        f"partner {partner} is not enrolled; ask the city's registry to enrol it",
        zh=f"合作单位 {partner} 尚未开通核验服务，请联系市级登记机关办理开通",
        partner=partner,
    )


def suspended(partner: str) -> PartnerSuspended:
    """Of a partner that somebody suspended."""
    return PartnerSuspended(
        f"partner {partner} is suspended; ask the city's registry why and until when",
        zh=f"合作单位 {partner} 的核验服务已暂停，请联系市级登记机关",
        partner=partner,
    )


def ended(partner: str) -> PartnerEnded:
    """Of a partner whose enrolment ended."""
    return PartnerEnded(
        f"the enrolment of partner {partner} has ended; a new one needs another name",
        zh=f"合作单位 {partner} 的核验服务已终止，如需使用请以新的标识重新开通",
        partner=partner,
    )


def disabled(fingerprint: bytes) -> CertificateDisabled:
    """Of a certificate on the list of disabled ones."""
    return CertificateDisabled(
        "this certificate was disabled; connect with another one of yours, or have a new key"
        " certified",
        zh="该客户端证书已停用，请改用本单位其他有效证书，或重新申请证书",
        fingerprint=fingerprint.hex(),
    )


def not_granted(partner: "Partner", purpose: str, today: date) -> PurposeNotGranted:
    """Of a purpose without a grant in force."""
    granted = ", ".join(partner.purposes_on(today))
    return PurposeNotGranted(
        f"partner {partner.id} has no grant in force for the purpose {purpose}; it has:"
        f" {granted or 'none'}",
        zh=f"本单位未获准以“{purpose}”为用途核验；现已获准的用途：{granted or '无'}",
        partner=partner.id,
        purpose=purpose,
        purposes=granted,
    )


def unavailable() -> PartnersUnavailable:
    """Of a node that has neither the database nor a kept list."""
    return PartnersUnavailable(
        "this node does not know its partners while its database is away; try another node, or"
        " again later",
        zh="本节点暂时无法确认合作单位，请稍后重试或改用其他节点",
        retry_after=timedelta(seconds=5),
    )


def quota_of(partner: str) -> str:
    """How a refusal names whose quota is used up."""
    return f"partner:{partner}"


def rate_exhausted(partner: str, rate: int, wait: float) -> RateExhausted:
    """Of checks that came too fast; `wait` seconds until as many may come."""
    return RateExhausted(
        f"partner {partner} may check {rate} a second; wait {wait:.1f} s",
        zh=f"核验请求过于频繁：每秒最多 {rate} 次，请在 {wait:.1f} 秒后重试",
        retry_after=timedelta(seconds=wait),
        quota_of=quota_of(partner),
        partner=partner,
        limit=rate,
    )


def beyond_burst(partner: str, count: int, burst: int) -> BatchBeyondBurst:
    """Of a batch that can't ever be let in."""
    return BatchBeyondBurst(
        f"{count} checks at once are more than the {burst} that partner {partner} may send;"
        " split them",
        zh=f"一次提交 {count} 条超过本单位上限 {burst} 条，请拆分后提交",
        quota_of=quota_of(partner),
        partner=partner,
        limit=burst,
    )


def day_exhausted(partner: str, left: int, most: int, wait: timedelta) -> DailyQuotaExhausted:
    """Of more checks than are left of the day."""
    return DailyQuotaExhausted(
        f"partner {partner} may check {most} times a day and has {left} left; the day ends at"
        " midnight in Beijing",
        zh=f"本单位每日最多核验 {most} 次，今日尚余 {left} 次；北京时间零点后恢复",
        retry_after=wait,
        quota_of=quota_of(partner),
        partner=partner,
        limit=most,
        left=left,
    )


def calls_too_many(partner: str, most: int) -> CallsTooMany:
    """Of one call more than may be open at once."""
    return CallsTooMany(
        f"partner {partner} has {most} calls open here already; wait for one, or use BatchVerify",
        zh=f"同时进行的核验请求超过 {most} 个，请稍后重试，或使用批量核验",
        retry_after=timedelta(milliseconds=200),
        quota_of=quota_of(partner),
        partner=partner,
        limit=most,
    )


def until_midnight(now: datetime) -> timedelta:
    """From a time of Beijing to the end of its day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - now
