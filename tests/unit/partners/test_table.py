"""The page of partners says what the table of authority says, and the table names every method."""

from pathlib import Path

from license_verify.server.partners.authority import TABLE, ActName
from yizhao.verify.v1 import partner_service_pb2

PAGE = Path(__file__).parents[3] / "docs" / "partners.md"


def test_every_act_has_one_row_and_is_a_method_of_the_contract() -> None:
    service = partner_service_pb2.DESCRIPTOR.services_by_name["PartnerService"]
    own = {act.method for act in ActName}
    assert set(TABLE) == set(ActName)
    assert own <= {method.name for method in service.methods}


def test_the_page_has_each_row() -> None:
    page = PAGE.read_text("utf-8")
    for name, rule in TABLE.items():
        who = [*([role.zh for role in rule.roles]), *(["合作单位本身"] if rule.own else [])]
        row = next(line for line in page.splitlines() if f"| `{name.method}` |" in line)
        assert row.startswith(f"| {rule.title} |")
        assert all(one in row for one in who)
        assert all(role.zh in row.split("|")[4] for role in rule.second) or rule.second == ()
        assert rule.why in row
