"""The command line: each command calls the function the DAG calls.

Exit status: 0 published or nothing to do, 1 failed, 2 wrong use, 3 gate 2 refused.
"""

from pathlib import Path
from typing import Any

import click

from followthrough.clock import night_before, now
from followthrough.errors import ConfigError, FollowthroughError
from followthrough.night import choose
from followthrough.operate import airflow_home, corrections, run_dag
from followthrough.runs.disk_space import disk_error
from followthrough.runs.journal import Run
from followthrough.settings import Settings, from_environment


class _Commands(click.Group):
    """A group that prints a known error as one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a known error sets the exit status, an unexpected one is raised."""
        try:
            return super().invoke(ctx)
        except (FollowthroughError, OSError) as error:
            known = error if isinstance(error, FollowthroughError) else _disk_error(error)
            click.echo(f"followthrough: {known}", err=True)
            ctx.exit(run_dag.WRONG_USE if isinstance(known, ConfigError) else run_dag.FAILED)


def _disk_error(error: OSError) -> FollowthroughError:
    """The error to show for a full or read-only disk; any other error is raised again."""
    known = disk_error(error, from_environment().home)
    if known is None:
        raise error
    return known


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """From platform exports to potential, paying and loyal customers, every night."""


@main.command()
@click.argument("wanted", metavar="[NIGHT]", default="")
@click.option("--full", is_flag=True, help="Rebuild everything instead of adding to the parent version.")
def night(wanted: str, full: bool) -> None:
    """Run the night's DAG once, through Airflow, in this process.

    NIGHT is a date or, with the sample, its index; without it, the night that comes next.
    """
    settings = from_environment()
    run_dag.start(settings, choose(settings, wanted, now().date()), full)


@main.command()
@click.option("--port", default=8080, show_default=True, help="Port on 127.0.0.1.")
def airflow(port: int) -> None:
    """Serve Airflow from the data home, to this machine alone, until interrupted."""
    from followthrough.operate.serve_airflow import serve

    serve(from_environment(), port)


@main.command()
def airflow_init() -> None:
    """Make an Airflow of your own ready for the DAGs: its database and the pool.

    Airflow's own environment variables select the installation.
    """
    airflow_home.prepare()
    click.echo(f"the database is up to date; the pool {airflow_home.POOL} has one slot")


@main.command()
def status() -> None:
    """Show what readers see, what is missing, and what to do next."""
    from followthrough.operate import status as operate_status

    click.echo(operate_status.status(from_environment(), now()))


@main.command()
def watch() -> None:
    """Notify the channels when the night before has no version.

    For a timer outside Airflow: it also notices that Airflow is down. Exit status 1 when it has none.
    """
    from followthrough.messages.delivery import send
    from followthrough.messages.run_messages import overdue

    settings, run = _by_hand()
    found = overdue(settings.home, run.run_at)
    for failure in send(settings.home, settings.channels, found, run.run_at):
        click.echo(f"not delivered: {failure}", err=True)
    if found:
        raise FollowthroughError(f"the night {run.night} is not published", "see `followthrough status`")
    click.echo(f"the night {run.night} is published")


@main.command()
@click.argument("version", default="")
@click.option("--reason", required=True, help="Why; kept in history.")
def rollback(version: str, reason: str) -> None:
    """Show readers an earlier VERSION (the parent by default) and hold publishing."""
    settings, run = _by_hand()
    done = corrections.rollback(settings, run, version or None, reason)
    click.echo(f"readers see {done.version} again, no longer {done.left}; publishing is on hold")
    click.echo(f"unapplied: {len(done.unapplied)} loads")
    for load in done.unapplied:
        click.echo(f"  {load.load_id}  {load.source_id}  {load.slug}")
    click.echo("they come in again after `followthrough resume`, unless withdrawn before")


@main.command()
def resume() -> None:
    """End the hold of a rollback."""
    corrections.resume(*_by_hand())
    click.echo("publishing goes on with the next night")


