"""Keys over the wire: two custodians, several registries on one database, and the ceremony."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from license_verify import Anchor, Bundle, Outcome, Trust, verify
from license_verify.lists.trust_list import TrustList, sign_trust_list
from license_verify.server.roots import read_roots
from license_verify.transcript import open_transcript
from registry_service.ceremony.draft import Draft
from registry_service.ceremony.sign import Signed, look, sign
from registry_service.domain.key import KeyUse
from registry_service.issuing.key_places import KeyPlaces
from registry_service.issuing.keys import ROOT_FILE
from registry_service.setup import initialise
from tests.database import SharedServer
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.bundle_watcher import watching
from tests.rpc.registry.keeping import WHY, asked, confirmed, done, key_of, listed, rotated, until
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    HOST,
    Registry,
    a_request_id,
    an_entity,
    database_of,
    invalid,
    refused,
    running,
    settings,
)
from yizhao.registry.v1 import key_pb2 as pb
from yizhao.registry.v1 import license_pb2, license_service_pb2, publication_service_pb2


class Office:
    """Registries on one database and one folder of keys."""

    def __init__(self, url: str, keys: Path, certificates: Certificates, stack: ExitStack) -> None:
        self.url, self.keys = url, keys
        self._certificates, self._stack = certificates, stack
        self.first = self.another()

    def another(self) -> Registry:
        config = settings(self._certificates, self.keys, self.url)
        return self._stack.enter_context(running(config, self._certificates))

    def initialise(self) -> None:
        initialise(settings(self._certificates, self.keys, self.url))

    @property
    def roots(self) -> tuple[Any, ...]:
        return read_roots(self.keys / ROOT_FILE)


@pytest.fixture
def office(
    postgres: SharedServer,
    populated: tuple[str, Path],
    certificates: Certificates,
    tmp_path: Path,
) -> Iterator[Office]:
    """A registry of its own for each test: its keys change."""
    template, keys = populated
    shutil.copytree(keys, tmp_path / "keys")
    with postgres.clone(database_of(template)) as url, ExitStack() as stack:
        yield Office(url, tmp_path / "keys", certificates, stack)


@pytest.fixture
def registry(office: Office) -> Registry:
    return office.first


def issued(registry: Registry) -> license_pb2.License:
    client = registry.as_(people.RENCHENG)
    entity = an_entity(client)
    request = license_service_pb2.IssueLicenseRequest(parent=entity.name, request_id=a_request_id())
    answer: license_pb2.License = client.licenses.IssueLicense(request)
    return answer


def kid_of(document: license_pb2.License, registry: Registry) -> str:
    query = "SELECT kid FROM license_version WHERE token_id = %s"
    ((kid,),) = registry.rows(query, document.token_id)
    return f"keys/{kid.hex()}"


def bundle_of(registry: Registry) -> bytes:
    request = publication_service_pb2.GetBundleRequest()
    parts = registry.as_(people.VERIFY).publication.GetBundle(request)
    return bytes(parts.content)


def outcome(office: Office, registry: Registry, document: license_pb2.License) -> Outcome:
    bundle = Bundle.decode(bundle_of(registry))
    trust = Trust.from_bundle(bundle, Anchor(office.roots, "test"))
    return verify(document.scan_text, trust, datetime.now(UTC)).outcome


def test_a_key_comes_from_two_custodians_and_is_listed(registry: Registry) -> None:
    act = asked(registry, "CreateKey", use=pb.KEY_USE_TOKEN)
    assert (act.act, act.subject, act.state) == ("create_key", "token", pb.KEY_ACT_STATE_WAITING)
    assert (act.asked_by, act.reason) == (people.CUSTODIAN, WHY)
    made = confirmed(registry, act)
    assert (made.state, made.answered_by) == (pb.KEY_ACT_STATE_DONE, people.OTHER_CUSTODIAN)
    key = key_of(registry, made.key)
    assert (key.state, key.use) == (pb.KEY_STATE_NEXT, pb.KEY_USE_TOKEN)
    assert key.ready_time.seconds - key.announce_time.seconds == 7 * 86_400
    assert "BEGIN PUBLIC KEY" in key.public_key
    found = listed(registry)
    assert not found.ceremony_due
    assert [(host.host, host.issuing) for host in found.hosts] == [(HOST, True)]


def test_a_repeated_confirmation_makes_one_key(registry: Registry) -> None:
    act = asked(registry, "CreateKey", use=pb.KEY_USE_TOKEN)
    number = a_request_id()
    first = confirmed(registry, act, request_id=number)
    assert confirmed(registry, act, request_id=number) == first
    with refused("PENDING_ACT_ENDED", state="done"):
        confirmed(registry, act)


def test_every_running_registry_takes_up_a_new_key_without_restart(office: Office) -> None:
    other = office.another()
    before = issued(other)
    key = rotated(office.first, pb.KEY_USE_TOKEN)
    for use in (pb.KEY_USE_STATUS, pb.KEY_USE_PUBLICATION):
        rotated(office.first, use)
    after = issued(other)
    assert kid_of(before, other) != kid_of(after, other) == key
    for registry in (office.first, other):
        wait_until_current(office, registry)
        assert outcome(office, registry, before) is Outcome.VALID
        assert outcome(office, registry, after) is Outcome.VALID


def test_a_registry_in_another_process_takes_it_up_too(
    office: Office, certificates: Certificates, tmp_path: Path
) -> None:
    process = RegistryProcess(certificates, tmp_path, office.url)
    process.start()
    other = Registry(process.address, certificates, office.url)
    try:
        key = rotated(office.first, pb.KEY_USE_TOKEN)
        rotated(other, pb.KEY_USE_STATUS)
        there, here = issued(other), issued(office.first)
        assert kid_of(there, other) == kid_of(here, other) == key
        for registry in (office.first, other):
            wait_until_current(office, registry)
            assert outcome(office, registry, there) is Outcome.VALID
    finally:
        other.close()
        process.stop()


def wait_until_current(office: Office, registry: Registry) -> None:
    """Until this registry publishes the newest trust list, and every event that there is."""
    ((last,),) = registry.rows("SELECT max(version) FROM trust_list")

    def current() -> bool:
        ((waiting,),) = registry.rows("SELECT count(*) FROM event WHERE feed_no IS NULL")
        ((watermark,),) = registry.rows("SELECT feed_watermark FROM manifest")
        trust = Trust.from_bundle(Bundle.decode(bundle_of(registry)), Anchor(office.roots, "test"))
        assert trust.manifest is not None
        return trust.version == last and not waiting and trust.manifest.watermark == watermark

    until(current)


def test_who_watches_follows_keys_that_change_and_leak_and_a_host_that_is_added(
    office: Office, certificates: Certificates
) -> None:
    registry, other = office.first, office.another()
    document, tls = issued(registry), certificates.tls(people.VERIFY)
    anchor = Anchor(office.roots, "test")
    with (
        watching(registry.address, tls, anchor) as here,
        watching(other.address, tls, anchor) as there,
    ):
        for use in (pb.KEY_USE_STATUS, pb.KEY_USE_PUBLICATION):
            leaked = next(
                key.name
                for key in listed(registry).keys
                if key.use == use and key.state == pb.KEY_STATE_ACTIVE
            )
            rotated(registry, use)
            done(other, "DistrustKey", name=leaked)
        done(registry, "AddHost", host="localhost:9443")
        ((last,),) = registry.rows("SELECT max(version) FROM trust_list")
        for watcher in (here, there):
            trust = watcher.wait_for(lambda trust: trust.version == last)
            assert len({uri.split("/s/")[0] for uri in trust.lists}) == 2
            found = verify(document.scan_text, trust, datetime.now(UTC))
            assert found.outcome is Outcome.VALID
            assert watcher.failure is None
            assert watcher.deltas > 0


def test_what_a_distrusted_key_signed_is_counted_and_listed(registry: Registry) -> None:
    document = issued(registry)
    old = kid_of(document, registry)
    rotated(registry, pb.KEY_USE_TOKEN)
    act = asked(registry, "DistrustKey", name=old)
    ((count,),) = registry.rows(
        "SELECT count(*) FROM (SELECT kid, state FROM license_version"
        " UNION ALL SELECT kid, state FROM copy_token UNION ALL SELECT kid, state FROM site_code) d"
        " WHERE state = 'issued' AND kid = decode(%s, 'hex')",
        old.removeprefix("keys/"),
    )
    assert act.affected_count == count >= 1
    confirmed(registry, act)
    admin = registry.as_(people.AUDITOR).admin
    names, token = [], ""
    while True:
        request = pb.ListKeyDocumentsRequest(name=old, page_size=1, page_token=token)
        page = admin.ListKeyDocuments(request)
        assert page.total_count == count
        names += page.documents
        token = page.next_page_token
        if not token:
            break
    assert len(names) == count
    assert document.name in names


def test_hosts_overlap_and_the_former_ends_when_it_is_said(office: Office) -> None:
    registry = office.first
    old = issued(registry)
    assert done(registry, "AddHost", host="localhost:9443").state == pb.KEY_ACT_STATE_DONE
    new = issued(registry)
    assert new.scan_text.startswith("https://localhost:9443/")
    wait_until_current(office, registry)
    assert outcome(office, registry, old) is Outcome.VALID
    assert outcome(office, registry, new) is Outcome.VALID
    with refused("HOST_REFUSED", host="localhost:9443"):
        asked(registry, "RetireHost", host="localhost:9443")
    act = asked(registry, "RetireHost", host=HOST)
    assert act.affected_count >= 1
    confirmed(registry, act)
    wait_until_current(office, registry)
    assert outcome(office, registry, old) is Outcome.INVALID
    assert outcome(office, registry, new) is Outcome.VALID
    assert [bool(host.until_time.seconds) for host in listed(registry).hosts] == [True, False]


def offline_root(office: Office, tmp_path: Path) -> KeyPlaces:
    """Take the root away from the registry's folder, as it is kept in production."""
    vault = tmp_path / "vault"
    vault.mkdir(mode=0o700)
    for path in office.keys.glob("root-*.pem"):
        path.rename(vault / path.name)
    return KeyPlaces(vault)


