"""Root keys whose secret half everybody has, and where alone they may be pinned."""

from collections.abc import Mapping, Sequence
from typing import Final

from license_verify.refusal import Kind, Refusal
from license_verify.token import cose

PUBLIC_ROOTS: Final[Mapping[bytes, str]] = {
    bytes.fromhex(
        "394442eac6b7a3715c39aa9032d2a88e67ce2574ff41c815b0dc9c04f54bfbcc"
    ): "integrators",
}
"""COSE Key Thumbprint → the one environment in which it may be pinned."""


class RootIsPublic(Refusal, ValueError):
    """The pinned root's secret key is published: whoever likes could sign with it."""

    kind = Kind.INVALID
    reason = "ROOT_IS_PUBLIC"


def refuse_public_roots(roots: Sequence[cose.PublicKey], environment: str) -> None:
    """Refuse to pin a published key outside its environment.

    A trust list says of itself of which environment it is, so that alone would keep nobody out.

    Raises:
        RootIsPublic: one is pinned elsewhere.
    """
    for root in roots:
        its_own = PUBLIC_ROOTS.get(cose.thumbprint(root), environment)
        if its_own != environment:
            raise RootIsPublic(
                f"this root key is published, for the environment {its_own} alone; "
                f"{environment} pins its own",
                zh="该根密钥是公开的测试密钥，不能用于此环境",
                environment=environment,
                its_own=its_own,
            )
