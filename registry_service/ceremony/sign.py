"""The ceremony itself: look at a draft, sign it with the root, write down what happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from license_verify import limits
from license_verify.lists.trust_list import (
    TYP,
    RootLink,
    TrustList,
    open_trust_list,
    sign_trust_list,
)
from license_verify.refusal import Refusal
from license_verify.token import cose
from license_verify.transcript import Transcript, open_transcript, sign_transcript
from registry_service.ceremony.draft import Draft
from registry_service.ceremony.errors import CeremonyStopped
from registry_service.ceremony.telling import told
from registry_service.domain.key import KeyUse
from registry_service.issuing.key_places import Key

_LEAST_PEOPLE: Final = 2


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft that fits the root, before anything is signed."""

    draft: Draft
    root: Key
    """The one that signed the list in force."""
    before: TrustList
    after: TrustList
    begun_at: datetime
    new_root: Key | None = None
    """Signs from now on; old and new root sign that it does."""

    @property
    def shown(self) -> tuple[str, ...]:
        """What those present are shown."""
        lines = tuple(told(self.draft, self.before, self.after))
        if self.new_root is None:
            return lines
        return (*lines, f"NEW root {self.root.kid.hex()} → {self.new_root.kid.hex()}")


@dataclass(frozen=True, slots=True)
class Signed:
    """What leaves the room."""

    trust_list: bytes
    transcript: bytes
    root: Key
    """The one that signs from now on."""


def look(draft: Draft, held: Iterable[Key], now: datetime, new_root: Key | None = None) -> Looked:
    """Compare a draft with the list in force and with the root at hand.

    Args:
        draft: as it was brought.
        held: keys at hand; those that are no root are left alone.
        now: the clock of this machine.
        new_root: shall sign from now on.

    Raises:
        CeremonyStopped: the root at hand did not sign the list in force, or the draft does not
            follow it.
    """
    roots = [key for key in held if key.use is KeyUse.ROOT]
    if not roots:
        raise CeremonyStopped("there is no root key here")
    try:
        before = open_trust_list(draft.current, tuple(key.public for key in roots))
        after = TrustList.decode(draft.payload)
    except Refusal as error:
        raise CeremonyStopped(f"the draft can't be believed: {error}") from None
    kid = cose.decode(draft.current, max_bytes=limits.TRUST_LIST_BYTES, typ=TYP).kid
    root = next((key for key in roots if key.kid == kid), None)
    if root is None:
        raise CeremonyStopped(f"the list in force is signed by {kid.hex()}, which is not here")
    _require_follows(before, after)
    return Looked(draft, root, before, after, now, new_root)


def _require_follows(before: TrustList, after: TrustList) -> None:
    wrong = [
        name
        for name, fits in (
            ("the version does not grow", after.version > before.version),
            ("it is older than the list in force", after.issued_at >= before.issued_at),
            ("it is of another environment", after.environment == before.environment),
            ("changes of root differ", after.root_links == before.root_links),
            (
                "a key is gone",
                {key.kid for key in before.keys} <= {key.kid for key in after.keys},
            ),
        )
        if not fits
    ]
    if wrong:
        raise CeremonyStopped(f"the draft does not follow the list in force: {'; '.join(wrong)}")


def sign(
    looked: Looked,
    people: tuple[str, ...],
    now: Callable[[], datetime],
    *,
    practice: bool = False,
) -> Signed:
    """Sign what was looked at.

    Args:
        looked: what those present were shown.
        people: their names, two at least.
        now: the clock of this machine.
        practice: say in the transcript that it was no more than that.

    Raises:
        CeremonyStopped: too few people, or what was signed is not believed by who pins the root.
        HsmUnavailable: the HSM of the root did not sign.
    """
    if len(set(people)) < _LEAST_PEOPLE:
        raise CeremonyStopped(f"name at least {_LEAST_PEOPLE} people who are present")
    root, content = looked.root, looked.after
    if looked.new_root is not None:
        new = looked.new_root
        link = RootLink.sign(root.public, new.public, by_old=root.sign, by_new=new.sign)
        root, content = new, replace(content, root_links=(*content.root_links, link))
    signed = sign_trust_list(content, kid=root.kid, sign=root.sign)
    transcript = sign_transcript(
        Transcript(
            environment=content.environment,
            practice=practice,
            begun_at=looked.begun_at,
            ended_at=now(),
            people=people,
            shown=looked.shown,
            draft_digest=looked.draft.digest,
            trust_list=signed,
        ),
        kid=root.kid,
        sign=root.sign,
    )
    pinned = (looked.root.public,)
    if open_trust_list(signed, pinned) != content or not open_transcript(transcript, pinned):
        raise CeremonyStopped("what was signed is not what was shown")
    return Signed(signed, transcript, root)
