"""`yizhao partner`: who may check licences, for what, and how much 合作单位."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli import partner_certificates, partner_watch
from clients.cli.asking import ask, somebody_there
from clients.cli.dates import wire_date
from clients.cli.field_limits import INT32, INT64
from clients.cli.partner_tables import (
    show_act,
    show_acts,
    show_grants,
    show_partner,
    show_partners,
)
from clients.cli.say import as_dict, errors, plain, write_json, write_message
from clients.cli.session import Session, session_of

if TYPE_CHECKING:
    from clients.sdk import PartnerClient
    from yizhao.verify.v1 import partner_pb2

app = typer.Typer()
partner_certificates.add_to(app)
partner_watch.add_to(app)

Id = Annotated[
    str,
    typer.Argument(
        metavar="PARTNER",
        help="As icbank, or partners/icbank.",
        parser=lambda text: text.removeprefix("partners/"),
    ),
]
Reason = Annotated[str, typer.Option(help="Why 理由; kept with the act.")]
Expect = Annotated[
    str, typer.Option("--expect-name", help="What you believe it to be called 名称核对.")
]
Purpose = Annotated[str, typer.Argument(metavar="PURPOSE", help="As banking or telecom.")]
Rate = Annotated[
    int, typer.Option(min=0, max=INT32, help="Checks a second, of each process; 0: as it is.")
]
Burst = Annotated[
    int, typer.Option(min=0, max=INT32, help="Checks that may come at once; 0: as it is.")
]
AtOnce = Annotated[
    int, typer.Option(min=0, max=INT32, help="Calls worked on at once; 0: as it is.")
]
Day = Annotated[
    int, typer.Option("--day", min=0, max=INT64, help="Checks a day, all nodes; 0: as it is.")
]


@app.command("list")
def list_partners(context: typer.Context) -> None:
    """List partners 合作单位名单."""
    session = session_of(context)
    with session.partners() as partners:
        found = list(partners.list())
    if session.as_json:
        write_json({"partners": [as_dict(each) for each in found]})
    else:
        show_partners(found)


@app.command()
def show(context: typer.Context, partner: Id) -> None:
    """Show a partner with its grants 查询合作单位; a partner sees its own."""
    session, name = session_of(context), f"partners/{partner}"
    with session.partners() as partners:
        found, grants = partners.get(name), list(partners.grants(name))
    if session.as_json:
        write_json(as_dict(found) | {"grants": [as_dict(each) for each in grants]})
        return
    show_partner(found)
    show_grants(grants)


@app.command()
def enrol(
    context: typer.Context,
    partner: Id,
    title: Annotated[str, typer.Option(help="What people call it 单位名称.")],
    reason: Reason,
    rate: Rate = 0,
    burst: Burst = 0,
    at_once: AtOnce = 0,
    day: Day = 0,
) -> None:
    """Ask to enrol a partner 开通合作单位; the city confirms it."""
    from yizhao.verify.v1 import partner_pb2

    session = session_of(context)
    quota = partner_pb2.PartnerQuota(
        calls_per_second=rate, burst=burst, calls_at_once=at_once, checks_per_day=day
    )
    with session.partners() as partners:
        wish = partner_pb2.Partner(title=title, quota=quota)
        _act(session, partners.enrol(partner, wish, reason))


@app.command()
def grant(
    context: typer.Context,
    partner: Id,
    purpose: Purpose,
    reason: Reason,
    item: Annotated[
        list[str] | None, typer.Option(help="Face item it may see, as name; may be repeated.")
    ] = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="name, person or address; may be repeated.")
    ] = None,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day; open if absent.")] = "",
    expect: Expect = "",
) -> None:
    """Ask to let a partner check licences for a purpose 授予用途; a second person confirms it."""
    from yizhao.verify.v1 import partner_pb2

    session, name = session_of(context), f"partners/{partner}"
    wish = partner_pb2.Grant(
        purpose=purpose,
        items=item or [],
        claims=claim or [],
        from_date=wire_date(since, "--from") if since else None,
        until_date=wire_date(until, "--until") if until else None,
    )
    with session.partners() as partners:
        title = _expected(partners, name, expect, f"授予用途 {purpose}")
        _act(session, partners.grant(name, wish, title, reason))


@app.command("revoke-grant")
def revoke_grant(context: typer.Context, partner: Id, purpose: Purpose, reason: Reason) -> None:
    """Take a grant back at once 收回用途."""
    session = session_of(context)
    with session.partners() as partners:
        found = partners.revoke_grant(f"partners/{partner}/grants/{purpose}", reason)
    if session.as_json:
        write_message(found)
    else:
        show_grants([found])


@app.command()
def quota(
    context: typer.Context,
    partner: Id,
    reason: Reason,
    rate: Rate = 0,
    burst: Burst = 0,
    at_once: AtOnce = 0,
    day: Day = 0,
    title: Annotated[str, typer.Option(help="Give it another name 更改名称.")] = "",
    expect: Expect = "",
) -> None:
    """Change quotas or the name 调整限额; what is raised waits for the city."""
    from yizhao.verify.v1 import partner_pb2

    session, name = session_of(context), f"partners/{partner}"
    given = {
        "calls_per_second": rate,
        "burst": burst,
        "calls_at_once": at_once,
        "checks_per_day": day,
    }
    fields = [f"quota.{field}" for field, value in given.items() if value]
    if title:
        fields.append("title")
    if not fields:
        raise exits.Failure(
            "say what to change: --rate, --burst, --at-once, --day or --title",
            exit_code=exits.USAGE,
            zh="请填写要调整的限额或名称",
        )
    with session.partners() as partners:
        expected = _expected(partners, name, expect, "调整名称或限额")
        wish = partner_pb2.Partner(name=name, title=title, quota=partner_pb2.PartnerQuota(**given))
        _partner(session, partners.update(wish, fields, expected, reason))


@app.command()
def suspend(context: typer.Context, partner: Id, reason: Reason, expect: Expect = "") -> None:
    """Stop a partner's calls until it is resumed 暂停."""
    session, name = session_of(context), f"partners/{partner}"
    with session.partners() as partners:
        title = _expected(partners, name, expect, "暂停合作单位")
        _partner(session, partners.suspend(name, title, reason))


