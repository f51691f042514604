"""A scope of the greatest length is read once and reviewed quickly, for every shop of a chain."""

import time
from dataclasses import replace
from itertools import islice, product

from license_verify import limits
from registry_service.domain.review.scope_rules import permit_across_units, scope_exceeds_entitys
from registry_service.domain.scope import covering, covers, parse_scope
from tests.unit.registry.cases import a_case, a_face, an_entity

_HAN = "一丁七万丈三上下与丑专且世丘丙业丛东丝"
_ITEMS = [f"{''.join(letters)}材料制品销售" for letters in islice(product(_HAN, repeat=3), 390)]
LONGEST = f"一般项目：{'；'.join(_ITEMS)}"


def test_the_longest_scope_is_reviewed_in_a_part_of_a_second() -> None:
    assert 3900 < len(LONGEST) <= limits.SCOPE_CHARACTERS
    place = a_case()
    case = replace(
        place,
        site=replace(place.site, scope=LONGEST),
        entity=an_entity(**a_face(scope=LONGEST)),
    )
    before = time.process_time()
    assert scope_exceeds_entitys(case) is None
    assert permit_across_units(case) is None
    assert time.process_time() - before < 1.0


def test_what_covers_an_item_alone_is_what_covers_it() -> None:
    scope = parse_scope("日用百货销售；食品销售（仅销售预包装食品）；五金、文具批发、零售；仓储")
    for item in parse_scope("日用百货零售；食品销售；文具批发；文具销售；仓储；机械制造"):
        assert covering(scope, item) == [each for each in scope if covers([each], item)]
