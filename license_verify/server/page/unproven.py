"""What a check left open, as a plain list: silence would pass for proof."""

from collections.abc import Iterator
from typing import Final

from license_verify.checks import CheckName, Result
from license_verify.reasons import Reason
from license_verify.record import PublicRecord
from license_verify.server.page.both import Both
from license_verify.shown import ShownFace
from license_verify.verdict import DocumentStatus, Outcome, Verdict

_CHECKS: Final = {
    CheckName.HOST: Both("网址是否属于登记机关", "Whether the address is the registrar's own"),
    CheckName.KEY_TRUST: Both("签发密钥是否受信任", "Whether the signing key is trusted"),
    CheckName.SIGNATURE: Both("签名是否真实", "Whether the signature is genuine"),
    CheckName.TIME: Both("是否在有效期内", "Whether the document is within its term"),
    CheckName.STATUS: Both(
        "目前的状态（有效、变更、吊销、注销等）",
        "The present status: in force, replaced, revoked, deregistered …",
    ),
}
_NOTHING_READ: Final = Both(
    "二维码所载的任何事项，因此本页不显示照面内容",
    "Anything that the code says; so this page shows none of it",
)
_HERE: Final = Both(
    "您所在的地点是不是该主体的经营场所：执照码不含地点，请与本页所列地址对照",
    "Whether it does business where you stand: a licence is bound to no place, so compare its "
    "addresses",
)
_ON_THIS_WALL: Final = Both(
    "此码是否贴在它登记的地址：请核对您所在的位置",
    "Whether the code hangs at its own address: compare it with where you stand",
)
_STILL_FILED: Final = Both("该场所目前是否仍在备案", "Whether this place is still filed")
_PREMISES: Final = Both(
    "备案经营场所清单：暂时连接不上登记系统",
    "The list of filed premises: the register cannot be reached",
)
_FIRM_NOW: Final = Both(
    "所属主体目前的登记事项：暂时连接不上登记系统",
    "What is registered of the firm now: the register cannot be reached",
)
_SCOPE: Final = Both(
    "经营范围：二维码中只有摘要，未取得与之相符的原文",
    "The business scope: the code holds a digest only, and no text that fits it was at hand",
)
_CHANGE: Final = Both(
    "哪些事项有变更、自何时起：暂时连接不上登记系统",
    "What changed and since when: the register cannot be reached",
)
_SITE_CHANGE: Final = Both(
    "该场所的哪些备案事项有变更：请当事人出示新的场所码",
    "Which filed items of this place changed: ask for its new code",
)
_HOLDER: Final = Both(
    "出示人是谁、能否代表该主体",
    "Who presents it, and whether they may act for it",
)
_LOGGED: Final = Both(
    "此证照是否记入签发日志：日志尚未启用",
    "Whether it stands in a log of all issued documents: there is none yet",
)


def unproven(
    verdict: Verdict, face: ShownFace | None, record: PublicRecord | None, *, scope: bool
) -> tuple[Both, ...]:
    """What the page must not be taken to say.

    Args:
        verdict: of the scan.
        face: that the page shows, None unless the signature passed.
        record: the live register's answer, None while it is away.
        scope: whether the page shows a scope that fits the digest in the code.
    """
    return tuple(_open(verdict, face, record, scope))


def _open(
    verdict: Verdict, face: ShownFace | None, record: PublicRecord | None, scope: bool
) -> Iterator[Both]:
    if verdict.outcome is Outcome.INDETERMINATE:
        for name, words in _CHECKS.items():
            check = verdict.check(name)
            if check.result is Result.NOT_ESTABLISHED and check.reason is not Reason.NOT_REACHED:
                yield words
    if face is None:
        yield _NOTHING_READ
        return
    live = record is not None and verdict.live_record_used
    if verdict.status is DocumentStatus.SUPERSEDED:
        if face.site is not None:
            yield _SITE_CHANGE
        elif not live:
            yield _CHANGE
    yield from _places(verdict, face, live)
    if face.site is None and not scope:
        yield _SCOPE
    if verdict.check(CheckName.HOLDER).result is Result.NOT_ESTABLISHED:
        yield _HOLDER
    if verdict.check(CheckName.LOGGED).reason is Reason.LOG_NOT_KEPT:
        yield _LOGGED


def _places(verdict: Verdict, face: ShownFace, live: bool) -> Iterator[Both]:
    if verdict.status in _ENDED:
        return
    if face.site is None:
        yield _HERE
        if not live:
            yield _PREMISES
        return
    place = verdict.check(CheckName.PLACE).result
    if place is not Result.FAILED:  # then the verdict itself says that it ended
        yield _ON_THIS_WALL if place is Result.PASSED else _STILL_FILED
    if not live:
        yield _FIRM_NOW


_ENDED: Final = frozenset(
    (DocumentStatus.INVALID, DocumentStatus.REVOKED,
     DocumentStatus.DEREGISTERED, DocumentStatus.ANNULLED)
)  # fmt: skip
