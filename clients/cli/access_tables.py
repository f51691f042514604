"""Tables of the access record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clients.cli.say import say_if_more, table, time_text
from clients.cli.words import CHANNELS_OF_ACCESS, SHOWN, name_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import access_pb2


def show_accesses(found: Sequence["access_pb2.Access"], limit: int) -> None:
    """Reads, a line each."""
    table(
        f"查阅记录 {len(found)}",
        ("时间", "何人", "途径", "查阅对象", "内容", "事由", "案号"),
        [
            (
                time_text(access.read_time),
                _who(access),
                _channel(access),
                _whose(access),
                "、".join(SHOWN.get(field, field) for field in access.fields) or access.method,
                access.basis,
                access.case_number,
            )
            for access in found
        ],
    )
    say_if_more(len(found), limit)


def _who(access: "access_pb2.Access") -> str:
    """The person, or the service."""
    if access.person:
        return f"{access.person_name} {access.person.removeprefix('staff/')}".strip()
    return "/".join(access.workload.split("/")[3:]) or "系统 system"


def _channel(access: "access_pb2.Access") -> str:
    from yizhao.registry.v1 import access_pb2

    return CHANNELS_OF_ACCESS.get(
        name_of(access_pb2.AccessChannel.Name(access.channel), "ACCESS_CHANNEL"), ""
    )


def _whose(access: "access_pb2.Access") -> str:
    if access.about:
        return f"{access.about.removeprefix('staff/')} 的查阅记录"
    return f"{access.entity.removeprefix('entities/')} {access.business_name}".strip()
