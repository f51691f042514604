"""What the facts of a source make of an entity's face: versions, or something to decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry_service.domain.entity import EntityVersion, Source
from registry_service.domain.history import order
from registry_service.domain.sync import Fact, Want, bare, last_run, last_words, said


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """Versions to be added, in the order of their numbers, and what is left to decide."""

    versions: tuple[EntityVersion, ...]
    conflict: Fact | None


@dataclass(frozen=True, slots=True)
class Delta:
    """Where facts come from."""

    source: str
    run: int
    now: datetime


def in_force(versions: Sequence[EntityVersion], day: date = date.max) -> EntityVersion | None:
    """The version in force on a day: of those that took effect by then the latest, and of those
    of one day the last recorded."""
    begun = [version for version in versions if version.effective_date <= day]
    return max(begun, key=order, default=None)


def judge_face(
    delta: Delta,
    facts: Sequence[Fact],
    versions: Sequence[EntityVersion],
    *,
    frozen: bool,
    kept: Collection[int],
) -> FaceVerdict:
    """Let the versions say what the source says, but for days on which an act here rules.

    Args:
        delta: where the facts come from.
        facts: everything that the source ever said of the entity, in any order; at least one.
        versions: all there are.
        frozen: nothing may come in force: a hold blocks it, or the entity was ended here.
        kept: numbers of facts that somebody decided not to take.
    """
    history = list(versions)
    ours = any(version.source.system != delta.source for version in versions)
    wants = said(facts, ours=ours)
    rules_since = _rules_since(history)
    for want in last_words(wants):
        day = want.fact.approved_date
        if _is_missing(history, want, delta.source) and not (frozen and day >= rules_since):
            history.append(_version(delta, history, want, day))
    now = _ruling(history)
    newest = wants[-1]
    # A fact that was taken over later than it was approved outlives those approved in between.
    if now.source.system == delta.source and not frozen and not newest.fits(now):
        day = max(newest.fact.approved_date, now.effective_date)
        history.append(_version(delta, history, newest, day))
        now = _ruling(history)
    conflict = newest.fact if _clashes(delta, wants, now, kept) else None
    return FaceVerdict(tuple(history[len(versions) :]), conflict)


def _ruling(history: Sequence[EntityVersion]) -> EntityVersion:
    found = in_force(history)
    if found is None:
        raise AssertionError("an entity has a version")
    return found


def _rules_since(history: Sequence[EntityVersion]) -> date:
    """Since when the face in force has been so, whichever versions said it again."""
    now = _ruling(history)
    days = {version.effective_date for version in history}
    since = now.effective_date
    for then in (in_force(history, day) for day in sorted(days, reverse=True)):
        if then is None or not _agree(then, now):
            break
        since = then.effective_date
    return since


def _agree(one: EntityVersion, other: EntityVersion) -> bool:
    return (bare(one.face), one.registrar) == (bare(other.face), other.registrar)


def _is_missing(history: Sequence[EntityVersion], want: Want, source: str) -> bool:
    """Whether the history lacks what the source says from a day on, and the day is the source's."""
    then = in_force(history, want.fact.approved_date)
    if then is None:  # before anything here: as the first version's source says
        first = min(history, key=lambda v: (v.effective_date, v.version))
        return first.source.system == source
    return then.source.system == source and not want.fits(then)


def _version(
    delta: Delta, history: Sequence[EntityVersion], want: Want, day: date
) -> EntityVersion:
    before = in_force(history, day) or _ruling(history)
    return EntityVersion(
        version=max(version.version for version in history) + 1,
        face=want.fact.face,
        registrar=before.registrar if want.registrar is None else want.registrar,
        effective_date=day,
        recorded_at=delta.now,
        source=Source(delta.source, want.fact.record_id, delta.run),
    )


def _clashes(
    delta: Delta, wants: Sequence[Want], now: EntityVersion, kept: Collection[int]
) -> bool:
    """Whether what the source says now differs from what rules, is news, and is undecided."""
    if wants[-1].fits(now) or not wants[-1].fact.number:
        return False
    run = last_run(wants)
    ours = now.source.system != delta.source
    known = ours and any(fact.after_version < now.version for fact in run)
    return not known and not any(fact.number in kept for fact in run)


def taken_over(delta: Delta, fact: Fact, now: EntityVersion, version: int) -> EntityVersion:
    """The version that puts a fact in force instead of what an act here did.

    Code and point of an address that stays the same stay with it.
    """
    face, address = fact.face, now.face.address
    if face.address.text == address.text:
        face = replace(face, address=address)
    return EntityVersion(
        version=version,
        face=face,
        registrar=fact.registrar if fact.registrar_told else now.registrar,
        effective_date=max(fact.approved_date, now.effective_date),
        recorded_at=delta.now,
        source=Source(delta.source, fact.record_id, delta.run),
    )
