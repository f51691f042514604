"""Services up, and a city of businesses imported."""

import sys
from pathlib import Path

from clients.cli.demo.play import Play
from clients.cli.say import say


def services_up(play: Play) -> None:
    """Everything on this machine, from an empty folder."""
    play.step("启动服务", "services up: PostgreSQL, certificates, registry, verifier")
    say("[bold green]$ yizhao up[/]")
    play.stage.start(_show)
    running = play.instance.running()
    play.expect(
        {"registry", "verify"} <= running.processes.keys(),
        "登记、核验服务均已就绪 registry and verifier serve",
    )


def import_entities(play: Play, csv: Path | None, entities: int) -> None:
    """A file of the provincial system: every row imported or rejected with a reason."""
    if csv is None:
        play.step(f"导入虚构城市（{entities:,} 户）", f"import an invented city of {entities:,}")
        csv = play.folder / "city.csv"
        play.run("sample", "--entities", str(entities), "--seed", "1", "--out", str(csv))
    else:
        play.step(f"导入文件 {csv.name}", "import the file named by DEMO_CSV")
    rejects = play.folder / "rejects.csv"
    sent = play.ask("--as", "0001", "import", "entities", str(csv), "--dry-run")
    play.expect(
        sent["new"] + sent["unchanged"] + sent["rejected"] + sent["quarantined"] == sent["rows"],
        f"试运行：每一行都有着落 a dry run accounts for each of {sent['rows']:,} rows",
    )
    play.run("--as", "0001", "import", "entities", str(csv), "--rejects", str(rejects))
    number = play.ask("--as", "0001", "import", "list")["import_runs"][0]["name"]
    run = number.removeprefix("importRuns/")
    play.tell("签收之前，登记簿里什么都没有 — nothing is on the register before it is signed off:")
    play.run("--as", "0103", "import", "sign-off", run)
    play.run("--as", "0900", "import", "sign-off", run, "--all")
    again = play.ask("--as", "0001", "import", "entities", str(csv))
    play.expect(
        again["new"] == 0 and again["unchanged"] == sent["new"] + sent["unchanged"] > 0,
        f"重复导入不改变任何数据 sent again nothing changes: {again['unchanged']:,} unchanged + "
        f"{again['rejected'] + again['quarantined']:,} told of = {again['rows']:,} rows",
    )
    told = all(each["reason"] and each["text"] for each in again["rejects"])
    play.expect(told, "退回的每一行都有原因和说明 each rejected row has its reason")
    play.tell("地址未写明县区的主体进入“管辖区域存疑”，不猜测 — unit unclear, never a guess:")
    unclear = play.run("--as", "0001", "entity", "list", "--unit", "-", "--limit", "8")
    play.expect("存疑" in unclear.output, "存在管辖存疑清单 the list of unclear units is there")


def _show(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