@main.command()
@click.argument("load_id", metavar="LOAD")
@click.option("--reason", required=True, help="Why; kept in history.")
def withdraw(load_id: str, reason: str) -> None:
    """Exclude LOAD from the next version on."""
    settings, run = _by_hand()
    corrections.withdraw(settings, run, load_id, reason)
    click.echo(f"{load_id} no longer counts from the next version on; undo with `followthrough restore`")


@main.command()
@click.argument("load_id", metavar="LOAD")
@click.option("--reason", required=True, help="Why it is right all the same; kept in history.")
@click.option("--by", default="", help="Whose word it is, if not the caller's.")
def waive(load_id: str, reason: str, by: str) -> None:
    """Waive gate 1's refusal of LOAD, for checks that may be waived."""
    settings, run = _by_hand()
    corrections.waive(settings, run, load_id, reason, by)
    click.echo(f"{load_id} counts from the next version on; its waiver is in trust.waivers")


@main.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language.")
def checklist(lang: str) -> None:
    """Print what has to be downloaded today, by whom, from where, for which dates."""
    from followthrough.operate import checklist as operate_checklist

    settings, run = _by_hand()
    click.echo(operate_checklist.checklist(settings, run.night, run.run_at, lang))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def detect(file: Path) -> None:
    """Show which export FILE is with its first rows typed, or what is missing in it."""
    from followthrough.operate.preview import preview

    click.echo(preview(from_environment(), file))


@main.command()
@click.argument("load_id", metavar="LOAD")
def quarantine(load_id: str) -> None:
    """Show the refused rows of LOAD with their raw lines."""
    from followthrough.operate.quarantine import quarantined

    click.echo(quarantined(from_environment(), load_id))


@main.command()
@click.argument("load_id", metavar="LOAD")
def restore(load_id: str) -> None:
    """Undo `withdraw` of LOAD."""
    settings, run = _by_hand()
    corrections.restore(settings, run, load_id)
    click.echo(f"{load_id} counts again from the next version on")


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--nights", default=60, show_default=True, help="How many nights.")
@click.option("--people", default=300, show_default=True, help="How many people.")
@click.option("--seed", default=7, show_default=True, help="Another seed is another world.")
def sample(directory: Path, nights: int, people: int, seed: int) -> None:
    """Write the sample's exports and its planted truth into DIRECTORY."""
    from followthrough.sample import Sample, write

    write(Sample(seed=seed, people=people, nights=nights), directory, progress=click.echo)


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def sheets(directory: Path) -> None:
    """Write the operator sheets to fill in, and filled in examples, into DIRECTORY."""
    from followthrough.sheets.templates import write_templates

    written = write_templates(from_environment().platforms["sheets"].exports, directory)
    click.echo("\n".join(map(str, written)))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--uri", default="", help="SQLAlchemy URL under which Superset finds the published file.")
def superset(file: Path, uri: str) -> None:
    """Write FILE, a zip of datasets and dashboards for Superset to import."""
    from followthrough.reports.superset import bundle

    published = from_environment().home.current / "followthrough.duckdb"
    file.write_bytes(bundle(uri or f"duckdb:///{published}"))
    click.echo(file)


@main.command()
def generate() -> None:
    """Bring the generated files of the dbt project up to date with the declarations."""
    from followthrough.warehouse.codegen import write_outside, write_project

    settings = from_environment()
    changed = write_project(settings) + (write_outside(settings) if settings.outside else [])
    click.echo("\n".join(map(str, changed)) or "nothing to change")


def _keep_old_name(old: str, command: click.Command) -> None:
    """Register a hidden command that runs the renamed one under its old name, with a notice."""

    def renamed(**arguments: Any) -> Any:
        click.echo(f"followthrough: `{old}` is called `{command.name}` now", err=True)
        return click.get_current_context().invoke(command, **arguments)

    main.add_command(
        click.Command(old, callback=renamed, params=command.params, help=command.help, hidden=True)
    )


_keep_old_name("accept", waive)
_keep_old_name("recognise", detect)


def _by_hand() -> tuple[Settings, Run]:
    settings, at = from_environment(), now()
    settings.home.create()
    return settings, Run(f"by_hand__{at.isoformat()}", night_before(at), at)
