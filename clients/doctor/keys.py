"""The registry's folder of issuing keys: its mode, passphrase, and the keys that must be there."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from clients.doctor.finding import Finding, fail, not_applicable, ok
from clients.doctor.subject import ServiceKnown, Subject
from license_verify.server.roots import read_roots
from license_verify.token import cose
from registry_service.domain.key import KeyUse
from registry_service.issuing.errors import (
    KeyFolderMissing,
    KeyFolderOpen,
    KeyFolderRefused,
    KeyUnreadable,
)
from registry_service.issuing.signer import KeyRing


def folder(subject: Subject) -> Iterator[Finding]:
    """Whether the folder can be trusted and holds every active key."""
    registry = subject.registry
    path = registry.path("KEYS") if registry else None
    if registry is None or path is None:
        yield not_applicable("KEYS", "此处没有签发密钥", "no issuing keys are set up here")
        return
    try:
        passphrase = registry.text("KEYS_PASSPHRASE").encode() or None
        ring = KeyRing.open(path, {}, passphrase)
    except KeyFolderRefused as refused:
        yield _refused(registry, path, refused, known=_knows_keys(subject))
        return
    held = {kid: (use, key) for kid, use, key in ring.public_keys()}
    yield from _complete(subject, registry, path, set(held))
    yield from _pinned(subject, [key for use, key in held.values() if use is KeyUse.ROOT])


def _refused(
    registry: ServiceKnown, path: Path, refused: KeyFolderRefused, *, known: bool
) -> Finding:
    name = str(path)
    match refused:
        case KeyFolderMissing() if not known:
            return fail(
                name,
                "密钥文件夹不存在，尚未初始化",
                "there is no key folder, and the register knows no key: it was never made ready",
                "yizhao up" if registry.of_instance else "yizhao registry init",
            )
        case KeyFolderMissing():
            return fail(
                name,
                "密钥文件夹不存在，请从备份恢复，切勿重新生成",
                "the key folder is gone: copy it back from its backup; new keys would not continue"
                " what the old ones signed",
                registry.start,
            )
        case KeyFolderOpen():
            return fail(
                name,
                "密钥文件夹或密钥可被他人读取",
                "others than the owner may read the folder or a key: ask who read it",
                f"chmod -R go-rwx {quote(name)}",
            )
        case KeyUnreadable():
            return fail(
                name,
                "密钥打不开：口令错误或未设置，或文件损坏",
                "a key does not open: YIZHAO_REGISTRY_KEYS_PASSPHRASE is wrong or not set, or the"
                " file is damaged",
                registry.start,
            )
    return fail(
        name,
        "文件夹中的密钥与文件名不符",
        "a file holds another key than its name says: copy the folder back from its backup",
        f"ls -l {quote(name)}",
    )


def _knows_keys(subject: Subject) -> bool:
    return bool(subject.database and subject.database.active_keys)


def _complete(
    subject: Subject, registry: ServiceKnown, path: Path, held: set[bytes]
) -> Iterator[Finding]:
    active = subject.database.active_keys if subject.database else None
    missing = [f"{use} {kid.hex()}" for use, kid in (active or {}).items() if kid not in held]
    if missing:
        names = ", ".join(missing)
        yield fail(
            str(path),
            f"缺少正在使用的密钥：{names}，请从备份恢复",
            f"keys in use are not in the folder: {names}; copy them back from the backup",
            registry.start,
        )
    elif active is None:
        yield ok(str(path), "可用；未与数据库核对", "opens; not compared with the register")
    else:
        yield ok(str(path), "齐全", f"opens, and holds all {len(active)} keys in use")


def _pinned(subject: Subject, roots: list[cose.PublicKey]) -> Iterator[Finding]:
    """Whether the verifier of this machine pins one of these roots."""
    file = subject.verify.path("ROOT") if subject.verify else None
    if subject.verify is None or file is None or not roots or not file.exists():
        return
    ours = {cose.thumbprint(root) for root in roots}
    if not ours & {cose.thumbprint(root) for root in read_roots(file)}:
        yield fail(
            str(file),
            "核验端信任的根密钥与登记端不同",
            "the verifier pins another root than this registry's: put root.pub.pem of the key"
            " folder there",
            subject.verify.start,
        )