def drafted(registry: Registry) -> Draft:
    answer = registry.as_(people.CUSTODIAN).admin.DraftTrustList(pb.DraftTrustListRequest())
    return Draft(answer.current, answer.payload)


def signed(draft: Draft, vault: KeyPlaces, new: KeyPlaces | None = None) -> Signed:
    now = datetime.now(UTC)
    root = None
    if new is not None:
        root = next(key for key in new.create_missing([KeyUse.ROOT]) if key.use is KeyUse.ROOT)
    return sign(look(draft, vault.load(), now, root), ("金守钥", "柯慎言"), lambda: now)


def published(registry: Registry, content: bytes) -> pb.PublishTrustListResponse:
    request = pb.PublishTrustListRequest(content=content, request_id=a_request_id())
    answer: pb.PublishTrustListResponse = registry.as_(people.CUSTODIAN).admin.PublishTrustList(
        request
    )
    return answer


def test_with_the_root_kept_elsewhere_a_key_waits_for_the_ceremony(
    office: Office, tmp_path: Path
) -> None:
    vault = offline_root(office, tmp_path)
    registry = office.another()  # one that never held the root
    key = done(registry, "CreateKey", use=pb.KEY_USE_TOKEN).key
    found = listed(registry)
    assert found.ceremony_due
    assert not key_of(registry, key).announce_time.seconds
    office.initialise()  # as each start does: it goes on without the root
    with refused("KEY_NOT_ANNOUNCED"):
        asked(registry, "ActivateKey", name=key, early=True)
    result = signed(drafted(registry), vault)
    assert published(registry, result.trust_list).version == found.trust_version + 1
    assert not listed(registry).ceremony_due
    assert key_of(registry, key).announce_time.seconds
    done(registry, "ActivateKey", name=key, early=True)
    document = issued(registry)
    assert kid_of(document, registry) == key
    wait_until_current(office, registry)
    # Activated and not told of yet: checkers believe it since it was announced.
    assert listed(registry).ceremony_due
    assert outcome(office, registry, document) is Outcome.VALID


