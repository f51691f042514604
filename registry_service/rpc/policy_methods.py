"""AdminService's methods on review policies and bars of persons."""

from typing import Final

from license_verify import limits
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.reading import Reader
from registry_service.domain.review.enacted import EnactedPolicy
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.review_policies import bar_person, confirm_policy, create_policy
from registry_service.rpc import convert_policy as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import date_from_pb, known_unit
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import policy_pb2

_BASIS: Final = 512
_FIRST: Final = 2**63 - 1
"""Above every number of a policy."""


class PolicyMethods:
    """CreateReviewPolicy, ConfirmReviewPolicy, ListReviewPolicies, BarPerson."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def create(self, request: pb.CreateReviewPolicyRequest) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""

        def perform(act: Act) -> policy_pb2.ReviewPolicy:
            require_entitled(act, ActName.CREATE_REVIEW_POLICY)
            given = request.review_policy
            unit = names.unit_number(given.unit, "review_policy.unit")
            known_unit("review_policy.unit", unit, act.units)
            authorise(act, ActName.CREATE_REVIEW_POLICY, unit=unit)
            reader = Reader()
            policy = convert.policy_from_pb(given, reader)
            for name in convert.states_city_choices(given) if unit != act.units.city else ():
                zh = "一照多址的标注和换发方式由全市统一规定，各单位不另作规定"
                reader.fault(f"review_policy.{name}", "is the city's to decide", zh)
            day = date_from_pb("review_policy.effective_date", given.effective_date, reader)
            if day is None:
                reader.fault("review_policy.effective_date", "is required", "生效日期不能为空")
            reader.finish()
            return _told(act, create_policy(act, unit, day or act.today, policy))

        kind = policy_pb2.ReviewPolicy
        return self._answers.once(request, request.request_id, kind, perform)

    def confirm(self, request: pb.ConfirmReviewPolicyRequest) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""
        (number,) = names.split(request.name, "reviewPolicies/*")

        def perform(act: Act) -> policy_pb2.ReviewPolicy:
            require_entitled(act, ActName.CONFIRM_REVIEW_POLICY)
            return _told(act, confirm_policy(act, int(number)))

        kind = policy_pb2.ReviewPolicy
        return self._answers.once(request, request.request_id, kind, perform)

    def list(self, request: pb.ListReviewPoliciesRequest) -> pb.ListReviewPoliciesResponse:
        """See admin_service.proto. Behind the versions of the city comes the built-in one."""
        page = Page(request, int)
        unit = names.unit_number(request.unit, "unit") if request.unit else None

        def read(act: Act) -> pb.ListReviewPoliciesResponse:
            authorise(act, ActName.LIST_REVIEW_POLICIES)
            known_unit("unit", unit, act.units)
            before = int(page.after[0]) if page.after else _FIRST
            found = act.tx.policies.page(unit, before, page.size + 1)
            listed = [_told(act, each) for each in found]
            if len(found) <= page.size and unit in (None, act.units.city):
                listed.append(_built_in(act))
            more = len(listed) > page.size
            return pb.ListReviewPoliciesResponse(
                review_policies=listed[: page.size],
                next_page_token=page.token(found[page.size - 1].number, more=True) if more else "",
            )

        return self._answers.read(read)

    def bar(self, request: pb.BarPersonRequest) -> policy_pb2.PersonBar:
        """See admin_service.proto."""

        def perform(act: Act) -> policy_pb2.PersonBar:
            require_entitled(act, ActName.BAR_PERSON)
            given, reader = request.person_bar, Reader()
            person = reader.text(
                "person_bar.person", given.person, limits.PERSON_CHARACTERS, required=True
            )
            basis = reader.text("person_bar.basis", given.basis, _BASIS, required=True)
            first = date_from_pb("person_bar.from_date", given.from_date, reader) or act.today
            last = date_from_pb("person_bar.until_date", given.until_date, reader)
            if last is None or last < first:
                reader.fault(
                    "person_bar.until_date", "is missing or before from_date", "截止日期有误"
                )
            reader.finish()
            return convert.bar_to_pb(bar_person(act, person, basis, first, last or first))

        return self._answers.once(request, request.request_id, policy_pb2.PersonBar, perform)


def _told(act: Act, enacted: EnactedPolicy) -> policy_pb2.ReviewPolicy:
    return convert.policy_to_pb(enacted, act.units.city)


def _built_in(act: Act) -> policy_pb2.ReviewPolicy:
    """What holds in the city before it confirms a version of its own."""
    policy = convert.choices_to_pb(act.default_policy)
    policy.unit = names.unit_name(act.units.city)
    return policy
