"""What a recovery did, as JSON and as sentences."""

from typing import Any

from registry_service.operations.recover import Recovered


def told(done: Recovered) -> dict[str, Any]:
    """As JSON has it."""
    jump = done.recovery.jump
    return {
        "recovered": done.edition is not None,
        "epoch": jump.epoch,
        "recovered_at": done.recovery.recovered_at.isoformat(timespec="seconds"),
        "database_manifest": done.recovery.database_seq,
        "published_manifest": done.recovery.published_seq,
        "next": {
            "manifest": jump.seq + 1,
            "trust_list": jump.trust_version,
            "status_list": jump.list_no,
            "feed_number": jump.feed_no + 1,
            "receipt": jump.sequence + 1,
            "number_below_an_entity": jump.number,
        },
        "trust_list_signed": done.trust_signed,
        "lost_feed_numbers": {
            "after": done.recovery.feed_before,
            "up_to": jump.feed_no,
        },
        "acts_to_enter_again": done.items,
        "lost_documents": {status.name: count for status, count in sorted(done.lost.items())},
    }


def sentences(said: dict[str, Any]) -> list[str]:
    """For people, Chinese and English: what `told` says, or that only the file was written."""
    if "adopted" in said:
        return [
            f"已记录发布进度：第 {said['adopted']} 号清单 noted in {said['file']}: the database was"
            " not restored"
        ]
    head = (
        f"已恢复，进入第 {said['epoch']} 期 recovered, epoch {said['epoch']}"
        if said["recovered"]
        else f"此前已恢复（{said['recovered_at']}），未作更改 recovered before, nothing changed"
    )
    onward, lost = said["next"], said["lost_documents"]
    statuses = "".join(f" · {name} {count}" for name, count in lost.items())
    lines = [
        head,
        f"  清单 manifests: 数据库 database {said['database_manifest']},"
        f" 已发布 published {said['published_manifest']}",
        "  编号续接 numbers go on with"
        f" 清单 manifest {onward['manifest']} · 信任列表 trust list {onward['trust_list']}"
        f" · 状态列表 status list {onward['status_list']} · 事件 event {onward['feed_number']}"
        f" · 受理编号 receipt {onward['receipt']}"
        f" · 主体内编号 below an entity {onward['number_below_an_entity']}",
        "  须重新办理的证照状态 documents whose state has to be entered again:"
        f" {said['acts_to_enter_again']}",
        "  已签发而库中没有的证照（一律无效，须重新签发）"
        " documents issued and lost, which read INVALID:"
        f" {sum(lost.values())}{statuses}",
    ]
    if not said["trust_list_signed"]:
        lines.append(
            "  根密钥不在本机，沿用已发布的信任列表"
            " the root's key is not here: the published trust list goes on"
        )
    return lines
