"""The commands of `tashbik forum`: read, call the room, print. They take no decision about meetings."""

from __future__ import annotations

from pathlib import Path

import click

from tashbik.cli import output
from tashbik.cli.frame import EXISTING, json_option
from tashbik.cli.texts import locale_language, text


@click.group("forum", help=text("forum"))
def forum() -> None:
    """The group."""


@forum.command("schedule", help=text("forum.schedule"))
@click.argument("instance", type=EXISTING)
@click.option("--fairness", type=click.IntRange(0), default=2, show_default=True, help=text("opt.fairness"))
@click.option(
    "--time-limit", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help=text("opt.time_limit")
)
@json_option
def schedule(instance: Path, fairness: int, time_limit: float, as_json: bool) -> None:
    """Schedule meetings."""
    from tashbik.forum.event_json import answer_of
    from tashbik.forum.exact import solve
    from tashbik.forum.problem_files import read_problem

    event = read_problem(instance)
    found = solve(event, fairness=fairness, time_limit=time_limit)
    if as_json:
        output.print_json(answer_of(found))
        return
    for one in sorted(found.meetings, key=lambda one: (one.slot, one.table)):
        click.echo(
            f"{text('column.slot')} {one.slot:3}  {text('column.table')} {one.table:3}  "
            f"{text('column.meeting')} {one.meeting:4}  {event.meetings[one.meeting - 1].first}–{event.meetings[one.meeting - 1].second}"
        )
    status = {
        "optimal": text("forum-optimal", breaks=found.breaks, seconds=found.seconds),
        "feasible": text("forum-feasible", breaks=found.breaks, bound=found.bound, seconds=found.seconds),
        "infeasible": text("forum-infeasible", seconds=found.seconds),
        "unknown": text("forum-unknown", seconds=found.seconds),
    }
    click.echo(status[found.status])


@forum.command("check", help=text("forum.check"))
@click.argument("instance", type=EXISTING)
@click.argument("schedule", type=EXISTING)
@click.option("--fairness", type=click.IntRange(0), default=2, show_default=True, help=text("opt.fairness"))
@json_option
@click.pass_context
def check(context: click.Context, instance: Path, schedule: Path, fairness: int, as_json: bool) -> None:
    """Check a schedule."""
    from tashbik.forum.check import breaks, claims, violations
    from tashbik.forum.event_json import read_timetable
    from tashbik.forum.problem_files import read_problem
    from tashbik.forum.wording import violation_text

    event = read_problem(instance)
    answer = read_timetable(schedule)
    empty = answer.status in ("infeasible", "unknown") and not answer.meetings
    found = [] if empty else violations(event, answer.meetings, fairness=fairness)
    if not found:
        found = claims(event, answer)
    counted = None if empty or found else sum(breaks(event, answer.meetings))
    if as_json:
        rows = [
            {"kind": one.kind, **one.values, "message": violation_text(one, locale_language())} for one in found
        ]
        output.print_json({"sound": not found, "meetings": len(answer.meetings), "breaks": counted, "violations": rows})
    else:
        for one in found:
            click.echo(f"✕ {violation_text(one, locale_language())}")
        if found:
            click.echo(text("forum-violations", count=len(found)))
        else:
            click.echo(text("forum-sound", meetings=len(answer.meetings), breaks=counted or 0))
    if found:
        context.exit(1)
