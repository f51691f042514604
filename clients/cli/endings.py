"""`yizhao entity …`: acts that are hard to undo, each confirmed by the name of the business."""

from typing import Annotated, Final

import typer

from clients.cli.asking import confirmed_name
from clients.cli.codes import read_code
from clients.cli.entity_arguments import Basis, Code, ExpectedName, told
from clients.cli.field_limits import UINT32
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Applicant, Channel, Identity, details

app = typer.Typer()

WAITS: Final = "已提请复核，尚未办理 asked: done once a second person confirms it"
_SECOND: Final = "须由另一人（登记科长）复核后才生效。"
_REVOKE: Final = f"执照和全部场所码随即显示“吊销”，备案冻结，不能再变更。{_SECOND}"
_DEREGISTER: Final = (
    "主体终止：执照和全部场所码随即显示“注销”，全部经营场所终止，未办结的备案撤回。立即生效。"
)
_ANNUL: Final = f"撤销设立登记：主体终止，执照和全部场所码显示“撤销”，全部经营场所终止。{_SECOND}"
_ANNUL_VERSION: Final = (
    f"撤销第 {{version}} 版的变更{{items}}，恢复为变更前的内容，并换发执照。{_SECOND}"
)
_REINSTATE: Final = (
    f"撤回此前的吊销、撤销或注销，执照恢复有效，随之终止的经营场所照原样恢复。{_SECOND}"
)


@app.command()
def revoke(context: typer.Context, basis: Basis, code: Code = "", name: ExpectedName = "") -> None:
    """Revoke the business licence 吊销, once a second person confirms it (`yizhao act`)."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "吊销")
        called = confirmed_name(
            name, before.face.business_name, before.uscc, "吊销营业执照", _REVOKE
        )
        entity = registry.entities.revoke(before, called, basis)
        told(session, entity, UnitNames(registry), WAITS)


@app.command()
def reinstate(
    context: typer.Context, basis: Basis, code: Code = "", name: ExpectedName = ""
) -> None:
    """Take a revocation, annulment or deregistration back 恢复, once confirmed (`yizhao act`)."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "恢复")
        called = confirmed_name(
            name, before.face.business_name, before.uscc, "恢复登记", _REINSTATE
        )
        entity = registry.entities.reinstate(before, called, basis)
        told(session, entity, UnitNames(registry), WAITS)


@app.command()
def deregister(
    context: typer.Context,
    code: Code = "",
    simple: Annotated[bool, typer.Option("--simple", help="简易注销, after its notice.")] = False,
    name: ExpectedName = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Deregister 注销: the end of the business and of all its places, at once."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "注销")
        title = "简易注销登记" if simple else "注销登记"
        called = confirmed_name(name, before.face.business_name, before.uscc, title, _DEREGISTER)
        visit = details(applicant or before.face.person, agent, identity, channel)
        entity = registry.lifecycles.deregister(before, called, visit, simple=simple)
        told(session, entity, UnitNames(registry), "已注销 deregistered")


@app.command()
def annul(
    context: typer.Context,
    basis: Basis,
    code: Code = "",
    version: Annotated[
        int, typer.Option(min=0, max=UINT32, help="The version to annul; 0: the establishment.")
    ] = 0,
    items: Annotated[
        str, typer.Option(metavar="ITEM,…", help="Only these of it, as person,address.")
    ] = "",
    name: ExpectedName = "",
) -> None:
    """Annul a fraudulent registration 撤销登记, whole or one version, once confirmed."""
    chosen = [item.strip() for item in items.replace("，", ",").split(",") if item.strip()]
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "撤销登记")
        only = f"中的 {'、'.join(chosen)}" if chosen else ""
        follows = _ANNUL_VERSION.format(version=version, items=only) if version else _ANNUL
        called = confirmed_name(name, before.face.business_name, before.uscc, "撤销登记", follows)
        entity = registry.lifecycles.annul(before, called, basis, version=version, items=chosen)
        told(session, entity, UnitNames(registry), WAITS)
