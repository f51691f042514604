"""Keys, hosts and acts on them, on the wire."""

from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from license_verify.lists.trust_list import KeyState, TrustedHost
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.key_act import KeyAct
from registry_service.domain.pending_act import PendingState
from registry_service.rpc import names
from registry_service.rpc.convert_values import time_to_pb
from yizhao.registry.v1 import key_pb2 as pb

USES: Final = {use: pb.KeyUse.Value(f"KEY_USE_{use.name}") for use in KeyUse}
_STATES: Final = {state: pb.KeyState.Value(f"KEY_STATE_{state.name}") for state in KeyState}
_ACT_STATES: Final = {
    state: pb.KeyActState.Value(f"KEY_ACT_STATE_{state.name}") for state in PendingState
}


def key_name(kid: bytes) -> str:
    """`keys/{kid}`."""
    return f"keys/{kid.hex()}"


def key_to_pb(key: SigningKey, announced: datetime | None, ready: datetime | None) -> pb.SigningKey:
    """A key, when it was announced, and from when on it may be activated."""
    pem = key.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pb.SigningKey(
        name=key_name(key.kid),
        use=USES[key.use],
        state=_STATES[key.state],
        public_key=pem.decode("ascii"),
        create_time=time_to_pb(key.created_at),
        announce_time=time_to_pb(announced) if announced else None,
        ready_time=time_to_pb(ready) if ready else None,
        activate_time=time_to_pb(key.activated_at) if key.activated_at else None,
        until_time=time_to_pb(key.retired_at) if key.retired_at else None,
    )


def host_to_pb(host: TrustedHost, *, issuing: bool) -> pb.AcceptedHost:
    """A host that codes may name."""
    return pb.AcceptedHost(
        host=host.host,
        from_time=time_to_pb(host.since),
        until_time=time_to_pb(host.until) if host.until else None,
        issuing=issuing,
    )


def key_act_to_pb(asked: KeyAct, now: datetime) -> pb.KeyAct:
    """An act that waits or waited, as it stands at that moment."""
    return pb.KeyAct(
        name=f"keyActs/{asked.number}",
        act=asked.wish.act.value,
        subject=asked.wish.subject,
        reason=asked.wish.reason,
        early=asked.wish.early,
        affected_count=asked.affected,
        state=_ACT_STATES[asked.state_at(now)],
        asked_by=names.staff_name(asked.asked_by),
        create_time=time_to_pb(asked.asked_at),
        expire_time=time_to_pb(asked.expires_at),
        answered_by=names.staff_name(asked.answered_by),
        answer_time=time_to_pb(asked.answered_at) if asked.answered_at else None,
        answer=asked.answer,
        key=key_name(asked.kid) if asked.kid else "",
    )
