"""A missing input is never VALID: each is taken away, blanked or aged, alone and with others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import (
    Bundle,
    Claimed,
    NotRecorded,
    Outcome,
    Policy,
    PublicPremises,
    PublicRecord,
    Refusal,
    Status,
    Trust,
    policy_for,
    verify,
)
from license_verify.lists.trust_list import KeyState, TrustedHost, TrustedKey, Use
from license_verify.record import LiveAnswer
from license_verify.token.face import LicenseFace
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    HOST,
    NOW,
    SITE,
    SITE_CLAIMS,
    T0,
    URI,
    USCC,
    Signer,
    World,
)

WORLD = World()
TRUST = WORLD.trust()
THEN = date(2026, 6, 1)
RECORD = PublicRecord(
    uscc=USCC,
    name=FACE.name,
    person=FACE.person,
    address=FACE.address or "",
    scope="一般项目：日用百货销售",
    status=Status.VALID,
    version=FACE.version,
    version_since=FACE.approved,
    answered_at=NOW,
    premises=(
        PublicPremises(
            number=7, address=SITE.address or "", unit=20, state="FILED", since=date(2026, 4, 1)
        ),
    ),
)


@dataclass(frozen=True)
class Inputs:
    """Everything that a verdict is made of."""

    scan: str
    trust: Trust
    now: datetime
    policy: Policy
    as_of: date | None = None
    claims: Claimed | None = None
    live: LiveAnswer = None

    def outcome(self) -> Outcome:
        return verify(
            self.scan, self.trust, self.now, self.policy, self.as_of, self.claims, self.live
        ).outcome


LICENCE, SITE_CODE = WORLD.scan(CLAIMS), WORLD.scan(SITE_CLAIMS)
AT_ITS_SITE = Claimed(address=SITE.address)
BASES = {
    "licence": Inputs(LICENCE, TRUST, NOW, policy_for("general")),
    "site code": Inputs(SITE_CODE, TRUST, NOW, policy_for("general")),
    "for a bank": Inputs(LICENCE, TRUST, NOW, policy_for("banking")),
    "for an inspector": Inputs(LICENCE, TRUST, NOW, policy_for("inspection")),
    "of a place": Inputs(
        LICENCE, TRUST, NOW, policy_for("charging-point"), None, AT_ITS_SITE, RECORD
    ),
    "by the live register": Inputs(
        LICENCE, TRUST, NOW, policy_for("investigation"), None, None, RECORD
    ),
    "on another day": Inputs(
        LICENCE, TRUST, NOW, policy_for("general"), THEN, None, replace(RECORD, as_of=THEN)
    ),
}
NEEDS_THE_REGISTER = frozenset({"of a place", "by the live register", "on another day"})
Take = Callable[[Inputs], Inputs]


def trusting(**changed: object) -> Take:
    return lambda i: replace(i, trust=replace(i.trust, **changed))  # type: ignore[arg-type] # its fields


def keys(change: Callable[[TrustedKey], TrustedKey]) -> Take:
    """The token key changed; the others stay."""

    def take(inputs: Inputs) -> Inputs:
        changed = {
            kid: change(key) if key.use is Use.TOKEN else key
            for kid, key in inputs.trust.keys.items()
        }
        return replace(inputs, trust=replace(inputs.trust, keys=changed))

    return take


def without_token_key(inputs: Inputs) -> Inputs:
    left = {kid: key for kid, key in inputs.trust.keys.items() if key.use is not Use.TOKEN}
    return replace(inputs, trust=replace(inputs.trust, keys=left))


def listed(**changed: object) -> Take:
    """The status list changed."""

    def take(inputs: Inputs) -> Inputs:
        lists = {uri: replace(one, **changed) for uri, one in inputs.trust.lists.items()}  # type: ignore[arg-type] # its fields
        return replace(inputs, trust=replace(inputs.trust, lists=lists))

    return take


def aged_manifest(inputs: Inputs) -> Inputs:
    manifest = inputs.trust.manifest
    if manifest is not None:
        manifest = replace(manifest, issued_at=manifest.issued_at - timedelta(days=2))
    return replace(inputs, trust=replace(inputs.trust, manifest=manifest))


def newer_data_seen(inputs: Inputs) -> Inputs:
    seen = replace(inputs.trust.highest_seen, issued_at=T0 + timedelta(days=30))
    return replace(inputs, trust=replace(inputs.trust, highest_seen=seen))


TAKES: dict[str, Take] = {
    "no scan": lambda i: replace(i, scan=""),
    "a blank scan": lambda i: replace(i, scan=" "),
    "half a scan": lambda i: replace(i, scan=i.scan[: len(i.scan) // 2]),
    "a scan without its host": lambda i: replace(i, scan=i.scan.replace(HOST, "")),
    "a scan on another host": lambda i: replace(i, scan=i.scan.replace(HOST, "x.example.cn")),
    "a scan without its last digit": lambda i: replace(i, scan=i.scan[:-1]),
    "no data": lambda i: replace(i, trust=Trust.missing()),
    "no manifest": trusting(manifest=None),
    "an old manifest": aged_manifest,
    "no keys": trusting(keys={}),
    "no token key": without_token_key,
    "a token key of another use": keys(lambda key: replace(key, use=Use.RECEIPT)),
    "a distrusted key": keys(lambda key: replace(key, state=KeyState.DISTRUSTED)),
    "a key of a later time": keys(lambda key: replace(key, since=NOW)),
    "another key under its kid": keys(lambda key: replace(key, key=Signer().public)),
    "no hosts": trusting(hosts=()),
    "a host of an earlier time": trusting(hosts=(TrustedHost(HOST, T0 - timedelta(9), T0),)),
    "no lists": trusting(lists={}),
    "an empty list": listed(entries=b""),
    "an unknown entry": listed(entries=b"\x77" * 2048),
    "an ended list": listed(expires_at=T0),
    "of another environment": trusting(environment="test"),
    "expected elsewhere": trusting(expected_environment="test"),
    "newer data was seen": newer_data_seen,
    "a late clock": lambda i: replace(i, now=i.now + timedelta(days=3)),
    "an early clock": lambda i: replace(i, now=i.now - timedelta(days=1)),
    "a purpose that allows no age": lambda i: replace(
        i, policy=replace(i.policy, max_age=timedelta(0))
    ),
    "a purpose that allows a list no age": lambda i: replace(
        i, policy=replace(i.policy, max_list_age=timedelta(0))
    ),
}
RECORD_TAKES: dict[str, Take] = {
    "no record": lambda i: replace(i, live=None),
    "a record of another": lambda i: replace(
        i, live=replace(RECORD, uscc="91370829MAJN000298", as_of=i.as_of)
    ),
    "a record of another day": lambda i: replace(i, live=replace(RECORD, as_of=date(2026, 6, 2))),
    "a record of an hour ago": lambda i: replace(
        i, live=replace(RECORD, as_of=i.as_of, answered_at=NOW - timedelta(hours=1))
    ),
    "nothing recorded": lambda i: replace(i, live=NotRecorded(USCC, i.as_of or THEN, False)),
    "not yet recorded": lambda i: replace(i, live=NotRecorded(USCC, i.as_of or THEN, True)),
}
PLACE_TAKES: dict[str, Take] = {
    "no address": lambda i: replace(i, claims=None),
    "no place on record": lambda i: replace(i, live=replace(RECORD, as_of=i.as_of, premises=())),
}


def takes_of(base: str) -> dict[str, Take]:
    """What can be taken from that base so that something needed is gone."""
    takes = dict(TAKES)
    if base in NEEDS_THE_REGISTER:
        takes |= RECORD_TAKES
    if base == "of a place":
        takes |= PLACE_TAKES
    return takes


EACH_TAKE = [(base, take) for base in BASES for take in takes_of(base)]


@pytest.mark.parametrize("base", BASES)
def test_with_every_input_it_is_valid(base: str) -> None:
    assert BASES[base].outcome() is Outcome.VALID


@pytest.mark.parametrize(("base", "take"), EACH_TAKE)
def test_without_any_one_input_it_is_not(base: str, take: str) -> None:
    assert takes_of(base)[take](BASES[base]).outcome() is not Outcome.VALID


@given(st.data(), st.sampled_from(sorted(BASES)))
def test_without_several_inputs_it_is_not_either(data: st.DataObject, base: str) -> None:
    takes = takes_of(base)
    chosen = data.draw(st.lists(st.sampled_from(sorted(takes)), min_size=1, max_size=6))
    inputs = BASES[base]
    for take in chosen:
        inputs = takes[take](inputs)
    assert inputs.outcome() is not Outcome.VALID, chosen


@given(st.timedeltas(timedelta(hours=24), timedelta(days=9_000)), st.sampled_from(sorted(BASES)))
def test_no_later_moment_makes_old_data_good(late: timedelta, base: str) -> None:
    assert replace(BASES[base], now=NOW + late).outcome() is not Outcome.VALID


@given(st.timedeltas(timedelta(minutes=9), timedelta(days=9_000)), st.sampled_from(sorted(BASES)))
def test_no_earlier_moment_does(early: timedelta, base: str) -> None:
    assert replace(BASES[base], now=NOW - early).outcome() is not Outcome.VALID


BUNDLE = WORLD.bundle()
LATER = replace(
    WORLD, seq=WORLD.seq + 1, published_at=T0 + timedelta(minutes=1), trust_version=5
).bundle()
PARTS: dict[str, Bundle] = {
    "no manifest": replace(BUNDLE, manifest=b""),
    "no trust list": replace(BUNDLE, trust=b""),
    "no list": replace(BUNDLE, lists={}),
    "a blank list": replace(BUNDLE, lists={URI: b""}),
    "another list": replace(BUNDLE, lists={URI: LATER.lists[URI]}),
    "another trust list": replace(BUNDLE, trust=LATER.trust),
    "another manifest": replace(BUNDLE, manifest=LATER.manifest),
    "a list as manifest": replace(BUNDLE, manifest=BUNDLE.lists[URI]),
    "a manifest as trust list": replace(BUNDLE, trust=BUNDLE.manifest),
    "a list too many": replace(
        BUNDLE, lists={**BUNDLE.lists, f"https://{HOST}/s/1": BUNDLE.lists[URI]}
    ),
    "all of another root": replace(WORLD, root=Signer()).bundle(),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_bundle_without_one_of_its_parts_is_refused_whole(part: str) -> None:
    with pytest.raises(Refusal):
        Trust.from_bundle(PARTS[part], WORLD.anchor())


@given(st.data())
def test_a_bundle_with_one_flipped_bit_is_refused(data: st.DataObject) -> None:
    content = bytearray(BUNDLE.encode())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refusal):
        Trust.from_bundle(Bundle.decode(bytes(content)), WORLD.anchor())


def test_a_licence_with_a_digest_for_an_address_needs_the_register_for_its_place() -> None:
    face = FACE.with_address_digest()
    assert isinstance(face, LicenseFace)
    scan = WORLD.scan(replace(CLAIMS, face=face))
    near = Claimed(address=(FACE.address or "") + "东侧")
    inputs = Inputs(scan, TRUST, NOW, policy_for("charging-point"), None, near)
    assert inputs.outcome() is Outcome.INDETERMINATE
