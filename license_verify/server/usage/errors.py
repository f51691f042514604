"""Refusals of UsageService."""

from license_verify.refusal import Kind, Refusal


class UsageNotYours(Refusal):
    """Another's usage or receipts were asked for, and the caller is not the city."""

    kind = Kind.DENIED
    reason = "USAGE_NOT_YOURS"


class ReceiptUnknown(Refusal):
    """No receipt of that name is there for this caller."""

    kind = Kind.NOT_FOUND
    reason = "RECEIPT_UNKNOWN"


class BusinessUnknown(Refusal):
    """The registry knows no business of that code."""

    kind = Kind.NOT_FOUND
    reason = "BUSINESS_UNKNOWN"


class RegisterUnavailable(Refusal):
    """The registry did not say which unit registers a business."""

    kind = Kind.UNAVAILABLE
    reason = "REGISTER_UNAVAILABLE"


def not_yours(whose: str, role: str) -> UsageNotYours:
    """Of another's usage."""
    return UsageNotYours(
        f"{whose} is not the caller's own; the role {role} may read it",
        zh="只能查询本单位的核验用量和凭据",
        role=role,
    )


def receipt_unknown(name: str) -> ReceiptUnknown:
    """There is none, or it is another's: the caller is not told which."""
    return ReceiptUnknown(
        f"there is no {name} of yours; one that was just made is there within a second",
        zh=f"没有您可以查阅的核验凭据 {name}；刚刚核验的，稍候即可查到",
        receipt=name,
    )


def not_registrar(uscc: str) -> UsageNotYours:
    """Of a business of another unit."""
    return UsageNotYours(
        f"the checks of {uscc} are read by registrars of the unit that registers it",
        zh="仅登记机关所属登记人员可以查询该主体的被核验记录",
        role="registrar",
        uscc=uscc,
    )


def business_unknown(code: str) -> BusinessUnknown:
    """Of a code that no business has or had."""
    return BusinessUnknown(
        f"the registry knows no business that has or had the code {code}",
        zh=f"登记系统中没有代码为 {code} 的主体",
        code=code,
    )


def register_unavailable(cause: str) -> RegisterUnavailable:
    """Of a registry that does not answer."""
    return RegisterUnavailable(
        f"the registry, which knows whose business it is, does not answer ({cause}); try again",
        zh="登记系统暂时无法访问，不能确认该主体的登记机关，请稍后重试",
        cause=cause,
    )
