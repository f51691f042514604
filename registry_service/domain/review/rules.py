"""The 24 rules of review 审查要点, one function each (domain.md §10)."""

from collections.abc import Callable
from typing import Final

from registry_service.domain.premises import Finding
from registry_service.domain.review import entity_rules, paper_rules, place_rules, scope_rules
from registry_service.domain.review.case import Case

Rule = Callable[[Case], Finding | None]
"""Pure; returns None to stay silent, never raises."""

RULES: Final[tuple[Rule, ...]] = (
    entity_rules.code_fails_check,
    entity_rules.entity_has_ended,
    entity_rules.entity_is_dormant,
    entity_rules.type_not_eligible,
    entity_rules.listed_as_unreachable,
    entity_rules.listed_otherwise,
    entity_rules.listed_for_serious_violation,
    place_rules.outside_area,
    place_rules.address_is_incomplete,
    place_rules.unit_is_unclear,
    place_rules.address_already_used,
    place_rules.too_many_entities,
    scope_rules.pre_approval_on_site,
    scope_rules.permit_across_units,
    scope_rules.scope_exceeds_entitys,
    place_rules.dwelling_without_consent,
    scope_rules.fumes_beside_dwellings,
    scope_rules.on_negative_list,
    place_rules.in_listed_building,
    paper_rules.commitment_not_signed,
    paper_rules.tenancy_too_short,
    entity_rules.above_maximum,
    entity_rules.person_is_barred,
    place_rules.struck_there,
)
"""In the order of their numbers."""
