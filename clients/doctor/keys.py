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
    HsmLibraryMissing,
    KeyFolderMissing,
    KeyFolderOpen,
    KeyFolderRefused,
    KeyUnencrypted,
    KeyUnreadable,
)
from registry_service.issuing.hsm import Hsm, HsmSettings
from registry_service.issuing.keys import load


def folder(subject: Subject) -> Iterator[Finding]:
    """Whether the folder can be trusted and holds every active key."""
    registry = subject.registry
    path = registry.path("KEYS") if registry else None
    if registry is None or path is None:
        yield not_applicable("KEYS", "此处没有签发密钥", "no issuing keys are set up here")
        return
    passphrase = _secret(registry, "KEYS_PASSPHRASE").encode() or None
    try:
        held = {key.kid: key for key in load(path, passphrase)}
    except KeyFolderRefused as refused:
        yield _refused(registry, path, refused, known=_knows_keys(subject))
        return
    yield from _complete(subject, registry, path, {*held, *_in_hsm(registry)})
    yield from _pinned(subject, [key.public for key in held.values() if key.use is KeyUse.ROOT])


def hsm(subject: Subject) -> Iterator[Finding]:
    """Whether the HSM opens. A wrong PIN costs a try of the few that it allows."""
    registry = subject.registry
    settings = _hsm_of(registry) if registry else None
    if registry is None or settings is None:
        yield not_applicable("HSM_MODULE", "未使用密码机", "no HSM is set up here")
        return
    name = f"{settings.module} ({settings.token})"
    try:
        count = len(Hsm(settings).held())
    except HsmLibraryMissing:
        yield fail(
            name,
            "缺少 PKCS #11 支持",
            "the library for PKCS #11 is not installed",
            "pip install 'yizhao[hsm]'",
        )
    except OSError as error:  # HsmUnavailable, or a file of the settings
        yield fail(
            name,
            "密码机打不开：未连接、口令有误或没有该令牌；在此期间的签发留待恢复后完成",
            f"the HSM does not open: {error}; what is asked for meanwhile is signed later",
            registry.restart,
        )
    else:
        yield ok(name, f"可用，内有 {count} 把密钥", f"opens, and holds {count} keys of ours")


def _in_hsm(registry: ServiceKnown) -> set[bytes]:
    settings = _hsm_of(registry)
    if settings is None:
        return set()
    try:
        return {key.kid for key in Hsm(settings).held()}
    except OSError:
        return set()  # the check of the HSM tells


def _hsm_of(registry: ServiceKnown) -> HsmSettings | None:
    module = registry.path("HSM_MODULE")
    if module is None:
        return None
    pin = _secret(registry, "HSM_PIN")
    return HsmSettings(module, registry.text("HSM_TOKEN"), pin, frozenset())


def _secret(registry: ServiceKnown, name: str) -> str:
    """A secret as the registry reads it; empty where its file can't be read."""
    file = registry.path(f"{name}_FILE")
    if file is None:
        return registry.text(name)
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return ""


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
        case KeyUnencrypted():
            return fail(
                name,
                "设置了口令，但有密钥未加密",
                "a passphrase is set, and a key lies unencrypted: write the keys anew under it",
                f"yizhao keys encrypt {quote(name)}",
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
    # A root is best kept elsewhere, so that its absence is no fault.
    wanted = {use: kid for use, kid in (active or {}).items() if use != KeyUse.ROOT}
    missing = [f"{use} {kid.hex()}" for use, kid in wanted.items() if kid not in held]
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
        yield ok(str(path), "齐全", f"opens, and holds all {len(wanted)} keys in use")


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
