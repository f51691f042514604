"""What was published, as a bundle that somebody kept tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from license_verify import Anchor, Bundle, Trust
from license_verify.lists.errors import RootUnknown
from license_verify.lists.manifest import Manifest, document_digest
from license_verify.lists.status_list import StatusList
from license_verify.refusal import Refusal
from license_verify.token import cose
from registry_service.domain.host_errors import (
    BundleDamaged,
    BundleForeign,
    BundleNotNewest,
    BundleOlder,
)
from registry_service.store.transaction import Transaction
from registry_service.waterline import Mark


@dataclass(frozen=True, slots=True)
class Published:
    """A bundle of this register, every signature checked."""

    bundle: Bundle
    trust: Trust
    manifest: Manifest

    @property
    def lists(self) -> Mapping[str, StatusList]:
        """Status lists by their address."""
        return self.trust.lists


def believe(
    name: str, content: bytes, roots: tuple[cose.PublicKey, ...], environment: str
) -> Published:
    """Check a bundle as checkers do, with this register's own root.

    Args:
        name: of the file, for the refusal.
        content: of the file.
        roots: this register's root keys.
        environment: this register's.

    Raises:
        BundleForeign: another register published it.
        BundleDamaged: it is no bundle, or a part is not what was signed.
    """
    try:
        bundle = Bundle.decode(content)
        trust = Trust.from_bundle(bundle, Anchor(roots, environment))
    except RootUnknown as error:
        raise _foreign(name, str(error)) from None
    except Refusal as error:
        raise BundleDamaged(
            f"{name} can't be believed: {error} ({error.reason})",
            zh=f"数据包 {name} 已损坏或不完整，不能用于恢复",
            bundle=name,
            cause=error.reason,
        ) from None
    if trust.environment != environment or trust.manifest is None:
        raise _foreign(name, f"it is of {trust.environment}, this register is {environment}")
    return Published(bundle, trust, trust.manifest)


def own(tx: Transaction, roots: tuple[cose.PublicKey, ...], environment: str) -> Published | None:
    """What the database itself says was published; None before the first publication.

    Raises:
        BundleForeign, BundleDamaged: it is not this register's, or does not hold.
    """
    manifest, trust = tx.publication.manifest(), tx.publication.trust()
    if manifest is None or trust is None:
        return None
    lists = {uri: stored.content for uri, stored in tx.publication.lists().items()}
    content = Bundle(manifest.content, trust.content, lists).encode()
    return believe("the database", content, roots, environment)


def newest_of(bundles: Iterable[Published]) -> Published:
    """The newest of several; at least one."""
    return max(bundles, key=lambda each: each.manifest.seq)


def require_newest(tx: Transaction, published: Published, mark: Mark | None) -> None:
    """Stop if something newer than the bundle is known; not after it was recovered from.

    Raises:
        BundleOlder: the database is newer.
        BundleNotNewest: this host has published a newer one.
    """
    if tx.recoveries.knows(document_digest(published.bundle.manifest)):
        return
    seq, stored = published.manifest.seq, tx.publication.manifest()
    if stored is not None and seq < stored.seq:
        raise BundleOlder(
            f"the bundle (manifest {seq}) is older than the database (manifest {stored.seq}):"
            " give the newest that any verifier kept; if there is none, say --newest-there-is",
            zh=f"数据包（第 {seq} 号清单）比数据库（第 {stored.seq} 号）旧，请改用核验节点保存的"
            "最新数据包；确无更新的，请加 --newest-there-is",
            bundle=seq,
            database=stored.seq,
        )
    if mark is not None and seq < mark.seq:
        raise BundleNotNewest(
            f"the bundle is manifest {seq}, number {mark.seq} was published from here at"
            f" {mark.issued_at:%Y-%m-%dT%H:%M:%SZ}: look for it at every verifier. What was"
            " published in between is not known without it; if nobody kept it, say"
            " --newest-there-is",
            zh=f"数据包为第 {seq} 号清单，而本机已发布至第 {mark.seq} 号，请在各核验节点查找更新的"
            "数据包；确无更新的，请加 --newest-there-is",
            bundle=seq,
            published=mark.seq,
        )


def _foreign(name: str, why: str) -> BundleForeign:
    return BundleForeign(
        f"{name} was not published by this register: {why}",
        zh=f"数据包 {name} 不是本登记机关发布的，不能用于恢复",
        bundle=name,
    )
