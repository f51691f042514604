"""Pages of `docs/` that are made from tables in the code, so that they can't say otherwise.

`python -m registry_service.pages` writes them, `--check` fails if one differs.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from typing import Final

from registry_service.domain.authority import TABLE, ActName, Grant, Scope
from registry_service.domain.staff import Role
from registry_service.lifecycle_page import lifecycle_page
from registry_service.purposes_page import purposes_page
from registry_service.reasons_page import reasons_page
from yizhao.registry.v1 import (
    admin_service_pb2,
    application_service_pb2,
    entity_service_pb2,
    license_service_pb2,
    premises_service_pb2,
)

FOLDER: Final = Path(__file__).parent.parent / "docs"
_SERVICES: Final = (
    ("主体登记", entity_service_pb2, "EntityService"),
    ("申请受理", application_service_pb2, "ApplicationService"),
    ("经营场所", premises_service_pb2, "PremisesService"),
    ("执照", license_service_pb2, "LicenseService"),
    ("管理", admin_service_pb2, "AdminService"),
)
_HEAD: Final = """\
<!-- Made by `make docs` from registry_service/domain/authority.py; edit that. -->
# 谁可以做什么 Who may do what

每项业务由谁办理、代表哪个单位办理、是否须由第二人复核，都以此表为准；登记系统只在一处按此表执行，\
并有测试逐格核对。人员的角色和单位以人员名册为准，按起止日期生效，停用即失效；一人可兼多个角色。

Every act, the roles that may do it, for which unit, and who has to confirm it. The registry
enforces this table in one place, and a test tries every cell.

**第二人复核**：标有复核人的业务，经办人提出后并不立即办理，只生成一件待复核事项；复核人核对主体名称并确认后，\
系统才以经办人的名义办理，并记下两人姓名。经办人不能复核自己提出的事项。本单位没有其他登记科长的，\
由市级管理员复核；两者都没有的，不能提出。5 个工作日内无人复核，或者其间主体的名称、登记机关、\
状态有变化的，事项即失效，须重新提出。审查政策另由 `ConfirmReviewPolicy` 确认。

An act with a second person waits. It is done as the first person's once the second confirms it by
the entity's name.
"""


def authority_page() -> str:
    """`docs/authority.md`."""
    parts = [_HEAD]
    for title, module, service in _SERVICES:
        methods = module.DESCRIPTOR.services_by_name[service].methods
        acts = [act for method in methods for act in _acts(method.name)]
        parts.append(f"\n## {title} {service}\n\n{_rows(acts)}")
    parts.append("\n## 按角色 By role\n\n")
    parts += [_of_role(role) for role in Role]
    return "".join(parts)


def _acts(method: str) -> list[ActName]:
    return [act for act in ActName if act.method == method]


def _rows(acts: Iterable[ActName]) -> str:
    lines = ["| 业务 | RPC | 办理人 | 复核人 | 理由 |", "|---|---|---|---|---|"]
    for act in acts:
        rule = TABLE[act]
        who = _instead(rule.grants) if act is ActName.CONFIRM_ACT else _grants(rule.grants)
        second = _instead(rule.second) if rule.second else "—"
        lines.append(f"| {act.zh} | `{act.method}` | {who} | {second} | {rule.why} |")
    return "\n".join(lines) + "\n"


def _grants(grants: Iterable[Grant]) -> str:
    """As `登记员、登记科长（主体的登记机关）`."""
    found = list(grants)
    if {grant.role for grant in found} == set(Role):
        return "全体在岗工作人员"
    return "；".join(
        f"{'、'.join(grant.role.zh for grant in same)}（{scope.zh}）"
        for scope, same in groupby(found, key=lambda grant: grant.scope)
    )


def _instead(grants: Iterable[Grant]) -> str:
    """Grants of which each counts only while nobody else holds one before it."""
    return "；没有的，".join(_grants([grant]) for grant in grants)


def _of_role(role: Role) -> str:
    does = [
        act.zh
        for act, rule in TABLE.items()
        if any(grant.role is role and not _everybody(rule.grants) for grant in rule.grants)
    ]
    return f"* **{role.zh}** `{role}`：{'、'.join(does) or '只能查阅'}\n"


def _everybody(grants: Iterable[Grant]) -> bool:
    return {(grant.role, grant.scope) for grant in grants} == {(r, Scope.ANYWHERE) for r in Role}


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "authority.md": authority_page,
    "lifecycle.md": lifecycle_page,
    "purposes.md": purposes_page,
    "reasons.md": reasons_page,
}
"""File in `docs/`, and what makes its text."""


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them; 1 if one differs."""
    differs = False
    for name, make in PAGES.items():
        file, text = FOLDER / name, make()
        if arguments != ["--check"]:
            file.write_text(text, "utf-8")
            continue
        written = file.read_text("utf-8") if file.exists() else ""
        before, after = written.splitlines(keepends=True), text.splitlines(keepends=True)
        sys.stdout.writelines(unified_diff(before, after, name, "tables"))
        differs = differs or written != text
    return int(differs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