def test_a_draft_that_was_overtaken_is_drafted_anew(office: Office, tmp_path: Path) -> None:
    vault = offline_root(office, tmp_path)
    registry = office.another()
    late = signed(drafted(registry), vault)
    done(registry, "CreateKey", use=pb.KEY_USE_TOKEN)
    with refused("TRUST_LIST_REFUSED", cause="keys"):
        published(registry, late.trust_list)
    published(registry, signed(drafted(registry), vault).trust_list)


def test_a_trust_list_of_another_root_is_refused(office: Office, tmp_path: Path) -> None:
    registry = office.first
    foreign = KeyPlaces(tmp_path / "foreign")
    root = next(key for key in foreign.create_missing([KeyUse.ROOT]))
    content = TrustList.decode(drafted(registry).payload)
    with refused("TRUST_LIST_REFUSED", cause="ROOT_UNKNOWN"):
        published(registry, sign_trust_list(content, kid=root.kid, sign=root.sign))
    with refused("TRUST_LIST_REFUSED"):
        published(registry, b"no list")


def test_the_root_changes_under_a_running_registry(office: Office, tmp_path: Path) -> None:
    vault = offline_root(office, tmp_path)
    registry = office.another()
    before = issued(registry)
    old = office.roots
    new = KeyPlaces(tmp_path / "new-vault")
    result = signed(drafted(registry), vault, new)
    answer = published(registry, result.trust_list)
    assert answer.root == f"keys/{result.root.kid.hex()}"
    roots = [key for key in listed(registry).keys if key.use == pb.KEY_USE_ROOT]
    assert [key.state for key in roots] == [pb.KEY_STATE_RETIRED, pb.KEY_STATE_ACTIVE]
    transcript, content = open_transcript(result.transcript, old)
    assert (transcript.people, content.version) == (("金守钥", "柯慎言"), answer.version)
    wait_until_current(office, registry)
    assert outcome(office, registry, before) is Outcome.VALID  # checkers still pin the old one
    # From now on the new root signs; the old one is believed no more.
    done(registry, "CreateKey", use=pb.KEY_USE_TOKEN)
    published(registry, signed(drafted(registry), new).trust_list)
    with pytest.raises(ValueError, match="not here"):
        signed(drafted(registry), vault)


