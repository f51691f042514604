"""Purposes of which a business never learns that it was checked for them."""

from typing import Final

from license_verify.policy import POLICIES

CONFIDENTIAL: Final = sorted(each.purpose for each in POLICIES.values() if each.confidential)
