"""Days by which something is to be done, and how much of it there is."""

from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text

from clients.cli.say import date_text, plain, say, styled

if TYPE_CHECKING:
    from google.type.date_pb2 import Date

    from yizhao.registry.v1 import application_service_pb2


def due_text(due: "Date", provisional: bool) -> str:
    """The day, and whether it may still move."""
    return date_text(due) + (" 暂定" if provisional else "") if due.year else ""


def due_cell(
    due: "Date", provisional: bool, today: date, *, waits: bool, done: bool = False
) -> Text:
    """The day, red and in words once it has passed, where it `waits`; empty once `done`."""
    text = due_text(due, provisional)
    if done:
        return Text("")
    if not waits or not due.year:
        return Text(text)
    left = (date(due.year, due.month, due.day) - today).days
    if left < 0:
        return styled(f"{text} 已逾期", "bold red")
    return styled(f"{text} 今日到期", "yellow") if left == 0 else Text(text)


def show_counts(counts: "application_service_pb2.QueueCounts", shown: int, title: str) -> None:
    """A line above a queue: how much waits, how much is late."""
    late = f"，[bold red]已逾期 {counts.overdue}[/]" if counts.overdue else ""
    today = f"，[yellow]今日到期 {counts.due_today}[/]" if counts.due_today else ""
    more = f"，显示前 {shown} 件（--limit）" if shown < counts.total else ""
    say(f"[bold]{plain(title)}[/] 共 {counts.total} 件{late}{today}{more}")
