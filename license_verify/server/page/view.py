"""What the page shows of a verdict. Nothing is decided here; the face is the verdict's own."""

from dataclasses import dataclass
from typing import Final

from license_verify.lists.status import Status
from license_verify.reasons import Reason
from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_moment
from license_verify.server.page.detail import Detail, detail_of
from license_verify.server.page.face import Item, document_title, face_items, outdated
from license_verify.server.page.firm import firm_summary
from license_verify.server.page.mask import masked
from license_verify.server.page.part import Part
from license_verify.server.page.places import Premises, premises_of
from license_verify.server.page.scope import proven_scope, scope_item
from license_verify.server.page.unproven import unproven
from license_verify.shown import ShownFace, unit_name
from license_verify.verdict import Outcome, Verdict
from license_verify.words import Severity, Words

_NO_PREMISES: Final = Both(
    "暂时连接不上登记系统，备案经营场所未能核对。",
    "The register could not be reached: the filed premises were not established.",
)
_TONES: Final = {Severity.GREEN: "ok", Severity.AMBER: "warn", Severity.RED: "bad"}
_UNSURE: Final = "unsure"
"""Neither good nor bad: grey, so that nobody takes it for a warning about the firm."""

_DATA_OF_THIS_NODE: Final = frozenset(
    (Reason.TRUST_MISSING, Reason.ROLLBACK, Reason.DATA_STALE, Reason.CLOCK_BEHIND_DATA,
     Reason.LIST_UNKNOWN, Reason.LIST_EXPIRED, Reason.LIST_PREDATES_TOKEN)
)  # fmt: skip
# The library tells its user to update; whoever looks at a page can't.
_LATER: Final = Both(
    "请稍后重新扫描；急需办理的，请向登记机关查询。",
    "Scan again later; if it is urgent, ask the registrar.",
)


@dataclass(frozen=True, slots=True)
class View:
    """One verdict page."""

    here: str
    """What every link to a part begins with: the same code, on the same day."""
    tone: str
    headline: Both
    who: str
    """Whose document it is, beneath the headline."""
    sentence: Both
    next_step: Both
    test_system: bool
    document: Both
    face: tuple[Item, ...]
    firm: tuple[Item, ...]
    """The firm behind a site's code, as registered now."""
    premises: Premises | None
    no_premises: Both
    detail: Detail | None
    """Shown instead of face, firm and premises."""
    holder: Both
    """That the person was not checked."""
    unproven: tuple[Both, ...]
    age: Both
    checked: Both


def view_of(verdict: Verdict, record: PublicRecord | None, part: Part | None = None) -> View:
    """Lay a verdict out; `record` is what the live register answered, None while it is away."""
    part = part or Part()
    then = f"as_of={verdict.as_of.isoformat()}&" if verdict.as_of is not None else ""
    if not verdict.live_record_used:
        record = None  # an answer about something else is none
    words, face = verdict.words, verdict.face  # made anew each time they are asked for
    scope = proven_scope(verdict, record)
    if face is not None and face.site is not None:
        face = _as_registered_now(face, record)
    at = written_moment(verdict.checked_at)
    detail = None
    if face is not None and _is_open(part, words, face):
        detail = detail_of(part, face, record, scope)
    return View(
        here=f"?{then}",
        tone=_tone(verdict, words),
        headline=Both(words.zh.headline, words.en.headline),
        who=_who(face),
        sentence=Both(words.zh.sentence, words.en.sentence),
        next_step=_next_step(verdict, words),
        test_system=verdict.environment not in ("production", ""),
        document=_title(verdict, face),
        face=(*face_items(face), *scope_item(scope)) if face else (),
        firm=firm_summary(record) if record and face and face.site is not None else (),
        premises=premises_of(record, face) if record and face and not detail else None,
        no_premises=_NO_PREMISES,
        detail=detail,
        holder=Both(f"{words.zh.holder}。", words.en.holder) if face else NOTHING,
        unproven=unproven(verdict, face, record, scope=bool(scope)),
        age=Both(f"{words.zh.freshness}。", words.en.freshness),
        checked=Both(f"核验时间：{at.zh}", f"Checked at {at.en}"),
    )


def _is_open(part: Part, words: Words, face: ShownFace) -> bool:
    """Whether a part may be shown: the firm behind a site's code not to those whose code is bad.

    A licence has no such part. What replaced its values is told to nobody who shows an old one.
    """
    if part.firm:
        return face.site is not None and words.severity is not Severity.RED
    return not part.whole


def _tone(verdict: Verdict, words: Words) -> str:
    """The colour; words and a sign beside it say the same."""
    if verdict.outcome is Outcome.INDETERMINATE:
        return _UNSURE
    return _TONES[words.severity]


def _who(face: ShownFace | None) -> str:
    if face is None:
        return ""
    return masked(face.name or face.site_name or face.uscc)


def _as_registered_now(face: ShownFace, record: PublicRecord | None) -> ShownFace:
    """A site's face, whose code outlives a move of its firm, with the registrar of now."""
    if face.registrar is None or record is None or record.registrar is None:
        return face
    now = record.registrar
    return face._replace(registrar=now, registrar_name=unit_name(now))


def _title(verdict: Verdict, face: ShownFace | None) -> Both:
    if face is None:
        return NOTHING
    title = document_title(face)
    return outdated(title) if verdict.listed is Status.SUPERSEDED else title


def _next_step(verdict: Verdict, words: Words) -> Both:
    if verdict.outcome is Outcome.INDETERMINATE and verdict.reason in _DATA_OF_THIS_NODE:
        return _LATER
    return Both(words.zh.next_step, words.en.next_step)
