"""The commands of `tashbik forum`: read, call the room, print. They take no decision about meetings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tashbik.cli import output
from tashbik.cli.frame import EXISTING, json_option
from tashbik.cli.texts import locale_language, text
from tashbik.errors import InputError

if TYPE_CHECKING:
    from tashbik.forum import Event, Forum, Plan, Timetable, Violation

FAIRNESS = click.option("--fairness", type=click.IntRange(0), default=2, show_default=True, help=text("opt.fairness"))


F = TypeVar("F", bound=Callable[..., Any])


def time_limit_option(default: float) -> Callable[[F], F]:
    """`--time-limit`."""
    seconds = click.FloatRange(0, min_open=True)
    return click.option("--time-limit", type=seconds, default=default, show_default=True, help=text("opt.time_limit"))


@click.group("forum", help=text("forum"))
def forum() -> None:
    """The group."""


@forum.command("schedule", help=text("forum.schedule"))
@click.argument("instance", type=EXISTING)
@FAIRNESS
@time_limit_option(60.0)
@json_option
def schedule(instance: Path, fairness: int, time_limit: float, as_json: bool) -> None:
    """Schedule meetings."""
    from tashbik.forum.event import Event
    from tashbik.forum.problem_files import read_problem

    problem = read_problem(instance)
    if isinstance(problem, Event):
        _schedule_event(problem, fairness, time_limit, as_json)
    else:
        _schedule_forum(problem, time_limit, as_json)


def _schedule_event(event: Event, fairness: int, time_limit: float, as_json: bool) -> None:
    from tashbik.forum.event_json import answer_of
    from tashbik.forum.exact import solve

    found = solve(event, fairness=fairness, time_limit=time_limit)
    if as_json:
        output.print_json(answer_of(found))
        return
    for one in sorted(found.meetings, key=lambda one: (one.slot, one.table)):
        first, second = event.meetings[one.meeting - 1].pair
        _print_row(one.slot, one.table, f"{one.meeting:4}  {first}–{second}")
    click.echo(_summary(found))


def _print_row(slot: object, table: object, meeting: str) -> None:
    click.echo(
        f"{text('column.slot')} {slot:>3}  {text('column.table')} {table:>3}  {text('column.meeting')} {meeting}"
    )


def _summary(found: Timetable) -> str:
    match found.status:
        case "optimal":
            return text("forum-optimal", breaks=found.breaks, seconds=found.seconds)
        case "feasible":
            return text("forum-feasible", breaks=found.breaks, bound=found.bound, seconds=found.seconds)
        case "infeasible":
            return text("forum-infeasible", seconds=found.seconds)
        case _:
            return text("forum-unknown", seconds=found.seconds)


def _schedule_forum(problem: Forum, time_limit: float, as_json: bool) -> None:
    from tashbik.forum.planning import plan

    found = plan(problem, time_limit=time_limit)
    if as_json:
        output.print_json(found)
        return
    for one in found.meetings:
        label = problem.slots[one.slot - 1].label or str(one.slot)
        _print_row(label, one.table, f"{one.request}  {one.interpreter}".rstrip())
    click.echo(
        text(
            "forum-plan",
            held=len(found.meetings),
            asked=len(problem.requests),
            musts=found.musts.value,
            must_bound=found.musts.bound,
            wishes=found.wishes.value,
            wish_bound=found.wishes.bound,
            gaps=found.gaps.value,
            gap_bound=found.gaps.bound,
            moves=found.moves.value,
            move_bound=found.moves.bound,
            seconds=found.seconds,
        )
    )


@forum.command("check", help=text("forum.check"))
@click.argument("instance", type=EXISTING)
@click.argument("schedule", type=EXISTING)
@FAIRNESS
@json_option
@click.pass_context
def check(context: click.Context, instance: Path, schedule: Path, fairness: int, as_json: bool) -> None:
    """Check a schedule."""
    from tashbik.forum.event import Event
    from tashbik.forum.problem_files import read_problem
    from tashbik.forum.wording import violation_text

    problem = read_problem(instance)
    if isinstance(problem, Event):
        found, meetings, counted = _checked_event(problem, schedule, fairness)
    else:
        found, meetings, counted = _checked_forum(problem, schedule)
    language = locale_language()
    if as_json:
        rows = [{**one.values, "kind": one.kind, "message": violation_text(one, language)} for one in found]
        output.print_json({"sound": not found, "meetings": meetings, "breaks": counted, "violations": rows})
    else:
        for one in found:
            click.echo(f"✕ {violation_text(one, language)}")
        if found:
            click.echo(text("forum-violations", count=len(found)))
        else:
            click.echo(text("forum-sound", meetings=meetings, breaks=counted or 0))
    if found:
        context.exit(1)


def _checked_event(event: Event, file: Path, fairness: int) -> tuple[list[Violation], int, int | None]:
    """Violations, meetings, and breaks where there are no violations."""
    from tashbik.forum.check import breaks, claims, violations
    from tashbik.forum.event_json import read_timetable

    answer = read_timetable(file)
    if answer.status in ("infeasible", "unknown"):
        return claims(event, answer), len(answer.meetings), None
    found = violations(event, answer.meetings, fairness=fairness) or claims(event, answer)
    return found, len(answer.meetings), None if found else sum(breaks(event, answer.meetings))


def _checked_forum(problem: Forum, file: Path) -> tuple[list[Violation], int, int | None]:
    from tashbik.forum.check_plan import plan_claims, plan_levels, plan_violations

    plan = _plan(file)
    found = plan_violations(problem, plan.meetings) or plan_claims(problem, plan)
    return found, len(plan.meetings), None if found else plan_levels(problem, plan.meetings)[2]


def _plan(file: Path) -> Plan:
    from tashbik.forum.forum_json import read_plan

    return read_plan(file)


def _forum(file: Path) -> Forum:
    from tashbik.forum.forum_json import read_forum

    return read_forum(file)


@forum.command("replan", help=text("forum.replan"))
@click.argument("instance", type=EXISTING)
@click.argument("schedule", type=EXISTING)
@click.argument("changes", type=EXISTING)
@time_limit_option(2.0)
@json_option
def replan(instance: Path, schedule: Path, changes: Path, time_limit: float, as_json: bool) -> None:
    """Plan anew on the day."""
    from tashbik.forum.event_json import decoded
    from tashbik.forum.replanning import Changes, replan

    problem, plan = _forum(instance), _plan(schedule)
    found = replan(problem, plan.meetings, decoded(changes, Changes), time_limit=time_limit)
    if as_json:
        output.print_json(found)
        return
    for one in found.moved:
        click.echo(f"{one.request}: {one.before} → {one.after}")
    for reason in found.reasons:
        _print_reasons(reason)
    click.echo(
        text(
            "forum-revised",
            moved=len(found.moved),
            dropped=len(found.dropped),
            placed=len(found.placed),
            bound=found.bound,
            seconds=found.seconds,
        )
    )


@forum.command("why-not", help=text("forum.why_not"))
@click.argument("instance", type=EXISTING)
@click.argument("schedule", type=EXISTING)
@click.argument("request")
@json_option
def why_not(instance: Path, schedule: Path, request: str, as_json: bool) -> None:
    """Explain."""
    from tashbik.forum.check_plan import plan_violations
    from tashbik.forum.reasons import why_not
    from tashbik.forum.wording import violation_text

    problem, plan = _forum(instance), _plan(schedule)
    if request not in {one.id for one in problem.requests}:
        raise InputError(f"no request {request!r} in the forum", field="REQUEST", mend="give its id")
    wrong = plan_violations(problem, plan.meetings)
    if wrong:
        message = violation_text(wrong[0], locale_language())
        raise InputError(message, file=str(schedule), mend="see `tashbik forum check`")
    found = why_not(problem, plan.meetings, request)
    if as_json:
        output.print_json(found)
    else:
        _print_reasons(found)


def _print_reasons(found: Any) -> None:
    from tashbik.forum.wording import reason_text

    language = locale_language()
    click.echo(f"{text('column.meeting')} {found.request}")
    if found.held:
        click.echo(text("forum-held"))
        return
    for one in found.general:
        click.echo(f"✕ {reason_text(one, language)}")
    if not found.general:
        for slot in found.slots:
            click.echo("  " + " · ".join(reason_text(one, language) for one in slot.obstacles))
    click.echo(text("forum-relax") if found.relax else text("forum-no-single-change"))
    for one in found.relax:
        click.echo(f"→ {reason_text(one, language)}")
