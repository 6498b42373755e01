"""This module owns the commands ``plan`` and ``matrix``."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transcaspian.cli import options as shared

if TYPE_CHECKING:
    from transcaspian.results.itinerary import Plan


def plan(
    origin: Annotated[
        str, typer.Argument(help="Place by any name, UN/LOCODE or id, or 'lat,lon' within 500 km of one.")
    ],
    destination: Annotated[
        str, typer.Argument(help="Place by any name, UN/LOCODE or id, or 'lat,lon' within 500 km of one.")
    ],
    cargo: shared.Cargo,
    commodity: shared.Goods,
    depart: shared.Depart,
    tonnes: Annotated[
        float | None, typer.Option("--tonnes", help="Net tonnes in one load unit; by default what is usual.")
    ] = None,
    prefer: Annotated[str, typer.Option("--prefer", help="value, fast, cheap, green or sure.")] = "value",
    value_of_time: Annotated[
        float | None, typer.Option("--value-of-time", help="EUR per tonne and day; by default the commodity's.")
    ] = None,
    owner: shared.Owner = "carrier",
    latest: Annotated[
        str | None,
        typer.Option(
            "--latest", help="Day (to its end) or moment by which it is expected there, local to the destination."
        ),
    ] = None,
    avoid: shared.Avoid = None,
    require: shared.Require = None,
    without: shared.Without = None,
    scenario: shared.ScenarioOption = None,
    conditions: Annotated[
        Path | None, typer.Option("--conditions", help="Flows (a folder of `assign --out`) whose waits hold.")
    ] = None,
    most: Annotated[int, typer.Option("--most", help="Ways to show at most.")] = 10,
    show: Annotated[int, typer.Option("--show", help="Way whose chain is printed.")] = 1,
    draws: Annotated[
        int, typer.Option("--draws", help="Travels drawn for P50 and P90; 0 for expected times alone.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 1,
    why: Annotated[
        bool, typer.Option("--why", help="Also list the missing values that were filled from defaults.")
    ] = False,
    data: shared.Data = None,
    as_json: shared.AsJson = False,
    as_csv: shared.AsCsv = False,
) -> None:
    """Plan a shipment door to door: when, at what cost, how surely, with how much CO2e, past which borders."""
    from transcaspian.errors import Problem, RequestError
    from transcaspian.io import load
    from transcaspian.model.rules import WAYS
    from transcaspian.study import plan as use_case

    corridor = load(data, WAYS)
    if conditions is not None:
        from transcaspian.io.flows import read_flows
        from transcaspian.model.spelling import plain
        from transcaspian.study.conditions import under
        from transcaspian.study.data import called

        good = next((key for table, key in called(corridor).get(plain(commodity), []) if table == "commodities"), "")
        corridor = under(corridor, read_flows(conditions), good or commodity)
    answer = use_case.plan(
        corridor, origin, destination, cargo=cargo, commodity=commodity, depart=depart, tonnes=tonnes, prefer=prefer,
        value_of_time=value_of_time, owner=owner, latest=latest, avoid=avoid or (), require=require or (),
        without=without or (), scenario=scenario, most=most, draws=draws, seed=seed,
    )  # fmt: skip
    if not 1 <= show <= len(answer.itineraries):
        raise RequestError([Problem("request", "", "show", str(show), f"1 to {len(answer.itineraries)}")])
    if why and as_csv:
        right = "--why as text or with --json: a table of ways has no place for it"
        raise RequestError([Problem("request", "", "why", "--csv", right)])
    if why:
        answer = use_case.why(corridor, answer)
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer))
    elif as_csv:
        _csv(answer)
    else:
        from transcaspian.report.plan import plan_text

        print(plan_text(answer, show))


def _csv(answer: "Plan") -> None:
    table = answer.to_rows()
    writer = csv.DictWriter(sys.stdout, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)


def matrix(
    depart: shared.Depart,
    cargo: shared.Cargo = "1x40HC",
    commodity: shared.Goods = "general",
    owner: shared.Owner = "carrier",
    avoid: shared.Avoid = None,
    without: shared.Without = None,
    scenario: shared.ScenarioOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="File to write: .csv or .parquet.")] = None,
    data: shared.Data = None,
    as_json: shared.AsJson = False,
) -> None:
    """Least hours and least price between all places."""
    shared.check_outputs(out)
    from transcaspian.io import load
    from transcaspian.model.rules import WAYS
    from transcaspian.study import plan as use_case

    answer = use_case.matrix(
        load(data, WAYS),
        depart=depart,
        cargo=cargo,
        commodity=commodity,
        owner=owner,
        avoid=avoid or (),
        without=without or (),
        scenario=scenario,
    )
    if out is not None:
        use_case.write_matrix(answer, out)
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer))
    elif out is not None:
        print(f"{answer.summary}: written to {out}")
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("origin", "destination", "hours", "eur"))
        writer.writerows((a, b, f"{h:.1f}", f"{p:.2f}") for a, b, h, p in answer.rows())
