"""What the rules of review say of a place (审查要点), filed or only asked about."""

from dataclasses import dataclass

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.months import add_months
from registry_service.domain.person import persons_of
from registry_service.domain.premises import (
    Document,
    FilingAct,
    FilingState,
    Finding,
    Premises,
    Site,
)
from registry_service.domain.review import Case, ReviewPolicy, review
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.places import filed_places

_REMOVAL_RULES = (1, 2)
"""A removal needs no papers and asks nothing of the place: only whether the entity can act."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for."""

    site: Site
    documents: tuple[Document, ...] = ()
    act: FilingAct = FilingAct.ADD
    target: Premises | None = None
    """The filed place that is changed or removed."""
    applicant: str = ""
    """Who signs; empty where nobody has come yet."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules found, and where it leads."""

    findings: tuple[Finding, ...]
    state: FilingState
    policy_version: str


def review_filing(act: Act, entity: Entity, asked: Asked) -> Review:
    """Run the rules that the act is subject to, under the policy in force at the home unit."""
    policy = act.policy_for(entity.registrar)
    findings, state = review(_case(act, entity, asked, policy))
    if asked.act is FilingAct.REMOVE:
        findings = tuple(f for f in findings if f.rule in _REMOVAL_RULES)
        state = FilingState.REJECTED if findings else FilingState.FILED
    return Review(findings, state, policy.version)


def check_filing(act: Act, code: str, asked: Asked) -> Review:
    """Run the rules on a place without filing it.

    Raises:
        RoleMissing: the caller is no official.
        EntityUnknown: no entity has or had the code.
    """
    authorise(act, ActName.CHECK_FILING)
    return review_filing(act, act.tx.entities.find(code), asked)


def _case(act: Act, entity: Entity, asked: Asked, policy: ReviewPolicy) -> Case:
    tx, place = act.tx, asked.site.address.normalised
    target = asked.target.number if asked.target else 0
    places = [each for each in filed_places(tx, entity.number) if each.number != target]
    own = {each.site.address.normalised for each in places}
    persons = [asked.applicant, *persons_of(entity.face.person)]
    return Case(
        entity=entity,
        site=asked.site,
        documents=asked.documents,
        own_addresses=frozenset(own | {entity.face.address.normalised}),
        units=act.units,
        policy=policy,
        today=act.today,
        marks=tx.marks.standing(entity.number, act.today),
        bars=tx.person_bars.in_force(persons, act.today),
        others_at_place=tx.places.others_at(place, entity.number, policy.most_entities_at_address),
        other_places=len(places),
        struck_there=tx.places.struck_since(place, add_months(act.today, -policy.struck_months)),
        adds=asked.target is None,
    )
