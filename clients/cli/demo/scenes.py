"""The steps in their order."""

from pathlib import Path

from clients.cli.demo import after, checking, city, copies, counter, partners
from clients.cli.demo.play import Play
from clients.cli.say import plain, say


def play_all(play: Play, csv: Path | None, entities: int) -> None:
    """Play everything.

    Raises:
        Unmet: at the first expectation that does not hold.
    """
    city.services_up(play)
    city.import_entities(play, csv, entities)
    firm = counter.subject(play, csv)
    counter.foreign_registrar(play, csv)
    counter.city_company(play)
    counter.filings(play, firm)
    counter.blocked_filing(play, firm)
    counter.handovers(play, firm)
    prints = checking.issue(play, firm)
    checking.offline(play, firm, prints)
    checking.by_rpc(play, firm, prints)
    checking.by_page(play, prints)
    partners.sees_what_was_granted(play, prints)
    partners.receipt(play, firm, prints)
    partners.usage(play, firm, prints)
    copies.print_and_lose(play, firm)
    copies.statement(play, firm)
    after.change_person(play, firm, prints)
    after.revoke(play, firm, prints)
    after.reinstate(play, firm, prints)
    after.old_bundle(play, prints)
    after.who_did_what(play, firm)
    after.recheck(play)
    _end(play)


def _end(play: Play) -> None:
    play.step("结束", "the end")
    seconds = play.seconds()
    play.tell(f"全程 {seconds:.0f} 秒 — the whole in {seconds:.0f} s")
    say(f"[bold green]全部符合预期 all {play.met} expectations held[/]")
    say(f"[dim]{plain(str(play.folder))}: 图片、离线包和日志 pictures, bundle and logs[/]")