@pytest.mark.parametrize(
    ("method", "fields", "field"),
    [
        ("CreateKey", {"use": pb.KEY_USE_ROOT}, "use"),
        ("CreateKey", {"use": pb.KEY_USE_UNSPECIFIED}, "use"),
        ("ActivateKey", {"name": "keys/xyz"}, "name"),
        ("RetireKey", {"name": ""}, "name"),
        ("AddHost", {"host": "Zz.Jining.Example"}, "host"),
        ("RetireHost", {"host": ""}, "host"),
    ],
)
def test_an_act_on_keys_that_cannot_be_is_refused_by_field(
    registry: Registry, method: str, fields: dict[str, Any], field: str
) -> None:
    with invalid(field):
        asked(registry, method, **fields)


def test_what_is_not_there_is_told(registry: Registry) -> None:
    unknown = "keys/00000000000000ff"
    for method in ("ActivateKey", "RetireKey", "DistrustKey"):
        with refused("KEY_UNKNOWN"):
            asked(registry, method, name=unknown)
    with refused("KEY_ACT_UNKNOWN"):
        confirmed(registry, pb.KeyAct(name="keyActs/77", subject="token"))
    with refused("KEY_UNKNOWN"):
        registry.as_(people.AUDITOR).admin.ListKeyDocuments(
            pb.ListKeyDocumentsRequest(name=unknown)
        )


def test_acts_on_keys_are_listed_page_by_page_newest_first(registry: Registry) -> None:
    for use in (pb.KEY_USE_TOKEN, pb.KEY_USE_STATUS, pb.KEY_USE_RECEIPT):
        asked(registry, "CreateKey", use=use)
    admin = registry.as_(people.AUDITOR).admin
    first = admin.ListKeyActs(pb.ListKeyActsRequest(page_size=2))
    rest = admin.ListKeyActs(pb.ListKeyActsRequest(page_size=2, page_token=first.next_page_token))
    subjects = [act.subject for act in (*first.key_acts, *rest.key_acts)]
    assert subjects == ["receipt", "status", "token"]
    assert not rest.next_page_token
