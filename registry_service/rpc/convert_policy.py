"""Review policies and bars of persons between wire and domain."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.address import locate, split_units
from registry_service.domain.many_addresses import MarkMode, Reissue
from registry_service.domain.person_bar import PersonBar
from registry_service.domain.premises import Outcome
from registry_service.domain.reading import Reader
from registry_service.domain.review.enacted import EnactedPolicy
from registry_service.domain.review.policy import (
    Area,
    ListedBuilding,
    NegativeEntry,
    ReviewPolicy,
)
from registry_service.domain.review.policy_json import (
    LONGEST_TEXT,
    MOST,
    MOST_ENTRIES,
    MOST_MONTHS,
)
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from registry_service.rpc.names import unit_name
from yizhao.registry.v1 import entity_pb2, premises_pb2
from yizhao.registry.v1 import policy_pb2 as pb

_AREAS: Final[dict[Area, pb.FilingArea.ValueType]] = {
    "city": pb.FILING_AREA_CITY,
    "registrar": pb.FILING_AREA_REGISTRAR,
}
_KINDS: Final = {k: entity_pb2.EntityKind.Value(f"ENTITY_KIND_{k.name}") for k in EntityKind}
_OUTCOMES: Final = {
    Outcome.WARN: premises_pb2.FINDING_OUTCOME_WARN,
    Outcome.BLOCK: premises_pb2.FINDING_OUTCOME_BLOCK,
}
_MARK_MODES: Final = {mode: pb.MarkMode.Value(f"MARK_MODE_{mode.name}") for mode in MarkMode}
_REISSUES: Final = {
    reissue: pb.LicenseReissue.Value(f"LICENSE_REISSUE_{reissue.name}") for reissue in Reissue
}
_FIELD: Final = "review_policy"
_Choice = TypeVar("_Choice", MarkMode, Reissue)


def policy_from_pb(policy: pb.ReviewPolicy, reader: Reader) -> ReviewPolicy:
    """The choices of a policy, without a version; faults go to the reader."""
    return ReviewPolicy(
        version="",
        area=_area(policy.area, reader),
        eligible_kinds=_kinds(policy.eligible_kinds, reader),
        pre_approval_items=_texts("pre_approval_items", policy.pre_approval_items, reader),
        permit_items=_texts("permit_items", policy.permit_items, reader),
        permit_outcome=_outcome(policy.permit_outcome, reader),
        negative_list=_negative_list(policy.negative_list, reader),
        listed_buildings=_buildings(policy.listed_buildings, reader),
        most_entities_at_address=_number(policy, "most_entities_at_address", MOST, reader),
        most_premises=_number(policy, "most_premises", MOST, reader),
        least_tenancy_months=_number(policy, "least_tenancy_months", MOST_MONTHS, reader),
        struck_months=_number(policy, "struck_months", MOST_MONTHS, reader),
        unreachable_blocks=policy.unreachable_blocks,
        mark_mode=_city_choice(
            "mark_mode", policy.mark_mode, _MARK_MODES, MarkMode.SUFFIX_PLUS_QR_LIST, reader
        ),
        reissue=_city_choice("reissue", policy.reissue, _REISSUES, Reissue.FIRST_ONLY, reader),
    )


def states_city_choices(policy: pb.ReviewPolicy) -> tuple[str, ...]:
    """Names of the choices that the city alone decides and that a policy states."""
    return tuple(name for name in ("mark_mode", "reissue") if getattr(policy, name))


def _city_choice(
    field: str, value: int, choices: Mapping[_Choice, int], unstated: _Choice, reader: Reader
) -> _Choice:
    for ours, theirs in choices.items():
        if theirs == value:
            return ours
    if value:
        reader.fault(f"{_FIELD}.{field}", "is unknown", "选项未知")
    return unstated


def _area(value: pb.FilingArea.ValueType, reader: Reader) -> Area:
    for ours, theirs in _AREAS.items():
        if theirs == value:
            return ours
    reader.fault(f"{_FIELD}.area", "is no area", "未指明适用区域")
    return "registrar"


def _kinds(
    values: Iterable[entity_pb2.EntityKind.ValueType], reader: Reader
) -> frozenset[EntityKind]:
    given = set(values)
    known = {ours for ours, theirs in _KINDS.items() if theirs in given}
    if not known or len(known) != len(given):
        reader.fault(f"{_FIELD}.eligible_kinds", "are no kinds of entity", "适用主体类型有误")
    return frozenset(known)


def _outcome(value: premises_pb2.FindingOutcome.ValueType, reader: Reader) -> Outcome:
    for ours, theirs in _OUTCOMES.items():
        if theirs == value:
            return ours
    reader.fault(
        f"{_FIELD}.permit_outcome",
        "is neither WARN nor BLOCK",
        "涉及许可的处理只能是提示或不予备案",
    )
    return Outcome.BLOCK


def _number(policy: pb.ReviewPolicy, name: str, most: int, reader: Reader) -> int:
    value = int(getattr(policy, name))
    if value > most:
        reader.fault(f"{_FIELD}.{name}", f"is more than {most}", f"数值不能超过 {most}")
        return 0
    return value


def _texts(name: str, values: Iterable[str], reader: Reader) -> tuple[str, ...]:
    field, read = f"{_FIELD}.{name}", []
    for at, value in enumerate(values):
        if at >= MOST_ENTRIES:
            reader.fault(field, f"are more than {MOST_ENTRIES}", f"最多 {MOST_ENTRIES} 项")
            break
        read.append(reader.text(f"{field}[{at}]", value, LONGEST_TEXT, required=True))
    return tuple(dict.fromkeys(read))


def _negative_list(
    entries: Iterable[pb.NegativeEntry], reader: Reader
) -> tuple[NegativeEntry, ...]:
    read = []
    for at, entry in enumerate(entries):
        field = f"negative_list[{at}]"
        if at >= MOST_ENTRIES:
            reader.fault(f"{_FIELD}.negative_list", "are too many", f"最多 {MOST_ENTRIES} 项")
            break
        if not entry.items:
            reader.fault(f"{_FIELD}.{field}.items", "are missing", "负面清单未写明行业")
        texts = (
            reader.text(f"{_FIELD}.{field}.{name}", value, LONGEST_TEXT, required=needed)
            for name, value, needed in (
                ("area", entry.area, False),
                ("basis", entry.basis, True),
                ("regulator", entry.regulator, True),
            )
        )
        _require_place(f"{_FIELD}.{field}.area", entry.area, reader)
        read.append(NegativeEntry(_texts(f"{field}.items", entry.items, reader), *texts))
    return tuple(read)


def _buildings(
    buildings: Iterable[pb.ListedBuilding], reader: Reader
) -> tuple[ListedBuilding, ...]:
    read = []
    for at, building in enumerate(buildings):
        field = f"{_FIELD}.listed_buildings[{at}]"
        if at >= MOST_ENTRIES:
            reader.fault(f"{_FIELD}.listed_buildings", "are too many", f"最多 {MOST_ENTRIES} 项")
            break
        address = reader.text(f"{field}.address", building.address, LONGEST_TEXT, required=True)
        _require_place(f"{field}.address", building.address, reader, whole_unit=False)
        cause = reader.text(f"{field}.cause", building.cause, LONGEST_TEXT, required=True)
        read.append(ListedBuilding(address, cause))
    return tuple(read)


def _require_place(field: str, text: str, reader: Reader, *, whole_unit: bool = True) -> None:
    """Fault a place that no address of the city begins with, or that is a whole county or zone."""
    counties, zones, rest = split_units(text)
    if locate(text).outside or len(counties) > 1 or len(zones) > 1:
        reader.fault(field, "is no place of the city", "不是本市的一处地址或区域")
    elif not rest and not whole_unit:
        reader.fault(field, "is a whole unit", "须写到具体房屋，不能只写县（市、区）")


def choices_to_pb(policy: ReviewPolicy) -> pb.ReviewPolicy:
    """A policy and its version on the wire."""
    return pb.ReviewPolicy(
        name=f"reviewPolicies/{policy.version}",
        area=_AREAS[policy.area],
        eligible_kinds=sorted(_KINDS[kind] for kind in policy.eligible_kinds),
        pre_approval_items=policy.pre_approval_items,
        permit_items=policy.permit_items,
        permit_outcome=_OUTCOMES[policy.permit_outcome],
        negative_list=[
            pb.NegativeEntry(items=e.items, area=e.area, basis=e.basis, regulator=e.regulator)
            for e in policy.negative_list
        ],
        listed_buildings=[
            pb.ListedBuilding(address=b.address, cause=b.cause) for b in policy.listed_buildings
        ],
        most_entities_at_address=policy.most_entities_at_address,
        most_premises=policy.most_premises,
        least_tenancy_months=policy.least_tenancy_months,
        struck_months=policy.struck_months,
        unreachable_blocks=policy.unreachable_blocks,
        mark_mode=_MARK_MODES[policy.mark_mode],
        reissue=_REISSUES[policy.reissue],
    )


def policy_to_pb(enacted: EnactedPolicy, city: int) -> pb.ReviewPolicy:
    """A version as it was entered and confirmed, on the wire; `city` is the unit above all."""
    policy = choices_to_pb(enacted.policy)
    if enacted.unit != city:
        policy.ClearField("mark_mode")
        policy.ClearField("reissue")
    policy.unit = unit_name(enacted.unit)
    policy.effective_date.CopyFrom(date_to_pb(enacted.effective_date))
    policy.create_time.CopyFrom(time_to_pb(enacted.entered_at))
    policy.entered_by = f"staff/{enacted.entered_by}"
    policy.confirmed_by = f"staff/{enacted.confirmed_by}" if enacted.confirmed_by else ""
    return policy


def bar_to_pb(bar: PersonBar) -> pb.PersonBar:
    """A bar on the wire."""
    return pb.PersonBar(
        name=f"personBars/{bar.number}",
        person=bar.person,
        basis=bar.basis,
        from_date=date_to_pb(bar.from_date),
        until_date=date_to_pb(bar.until_date),
    )
