"""The registry: its services over one channel."""

from typing import Self

import grpc

from clients.sdk.admin import Admin
from clients.sdk.applications import Applications
from clients.sdk.caller import NO_PURPOSE, Caller, Purpose
from clients.sdk.channel import open_channel
from clients.sdk.closing import Closing
from clients.sdk.copies import Copies
from clients.sdk.entities import Entities
from clients.sdk.feed import Feed
from clients.sdk.filings import Filings
from clients.sdk.handovers import Handovers
from clients.sdk.imports import Imports
from clients.sdk.keys import Keys
from clients.sdk.licenses import Licenses, Publication
from clients.sdk.lifecycles import Lifecycles
from clients.sdk.mass import MassRuns
from clients.sdk.places import Places
from clients.sdk.policies import Policies
from clients.sdk.standing import Standing
from license_verify.rpc.tls import TlsFiles


class RegistryClient(Closing):
    """Everything one workload or person does at the registry.

    >>> with RegistryClient.open("127.0.0.1:40123", identity) as registry:  # doctest: +SKIP
    ...     registry.entities.get("91370811MAJN000108").face.business_name
    """

    def __init__(
        self,
        channel: grpc.Channel,
        timeout_seconds: float = 20.0,
        feed_channel: grpc.Channel | None = None,
        purpose: Purpose = NO_PURPOSE,
    ) -> None:
        """Wire the services.

        Args:
            channel: to the registry.
            timeout_seconds: for each call.
            feed_channel: for streams, without gRPC's own retries; else they use `channel`.
            purpose: why this client looks at what it reads.
        """
        caller = Caller("the registry", timeout_seconds, purpose)
        self._channels = [channel] if feed_channel is None else [channel, feed_channel]
        self.entities = Entities(channel, caller)
        self.lifecycles = Lifecycles(channel, caller)
        self.standing = Standing(channel, caller)
        self.applications = Applications(channel, caller)
        self.filings = Filings(channel, caller)
        self.places = Places(channel, caller)
        self.handovers = Handovers(channel, caller)
        self.licenses = Licenses(channel, caller)
        self.copies = Copies(channel, caller)
        self.publication = Publication(channel, caller)
        self.admin = Admin(channel, caller)
        self.imports = Imports(channel, caller)
        self.mass = MassRuns(channel, caller)
        self.policies = Policies(channel, caller)
        self.keys = Keys(channel, caller)
        self.feed = Feed(feed_channel or channel, caller)

    @classmethod
    def open(
        cls,
        address: str,
        identity: TlsFiles,
        timeout_seconds: float = 20.0,
        purpose: Purpose = NO_PURPOSE,
    ) -> Self:
        """Connect to `host:port`; the connection is made at the first call."""
        streams = open_channel(address, identity, retries=False)
        return cls(open_channel(address, identity), timeout_seconds, streams, purpose)

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels:
            channel.close()
