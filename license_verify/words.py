"""The verdict in words, Chinese and English: what it is, why, and what to do now."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from license_verify.checks import CheckName, Result
from license_verify.codes.entity_type import EntityKind, find
from license_verify.lists.status import Status
from license_verify.reasons import Reason
from license_verify.token.claims import BEIJING
from license_verify.token.face import LicenseFace
from license_verify.trust import Source
from license_verify.verdict import DocumentStatus, Outcome, Proof, Verdict
from license_verify.wordings import LIQUIDATING, REASONS, STATUSES, VALID_AS_OF, Wording


class Severity(StrEnum):
    """The colour of a verdict."""

    GREEN = "green"
    AMBER = "amber"
    """Nothing is wrong with the firm, but this document is not the one to rely on, or not
    enough is known."""
    RED = "red"


@dataclass(frozen=True, slots=True)
class Text:
    """One language's words."""

    headline: str
    sentence: str
    next_step: str
    freshness: str
    """How old the data is."""
    holder: str
    """That the person was not checked."""


@dataclass(frozen=True, slots=True)
class Words:
    """A verdict's words in both languages."""

    severity: Severity
    zh: Text
    en: Text


_HOLDER: Final = (
    "只证明执照，不证明出示人",
    "This proves the licence, not the person who shows it.",
)
_ITEMS: Final = {
    "name": ("名称", "name"),
    "person": ("法定代表人（负责人）", "representative"),
    "address": ("住所", "domicile"),
    "capital": ("资本", "capital"),
    "type": ("类型", "type"),
    "scope": ("经营范围", "scope"),
}
_ENGLISH_TITLES: Final = {
    "法定代表人": "legal representative",
    "执行事务合伙人": "managing partner",
    "投资人": "investor",
    "负责人": "person in charge",
    "经营者": "operator",
    "注册资本": "registered capital",
    "出资额": "capital contribution",
    "住所": "domicile",
    "主要经营场所": "main place of business",
    "经营场所": "place of business",
}
_TEST: Final = ("【测试】", "[TEST] ")
_SOURCES: Final = {
    Source.LIVE: ("实时数据", "live data"),
    Source.CACHED: ("缓存数据", "cached data"),
    Source.BUNDLED: ("离线数据包", "an offline bundle"),
}
_MILD: Final = frozenset({DocumentStatus.SUPERSEDED, DocumentStatus.SUSPENDED})


def words_for(verdict: Verdict) -> Words:
    """Find the words of a verdict."""
    wording = _wording(verdict)
    test = _TEST if _is_test(verdict) else ("", "")
    texts = []
    for language in (0, 1):
        sentence = wording.sentence[language] + _more(verdict, language)
        texts.append(
            Text(
                test[language] + wording.headline[language],
                sentence,
                wording.next_step[language],
                _freshness(verdict, language),
                _holder(verdict, language),
            )
        )
    return Words(_severity(verdict), texts[0], texts[1])


def _wording(verdict: Verdict) -> Wording:
    """By what decided: a status has words of its own, everything else goes by its reason."""
    if verdict.proof is Proof.NONE and verdict.outcome is not Outcome.INVALID:
        told = verdict.check(CheckName.STATUS).reason
        if told in _TOLD_OF_CODE:
            return REASONS[told]
        known = verdict.live_record_used
        return REASONS[Reason.NO_LICENSE_PRESENTED if known else Reason.SUBJECT_NEEDS_LIVE_RECORD]
    if verdict.reason in REASONS:
        return REASONS[verdict.reason]
    if verdict.as_of is not None and verdict.status is DocumentStatus.VALID:
        return VALID_AS_OF
    return STATUSES[verdict.status]


_TOLD_OF_CODE: Final = frozenset(
    {
        Reason.AS_OF_BEFORE_RECORD,
        Reason.AS_OF_IN_FUTURE,
        Reason.CLOCK_BEHIND_DATA,
        Reason.LIVE_RECORD_STALE,
    }
)
"""Why the register's answer about a typed code says nothing."""


def _severity(verdict: Verdict) -> Severity:
    if verdict.outcome is Outcome.VALID:
        mild = verdict.status in _MILD or verdict.listed_today not in (None, Status.VALID)
        return Severity.AMBER if mild else Severity.GREEN
    if verdict.outcome is Outcome.INDETERMINATE:
        return Severity.AMBER
    others = [c for c in verdict.checks if c.result is Result.FAILED and c.name != CheckName.STATUS]
    return Severity.AMBER if verdict.status in _MILD and not others else Severity.RED


def _is_test(verdict: Verdict) -> bool:
    return verdict.environment not in ("", "production")


