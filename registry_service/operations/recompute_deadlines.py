"""Deadlines told before a year's holidays were known, counted again once they are."""

from registry_service.domain.working_days import CHINESE, WorkingCalendar, due
from registry_service.store.transaction import Store


def recompute_deadlines(store: Store, calendar: WorkingCalendar = CHINESE) -> int:
    """Count provisional deadlines again; done at every start, as a newer library comes with one.

    Args:
        store: the register.
        calendar: which days are worked.

    Returns:
        How many moved or became certain.

    Raises:
        DatabaseUnavailable: nothing was changed.
    """
    changed = 0
    with store.transaction() as tx:
        for row in tx.deadlines.provisional():
            deadline = due(row.due_from, row.days, calendar)
            if deadline.date != row.due or not deadline.provisional:
                tx.deadlines.put(row, deadline)
                changed += 1
    return changed
