"""One part of an answer at full length, reached by a link from the page itself."""

from dataclasses import dataclass
from typing import Final

from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both
from license_verify.server.page.face import Item, line
from license_verify.server.page.firm import WORDS, firm_lines
from license_verify.server.page.part import Part
from license_verify.server.page.places import Premises, place_lines, premises_of, unit_title
from license_verify.shown import ShownFace

_AWAY: Final = Both(
    "暂时连接不上登记系统，这部分内容未能取得，请稍后再试。",
    "The register cannot be reached: this could not be fetched. Try again later.",
)
_NO_SUCH_SITE: Final = Both(
    "登记系统中没有这一备案场所，或备案已终止。",
    "The register has no such place, or its filing has ended.",
)
_SITE_WORDS: Final = Both(
    "以下是登记系统的记录；该场所自己的二维码未经扫描。",
    "What the register holds; the place's own code was not scanned.",
)
_SITE: Final = Both("备案经营场所", "Filed place of business")
_FIRM: Final = Both("所属主体", "The firm behind this site")
_SCOPE: Final = Both("经营范围", "Business scope")
_SCOPE_WORDS: Final = Both(
    "登记系统的文本，与二维码中的摘要一致。",
    "The register's text; it fits the digest in the code.",
)
_NO_SCOPE: Final = Both(
    "未取得与二维码摘要一致的经营范围文本。",
    "No text that fits the digest in the code was at hand.",
)


@dataclass(frozen=True, slots=True)
class Detail:
    """What stands in the place of face and premises."""

    title: Both
    words: Both
    lines: tuple[Item, ...] = ()
    premises: Premises | None = None


def detail_of(part: Part, face: ShownFace, record: PublicRecord | None, scope: str) -> Detail:
    """Lay out a part.

    Args:
        part: what is asked for; not the page itself.
        face: of the scanned code, whose signature passed.
        record: the live register's answer about its firm, None while it is away.
        scope: the registered scope, if it fits the code.
    """
    if part.unit is not None:
        unit = unit_title(part.unit)
        title = Both(f"备案经营场所 · {unit.zh}", f"Filed premises, {unit.en}")
        if record is None:
            return Detail(title, _AWAY)
        listed = premises_of(record, face, part)
        return Detail(title, listed.words if listed.groups else _NO_SUCH_SITE, premises=listed)
    if part.site is not None:
        if record is None:
            return Detail(_SITE, _AWAY)
        lines = place_lines(record, part.site, face)
        return Detail(_SITE, _SITE_WORDS if lines else _NO_SUCH_SITE, lines)
    if part.scope:
        lines = (line("经营范围", scope, NOTHING),) if scope else ()
        return Detail(_SCOPE, _SCOPE_WORDS if scope else _NO_SCOPE, lines)
    return Detail(_FIRM, _AWAY) if record is None else Detail(_FIRM, WORDS, firm_lines(record))
