"""Who came to the counter, and how they were identified."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits

if TYPE_CHECKING:
    from yizhao.registry.v1 import application_pb2

Applicant = Annotated[str, typer.Option(help="Who applies 申请人; the face's person if absent.")]
Agent = Annotated[str, typer.Option(help="Who came for them 委托代理人.")]
Identity = Annotated[str, typer.Option(help="card 身份证, online 实名认证 or license 电子执照.")]
Channel = Annotated[str, typer.Option(help="counter 窗口, online 网上 or post 邮寄.")]

_IDENTITIES: Final = {
    "card": "IDENTITY_CHECK_CARD_AT_COUNTER",
    "online": "IDENTITY_CHECK_REAL_NAME_ONLINE",
    "license": "IDENTITY_CHECK_ELECTRONIC_LICENSE",
}
_CHANNELS: Final = {
    "counter": "CHANNEL_COUNTER",
    "online": "CHANNEL_ONLINE",
    "post": "CHANNEL_POST",
}


def details(
    applicant: str, agent: str, identity: str, channel: str
) -> "application_pb2.ApplicationDetails":
    """The visit as the contract has it.

    Raises:
        Failure: an unknown way of identification or channel.
    """
    from yizhao.registry.v1 import application_pb2

    if identity not in _IDENTITIES:
        raise exits.no_choice("--identity", identity, _IDENTITIES)
    if channel not in _CHANNELS:
        raise exits.no_choice("--channel", channel, _CHANNELS)
    return application_pb2.ApplicationDetails(
        applicant=applicant,
        agent=agent,
        identity_check=application_pb2.IdentityCheck.Value(_IDENTITIES[identity]),
        channel=application_pb2.Channel.Value(_CHANNELS[channel]),
    )
