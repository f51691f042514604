"""The review policy, and persons who may not apply."""

from collections.abc import Iterator

import grpc

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import admin_service_pb2, policy_pb2
from yizhao.registry.v1.admin_service_pb2_grpc import AdminServiceStub


class Policies:
    """The part of AdminService about what review goes by."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = AdminServiceStub(channel)
        self._caller = caller

    def list(self, unit: str = "") -> Iterator[policy_pb2.ReviewPolicy]:
        """Versions of the policy, newest first; only those of `units/{unit}` if given."""

        def fetch(token: str) -> admin_service_pb2.ListReviewPoliciesResponse:
            request = admin_service_pb2.ListReviewPoliciesRequest(
                unit=unit, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListReviewPolicies, request)

        return every(fetch, lambda page: iter(page.review_policies))

    def create(self, policy: policy_pb2.ReviewPolicy) -> policy_pb2.ReviewPolicy:
        """Enter a version; it holds once another policy keeper has confirmed it."""
        request = admin_service_pb2.CreateReviewPolicyRequest(
            review_policy=policy, request_id=new_request_id()
        )
        return self._caller.call(self._stub.CreateReviewPolicy, request)

    def confirm(self, name: str) -> policy_pb2.ReviewPolicy:
        """Confirm a version that another entered, by its resource name."""
        request = admin_service_pb2.ConfirmReviewPolicyRequest(
            name=name, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmReviewPolicy, request)

    def bar_person(self, bar: policy_pb2.PersonBar) -> policy_pb2.PersonBar:
        """Bar a person from applying, as the city."""
        request = admin_service_pb2.BarPersonRequest(person_bar=bar, request_id=new_request_id())
        return self._caller.call(self._stub.BarPerson, request)
