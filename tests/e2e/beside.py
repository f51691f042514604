"""A verifying node beside a real registry process."""

from pathlib import Path

import pytest

from license_verify.server.config import Config
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates


def node_settings(
    certificates: Certificates, folder: Path, registry: str, **changes: object
) -> Config:
    """Settings of a node whose cache is in `folder`, where the registry has its folder of keys."""
    own = certificates.issue(people.VERIFY)
    told: dict[str, object] = {
        "tls_cert": own.cert,
        "tls_key": own.key,
        "https_cert": own.cert,
        "https_key": own.key,
        "officials_ca": certificates.root("officials"),
        "partners_ca": certificates.root("partners"),
        "services_ca": certificates.root("services"),
        "root": folder / "keys" / "root.pub.pem",
        "listen": "127.0.0.1:0",
        "https_listen": "127.0.0.1:0",
        "registry": registry,
        "cache": folder / "cache",
        "refresh_seconds": 0.05,
        "trust_domain": "jining.yizhao.test",
        "environment": "test",
        "drain_seconds": 0,
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (told | changes).items():
            environment.setenv(f"YIZHAO_VERIFY_{name.upper()}", str(value))
        return Config.load()
