"""The refusal that stands for every way in which the database can be away."""

from registry_service.domain.errors import DatabaseUnavailable


def unavailable(error: BaseException) -> DatabaseUnavailable:
    """What callers are told; the cause is its class alone, since libpq's text names accounts."""
    return DatabaseUnavailable(
        "the register's database does not answer; nothing was changed, try again",
        zh="登记数据库暂时无法访问，未作任何更改，请稍后重试",
        cause=type(error).__name__,
    )
