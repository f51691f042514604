"""What the register's own rows tell: things that wait for a registry that does not run."""

from pathlib import Path

import pytest

from registry_service.issuing.keys import create_missing
from registry_service.store import health
from tests.db.doctor.installation import Installation
from tests.db.issuing.world import a_world


def test_a_publisher_that_stands_still(installed: Installation) -> None:
    with installed.serving():
        said = installed.doctor()
        assert said.outcomes("publishing") == {"ok"}
    installed.run("UPDATE manifest SET issued_at = issued_at - interval '1 hour'")
    found = installed.doctor().wrong("publishing")
    assert "not renewed for 36" in found["en"]
    assert found["next"] == "yizhao registry serve"


def test_nothing_published_yet(installed: Installation) -> None:
    assert "nothing was published yet" in installed.doctor().wrong("publishing")["en"]


def test_documents_that_were_never_signed(
    database_url: str, tmp_path: Path, installed: Installation
) -> None:
    """Of a registry that ended between storing and signing, some days ago."""
    with a_world(database_url, tmp_path / "keys") as world:
        world.register()
        world.intend()
    said = installed.doctor()
    found = said.wrong("intents")
    assert "1 documents are stored and were never signed" in found["en"]
    assert found["next"] == "yizhao registry serve"
    assert "2 events have no feed number" in said.wrong("feed")["en"]
    assert "青禾" not in said.text


def test_an_import_that_was_left(installed: Installation) -> None:
    installed.run(
        "INSERT INTO import_run (source, file_name, staff_no, started_at, state, ended_at)"
        " VALUES ('provincial', '名单.csv', '0001', now(), 'loading', now() - interval '1 hour')"
    )
    said = installed.doctor()
    found = said.wrong("imports")
    assert found["outcome"] == "warn"
    assert found["next"] == "yizhao import list"
    assert "名单" not in said.text


def test_a_registry_restored_from_a_backup(installed: Installation) -> None:
    with installed.serving():
        installed.fetch()
        assert installed.doctor().outcomes("rollback") == {"ok"}
        installed.saw(1_000_000)
        said = installed.doctor()
    for check in ("rollback", "registry-link"):
        found = said.wrong(check)
        assert "ROLLBACK" in found["en"]
        assert found["next"] == "yizhao recover"


def test_what_a_verifier_sees_while_the_database_is_asked_is_no_rollback(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_then_published(url: str) -> health.Health:
        told = read(url)
        installed.saw(1_000_000)
        return told

    read = health.read_health
    monkeypatch.setattr(health, "read_health", told_then_published)
    with installed.serving():
        installed.fetch()
        assert installed.doctor().outcomes("rollback") == {"ok"}


@pytest.mark.parametrize("what", ["keys", "root"])
def test_a_verifier_that_pins_another_root(
    installed: Installation, tmp_path: Path, what: str
) -> None:
    create_missing(tmp_path / "others")
    installed.set("verify", root=tmp_path / "others" / "root.pub.pem")
    with installed.serving():
        said = installed.doctor()
    found = said.wrong("keys" if what == "keys" else "registry-link")
    assert "root.pub.pem" in found["en"]
    assert found["next"] == "yizhao verify serve"
