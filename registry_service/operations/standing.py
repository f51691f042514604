"""What a person may do today, told to services of ours that officials call."""

from dataclasses import replace

from registry_service.domain.staff import Staff
from registry_service.operations.act import Act


def standing_today(act: Act, workload: str, number: str) -> Staff:
    """A person with the roles in force today.

    Args:
        act: of the service that asks.
        workload: SPIFFE id by which the person called it.
        number: the person's.

    Returns:
        Without any role and disabled, where nobody has the number or the workload is disabled.
    """
    standing = act.tx.staff.standing(workload, number)
    staff = standing.staff
    if staff is None or staff.disabled or standing.barred:
        return Staff(number, staff.person_name if staff else "", (), disabled=True)
    held = tuple(each for each in staff.assignments if each.holds_on(act.today))
    return replace(staff, assignments=held)
