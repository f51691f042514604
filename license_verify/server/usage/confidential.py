"""Purposes of which a business never learns that it was checked for them."""

from typing import Final

from license_verify.policy import POLICIES

CONFIDENTIAL: Final = sorted(
    each.purpose
    for each in POLICIES.values()
    # A table without the mark keeps what inspectors look at to itself.
    if getattr(each, "confidential", each.purpose == "inspection")
)