@app.command()
def resume(context: typer.Context, partner: Id, reason: Reason, expect: Expect = "") -> None:
    """Let a suspended partner call again 恢复."""
    session, name = session_of(context), f"partners/{partner}"
    with session.partners() as partners:
        title = _expected(partners, name, expect, "恢复合作单位")
        _partner(session, partners.resume(name, title, reason))


@app.command()
def end(context: typer.Context, partner: Id, reason: Reason, expect: Expect = "") -> None:
    """End a partner's enrolment for good 终止."""
    session, name = session_of(context), f"partners/{partner}"
    with session.partners() as partners:
        title = _expected(partners, name, expect, "终止合作单位，标识不再使用")
        _partner(session, partners.end(name, title, reason))


@app.command()
def acts(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="[PARTNER]", help="All if absent.")] = "-",
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait.")] = False,
) -> None:
    """List acts on partners, newest first 合作单位事项."""
    session = session_of(context)
    with session.partners() as partners:
        found = list(partners.acts(f"partners/{partner}", waiting_only=waiting))
    if session.as_json:
        write_json({"acts": [as_dict(each) for each in found]})
    else:
        show_acts(found)


Act = Annotated[str, typer.Argument(metavar="ACT", help="As partners/icbank/acts/1.")]


@app.command()
def confirm(context: typer.Context, act: Act, expect: Expect = "") -> None:
    """Confirm an act, which does it 复核. For another official than the one who asked."""
    session = session_of(context)
    with session.partners() as partners:
        title = expect or _typed(partners, act)
        _act(session, partners.confirm(act, title))


@app.command()
def refuse(context: typer.Context, act: Act, reason: Reason) -> None:
    """Turn an act down 不予通过."""
    session = session_of(context)
    with session.partners() as partners:
        _act(session, partners.refuse(act, reason))


@app.command()
def withdraw(context: typer.Context, act: Act, reason: Reason) -> None:
    """Take back an act that you asked for and nobody has confirmed 撤回."""
    session = session_of(context)
    with session.partners() as partners:
        _act(session, partners.withdraw(act, reason))


def _expected(partners: "PartnerClient", name: str, expect: str, follows: str) -> str:
    """What the partner is called, as given or typed after it was shown what follows.

    Raises:
        Failure: nobody is there to be asked, or they typed nothing.
    """
    if expect:
        return expect
    _require_somebody()
    errors().print(f"[bold yellow]即将办理：{plain(follows)}[/]  {plain(partners.get(name).title)}")
    return _title()


def _typed(partners: "PartnerClient", name: str) -> str:
    """As `_expected`, for an act that waits."""
    _require_somebody()
    parent = "/".join(name.split("/")[:2])
    found = next((each for each in partners.acts(parent) if each.name == name), None)
    if found is None:
        raise exits.Failure(f"there is no {name}", zh="没有该事项")
    show_act(found)
    return _title()


def _require_somebody() -> None:
    if not somebody_there():
        raise exits.Failure(
            "say what you believe the partner to be called: --expect-name TITLE",
            exit_code=exits.USAGE,
            zh="请用 --expect-name 填写单位名称",
        )


def _title() -> str:
    typed = ask("请输入单位名称以确认（直接回车取消）").strip()
    if not typed:
        raise exits.Failure("cancelled, nothing was done", zh="已取消，未办理")
    return typed


def _act(session: Session, act: "partner_pb2.PartnerAct") -> None:
    if session.as_json:
        write_message(act)
    else:
        show_act(act)


def _partner(session: Session, partner: "partner_pb2.Partner") -> None:
    if session.as_json:
        write_message(partner)
    else:
        show_partner(partner)