def _more(verdict: Verdict, language: int) -> str:
    """What is known besides: the change, since when, 清算, the last known status, the day."""
    parts = []
    change = verdict.change
    if verdict.status is DocumentStatus.SUPERSEDED and change is not None:
        items = [_item(verdict, item)[language] for item in change.items]
        parts.append(_changed(change.since, items, language))
    elif verdict.status_since is not None and verdict.status not in _SILENT:
        on = verdict.status_since.isoformat()
        parts.append((f"自{on}起。", f" Since {on}.")[language])
    if verdict.liquidating:
        parts.append(LIQUIDATING[language])
    if verdict.status is DocumentStatus.UNKNOWN and verdict.listed is not None:
        parts.append(_last_known(verdict.listed, language))
    if verdict.check(CheckName.PLACE).reason is Reason.PLACE_ON_STATEMENT:
        parts.append(_by_statement(verdict, language))
    if verdict.as_of is not None:
        parts.append(_other_day(verdict, verdict.as_of, language))
    return "".join(parts)


_SILENT: Final = frozenset({DocumentStatus.VALID, DocumentStatus.UNKNOWN})


def _item(verdict: Verdict, item: str) -> tuple[str, str]:
    """An item as the face itself titles it: a household has an 经营者, a branch a 负责人."""
    token = verdict.token
    if item not in ("person", "address", "capital") or token is None:
        return _ITEMS[item]
    face = token.claims.face
    if not isinstance(face, LicenseFace):
        return _ITEMS[item]
    row = find(face.type_code)
    labels = (row.kind if row else EntityKind.COMPANY).labels
    title = getattr(labels, item) or _ITEMS[item][0]
    return title, _ENGLISH_TITLES.get(title, _ITEMS[item][1])


def _changed(since: date, items: list[str], language: int) -> str:
    if language == 0:
        what = f"，变更事项：{'、'.join(items)}" if items else ""
        return f"新版执照自{since.isoformat()}起生效{what}。"
    what = f"; changed: {', '.join(items)}" if items else ""
    return f" The new version holds since {since.isoformat()}{what}."


def _by_statement(verdict: Verdict, language: int) -> str:
    statement = verdict.statement
    if statement is None:
        return ""
    on = statement.issued_at.astimezone(BEIJING).date().isoformat()
    return (
        f"经营地址在第{statement.version}版经营场所清单（{on}签发）上。",
        f" The address is on premises statement {statement.version}, issued {on}.",
    )[language]


def _other_day(verdict: Verdict, as_of: date, language: int) -> str:
    on = as_of.isoformat()
    if verdict.outcome is Outcome.INDETERMINATE:
        told = (f"所查日期：{on}。", f" Asked about: {on}.")[language]
    else:
        told = (f"以上为{on}当日的情况。", f" This is as of {on}.")[language]
    today = verdict.listed_today
    if today in (None, Status.VALID) or verdict.outcome is Outcome.INVALID:
        return told
    english = today.name.replace("_", " ").lower()
    return told + (f"现时状态：{today.zh}。", f" Its status today: {english}.")[language]


def _last_known(listed: Status, language: int) -> str:
    english = listed.name.replace("_", " ").lower()
    return (f"最近一次已知状态：{listed.zh}。", f" Last known status: {english}.")[language]


def _holder(verdict: Verdict, language: int) -> str:
    asked = verdict.check(CheckName.HOLDER).result is Result.NOT_ESTABLISHED
    return _HOLDER[language] if asked else ""


def _freshness(verdict: Verdict, language: int) -> str:
    data = verdict.freshness
    if data.manifest_issued_at is None or data.manifest_age is None:
        return ("本机没有已公布的数据", "There is no published data here.")[language]
    at = data.manifest_issued_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    source = _SOURCES[data.source][language]
    age = _age(data.manifest_age, language)
    limit = _age(data.maximum, language)
    if language == 0:
        return f"数据截至{at}（北京时间），距今{age}，{source}，本用途最长允许{limit}"
    return f"Data as of {at} (Beijing), {age} old, {source}; this purpose allows {limit}."


def _age(age: timedelta, language: int) -> str:
    seconds = int(age.total_seconds())
    if seconds < 0:
        return ("未知（时钟有误）", "an unknown time (clock)")[language]
    for size, zh, en in ((86_400, "天", "day"), (3_600, "小时", "hour"), (60, "分钟", "minute")):
        count = seconds // size
        if count >= 2 or (count == 1 and seconds % size == 0):
            return (f"{count}{zh}", f"{count} {en}{'s' if count > 1 else ''}")[language]
    return (f"{seconds}秒", f"{seconds} seconds")[language]
