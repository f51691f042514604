"""`yizhao recovery`: what a restore from a backup lost and has to be entered again."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients.cli.asking import confirmed_name
from clients.cli.codes import named
from clients.cli.entity_arguments import ExpectedName
from clients.cli.own_unit import Unit, unit_of
from clients.cli.say import as_dict, plain, say, table, time_text, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import words_of
from clients.sdk import names

if TYPE_CHECKING:
    from yizhao.registry.v1 import recovery_pb2

app = typer.Typer()

STATUSES: Final = {
    "VALID": "有效",
    "INVALID": "未签发",
    "SUSPENDED": "歇业",
    "SUPERSEDED": "已换发",
    "REVOKED": "已吊销",
    "DEREGISTERED": "已注销",
    "ANNULLED": "已撤销",
    "LOST_VOID": "已挂失作废",
}


@app.command("list")
def list_items(
    context: typer.Context,
    unit: Unit = "",
    closed: Annotated[bool, typer.Option("--closed", help="Those that are closed, too.")] = False,
) -> None:
    """List documents whose state was lost: published before, and what the register says."""
    session = session_of(context)
    with session.registry() as registry:
        where = unit_of(session, registry, UnitNames(registry), unit)
        found = list(registry.admin.recovery_items(where, closed=closed))
    if session.as_json:
        write_json({"recovery_items": [as_dict(item) for item in found]})
        return
    table(
        f"恢复待办 {len(found)}",
        ("编号", "名称", "证照", "恢复前已公布", "恢复后", "办结"),
        [
            (
                names.short(item.name),
                item.business_name,
                item.document.split("/", 2)[2],
                _status(item.published_status),
                _status(item.restored_status),
                _closed(item),
            )
            for item in found
        ],
    )


@app.command()
def close(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="CODE/N, as `list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why the act is not repeated.")],
    name: ExpectedName = "",
) -> None:
    """Close one whose act is not to be repeated 办结: its document reads what the register says.

    An act that is entered again closes its items by itself.
    """
    session, resource = session_of(context), named(item, "recoveryItems")
    with session.registry() as registry:
        called = name
        if not called:
            entity = registry.entities.get(names.code_of(resource), "办结恢复待办")
            follows = "该证照即按登记簿现状显示"
            called = confirmed_name(
                "", entity.face.business_name, entity.uscc, "办结恢复待办", follows
            )
        answer = registry.admin.close_recovery_item(resource, called, reason)
    if session.as_json:
        write_message(answer)
    else:
        say(f"[green]✓[/] 已办结 closed: {plain(names.short(answer.name))}")


def _status(status: int) -> str:
    from yizhao.registry.v1 import recovery_pb2

    told = recovery_pb2.DocumentStatus.Name(status)  # type: ignore[arg-type] # as received
    return words_of(told, "DOCUMENT_STATUS", STATUSES)


def _closed(item: "recovery_pb2.RecoveryItem") -> str:
    if not item.close_time.seconds:
        return ""
    who = item.closed_by.removeprefix("staff/") or "系统"
    return f"{time_text(item.close_time)[:16]} {who} {item.reason or '已重新办理'}"
