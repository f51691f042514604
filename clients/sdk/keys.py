"""Keys and hosts of the registry, and the trust list that tells of them."""

from collections.abc import Iterator

import grpc

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import key_pb2 as pb
from yizhao.registry.v1.admin_service_pb2_grpc import AdminServiceStub


class Keys:
    """The part of AdminService about keys; every act waits for a second key custodian."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = AdminServiceStub(channel)
        self._caller = caller

    def list(self) -> pb.ListKeysResponse:
        """Keys by their public halves, accepted hosts, and whether a ceremony is due."""
        return self._caller.call(self._stub.ListKeys, pb.ListKeysRequest())

    def create(self, use: "pb.KeyUse.ValueType", reason: str) -> pb.KeyAct:
        """Ask for a key."""
        request = pb.CreateKeyRequest(use=use, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.CreateKey, request)

    def activate(self, name: str, reason: str, *, early: bool = False) -> pb.KeyAct:
        """Ask to let `keys/{kid}` sign; early: before checkers had time to learn of it."""
        request = pb.ActivateKeyRequest(
            name=name, reason=reason, early=early, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ActivateKey, request)

    def retire(self, name: str, reason: str) -> pb.KeyAct:
        """Ask to give up `keys/{kid}`, which never signed."""
        request = pb.RetireKeyRequest(name=name, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.RetireKey, request)

    def distrust(self, name: str, reason: str) -> pb.KeyAct:
        """Ask to distrust `keys/{kid}`: nothing that it signed is good any more."""
        request = pb.DistrustKeyRequest(name=name, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.DistrustKey, request)

    def add_host(self, host: str, reason: str) -> pb.KeyAct:
        """Ask to accept a host, and to issue on it."""
        request = pb.AddHostRequest(host=host, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.AddHost, request)

    def retire_host(self, host: str, reason: str) -> pb.KeyAct:
        """Ask to accept a host no longer."""
        request = pb.RetireHostRequest(host=host, reason=reason, request_id=new_request_id())
        return self._caller.call(self._stub.RetireHost, request)

    def acts(self) -> Iterator[pb.KeyAct]:
        """Acts on keys and hosts, newest first."""

        def fetch(token: str) -> pb.ListKeyActsResponse:
            request = pb.ListKeyActsRequest(page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListKeyActs, request)

        return every(fetch, lambda page: iter(page.key_acts))

    def confirm(self, name: str, expected_subject: str) -> pb.KeyAct:
        """Do `keyActs/{act}`, which another asked for; stops if it is on something else."""
        request = pb.ConfirmKeyActRequest(
            name=name, expected_subject=expected_subject, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmKeyAct, request)

    def refuse(self, name: str, reason: str) -> pb.KeyAct:
        """Turn `keyActs/{act}` down."""
        request = pb.ConfirmKeyActRequest(
            name=name, refuse=True, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmKeyAct, request)

    def documents(self, name: str) -> Iterator[str]:
        """Documents in use that `keys/{kid}` signed, by resource name."""

        def fetch(token: str) -> pb.ListKeyDocumentsResponse:
            request = pb.ListKeyDocumentsRequest(name=name, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListKeyDocuments, request)

        return every(fetch, lambda page: iter(page.documents))

    def draft(self) -> pb.DraftTrustListResponse:
        """The trust list in force, and the next one for the root to sign."""
        return self._caller.call(self._stub.DraftTrustList, pb.DraftTrustListRequest())

    def publish(self, content: bytes) -> pb.PublishTrustListResponse:
        """Publish a trust list that the root signed."""
        request = pb.PublishTrustListRequest(content=content, request_id=new_request_id())
        return self._caller.call(self._stub.PublishTrustList, request)
