"""A registry and a verifying node that follows it, both real."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from clients.development.authority import load_key
from license_verify.rpc.identity import Authority
from registry_service.composition import utc_now
from registry_service.issuing.keys import ROOT_FILE, create_missing
from registry_service.issuing.signer import KeyRing
from registry_service.operations.establish_keys import establish_keys, publish_trust
from registry_service.store.transaction import Store
from tests.database import SharedServer
from tests.e2e.page.node import a_node, settings_of, until
from tests.e2e.statuses.office import Office
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import HOST, populate, running, settings
from tests.rpc.verify.authority import Authorities, TestAuthority
from tests.rpc.verify.logs import configured_log


@pytest.fixture(scope="module")
def office(postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A registry whose database is its own, and a node in step with it.

    Their log goes elsewhere, for a command's answer stands on standard output.
    """
    folder = tmp_path_factory.mktemp("statuses")
    certificates, keys = Certificates(folder / "ca"), folder / "keys"
    with configured_log(), postgres.clone() as url:
        config = settings(certificates, keys, url)
        _establish_keys(url, keys)
        populate(config, url)
        with running(config, certificates) as registry:
            authorities = _authorities(certificates)
            root = (keys / ROOT_FILE).read_bytes()
            (folder / "node").mkdir()
            told = settings_of(folder / "node", authorities, root, registry.address)
            with a_node(told, authorities) as node:
                until(lambda: node.has("live"))
                yield Office(registry, node, keys, folder)


def _establish_keys(database: str, keys: Path) -> None:
    """Keys that are a day old, so that a document can be older than a minute."""
    yesterday = utc_now() - timedelta(days=1)
    with Store(database, 1) as store, store.transaction() as tx:
        ring = establish_keys(tx, KeyRing(create_missing(keys), {}), yesterday)
        publish_trust(tx, ring, HOST, "test", yesterday)


def _authorities(certificates: Certificates) -> Authorities:
    """The authorities of the registry's development CA, for the node's certificates."""
    found = {}
    for each in Authority:
        folder = certificates.root(each.value).parent
        certificate = x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())
        found[each] = TestAuthority(load_key(folder / "key.pem"), certificate)
    return Authorities(found)
