"""Tables of keys, hosts and acts on them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.say import plain, say, table, time_text
from clients.cli.words import words_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import key_pb2

_USES: Final = {
    "ROOT": "根 root",
    "TOKEN": "证照 token",
    "STATUS": "状态 status",
    "PUBLICATION": "公布 publication",
    "STATEMENT": "场所清单 statement",
    "RECEIPT": "核验凭据 receipt",
}
_STATES: Final = {
    "NEXT": "待启用",
    "ACTIVE": "使用中",
    "RETIRED": "已停用",
    "DISTRUSTED": "不可信",
}
_ACT_STATES: Final = {
    "WAITING": "待复核",
    "DONE": "已办理",
    "REFUSED": "未通过",
    "LAPSED": "已失效",
}
ACTS: Final = {
    "create_key": "生成密钥",
    "activate_key": "启用密钥",
    "retire_key": "停用密钥",
    "distrust_key": "宣布密钥不可信",
    "add_host": "增加核验域名",
    "retire_host": "停用核验域名",
}


def show_keys(found: "key_pb2.ListKeysResponse") -> None:
    """Keys and hosts, and whether the root has to sign."""
    from yizhao.registry.v1 import key_pb2

    table(
        f"密钥 {len(found.keys)}",
        ("编号", "用途", "状态", "生成", "公布", "可启用", "启用", "签名有效至"),
        [
            (
                key.name.removeprefix("keys/"),
                words_of(key_pb2.KeyUse.Name(key.use), "KEY_USE", _USES),
                words_of(key_pb2.KeyState.Name(key.state), "KEY_STATE", _STATES),
                time_text(key.create_time),
                time_text(key.announce_time),
                time_text(key.ready_time) if key.state == key_pb2.KEY_STATE_NEXT else "",
                time_text(key.activate_time),
                time_text(key.until_time),
            )
            for key in found.keys
        ],
    )
    table(
        f"核验域名 {len(found.hosts)}",
        ("域名", "自", "至", "现以此签发"),
        [
            (
                host.host,
                time_text(host.from_time),
                time_text(host.until_time),
                "是" if host.issuing else "",
            )
            for host in found.hosts
        ],
    )
    say(f"信任列表第 {found.trust_version} 版 trust list {found.trust_version}")
    if found.ceremony_due:
        say("[yellow]有变动尚未公布，须由根密钥签署：yizhao keys ceremony draft --out FILE[/]")


def show_key_acts(found: "Sequence[key_pb2.KeyAct]") -> None:
    """Acts, a line each."""
    from yizhao.registry.v1 import key_pb2

    table(
        f"密钥事项 {len(found)}",
        ("事项", "办理", "对象", "理由", "影响", "状态", "提出", "复核"),
        [
            (
                act.name.removeprefix("keyActs/"),
                ACTS.get(act.act, act.act) + ("（提前）" if act.early else ""),
                act.subject,
                act.reason,
                f"{act.affected_count} 份失效" if act.affected_count else "",
                words_of(key_pb2.KeyActState.Name(act.state), "KEY_ACT_STATE", _ACT_STATES),
                f"{act.asked_by.removeprefix('staff/')} {time_text(act.create_time)[:16]}",
                " ".join((act.answered_by.removeprefix("staff/"), act.answer)).strip(),
            )
            for act in found
        ],
    )


def show_key_act(act: "key_pb2.KeyAct") -> None:
    """What became of an act, and what comes next."""
    from yizhao.registry.v1 import key_pb2

    number, title = act.name.removeprefix("keyActs/"), ACTS.get(act.act, act.act)
    if act.state == key_pb2.KEY_ACT_STATE_WAITING:
        say(f"[green]✓[/] 已提出 asked: {plain(title)} {plain(act.subject)}")
        if act.affected_count:
            say(f"  [bold red]{act.affected_count} 份在用证照或清单将因此失效，须重新签发[/]")
        say(f"  须由另一名密钥保管员复核 to be confirmed: yizhao keys confirm {plain(number)}")
    elif act.state == key_pb2.KEY_ACT_STATE_REFUSED:
        say(f"[yellow]✗[/] 未通过 turned down: {plain(title)} {plain(act.subject)}")
    else:
        made = act.key.removeprefix("keys/")
        say(f"[green]✓[/] 已办理 done: {plain(title)} {plain(made or act.subject)}")
