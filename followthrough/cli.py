"""The command line: each command is a thin call of what the DAG calls.

Exit status: 0 published or nothing to do, 1 failed, 2 wrong use, 3 gate 2 refused.
"""

from pathlib import Path
from typing import Any

import click

from followthrough import airflow_home, corrections, launch
from followthrough.clock import night_before, now
from followthrough.errors import ConfigError, FollowthroughError
from followthrough.journal import Run
from followthrough.night import choose
from followthrough.settings import Settings, from_environment
from followthrough.space import disk_trouble


class _Commands(click.Group):
    """Says what went wrong in one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours becomes a line and a status, any other is a fault and shows."""
        try:
            return super().invoke(ctx)
        except (FollowthroughError, OSError) as error:
            told = error if isinstance(error, FollowthroughError) else _disk_trouble(error)
            click.echo(f"followthrough: {told}", err=True)
            ctx.exit(launch.WRONG_USE if isinstance(told, ConfigError) else launch.FAILED)


def _disk_trouble(error: OSError) -> FollowthroughError:
    """What to do about a disk that is full or read-only; any other error is a fault and shows."""
    trouble = disk_trouble(error, from_environment().home)
    if trouble is None:
        raise error
    return trouble


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
    launch.start(settings, choose(settings, wanted, now().date()), full)


@main.command()
@click.option("--port", default=8080, show_default=True, help="Port on 127.0.0.1.")
def airflow(port: int) -> None:
    """Serve Airflow from the data home, to this machine alone, until interrupted."""
    from followthrough.serve import serve

    serve(from_environment(), port)


@main.command()
def airflow_init() -> None:
    """Make an Airflow of your own ready for the DAGs: its database and the pool.

    Which Airflow, its own environment variables say.
    """
    airflow_home.prepare()
    click.echo(f"the database is up to date; the pool {airflow_home.POOL} has one slot")


@main.command()
def status() -> None:
    """Show what readers see, what is missing, and what to do next."""
    from followthrough.status import status as told

    click.echo(told(from_environment(), now()))


@main.command()
def watch() -> None:
    """Tell the channels when the night before has no version.

    For a timer outside Airflow: it also notices that Airflow is down. Exit status 1 when it has none.
    """
    from followthrough.messages import overdue
    from followthrough.notify import send

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
    """Let LOAD no longer count, from the next version on."""
    settings, run = _by_hand()
    corrections.withdraw(settings, run, load_id, reason)
    click.echo(f"{load_id} no longer counts from the next version on; undo with `followthrough restore`")


@main.command()
@click.argument("load_id", metavar="LOAD")
@click.option("--reason", required=True, help="Why it is right all the same; kept in history.")
@click.option("--by", default="", help="Whose word it is, if not the caller's.")
def accept(load_id: str, reason: str, by: str) -> None:
    """Let the refused LOAD count: waives checks that may be waived, for it alone."""
    settings, run = _by_hand()
    corrections.accept(settings, run, load_id, reason, by)
    click.echo(f"{load_id} counts from the next version on; its waiver stands in trust.waivers")


@main.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language.")
def checklist(lang: str) -> None:
    """Print what has to be downloaded today, by whom, from where, for which dates."""
    from followthrough.checklist import checklist as listed

    settings, run = _by_hand()
    click.echo(listed(settings, run.night, run.run_at, lang))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def recognise(file: Path) -> None:
    """Say what FILE is and show its first rows typed, or what is missing in it."""
    from followthrough.preview import preview

    click.echo(preview(from_environment(), file))


@main.command()
@click.argument("load_id", metavar="LOAD")
def quarantine(load_id: str) -> None:
    """Show the refused rows of LOAD with their raw lines."""
    from followthrough.quarantine import quarantined

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
    from followthrough.sheets import write_templates

    written = write_templates(from_environment().platforms["sheets"].exports, directory)
    click.echo("\n".join(map(str, written)))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--uri", default="", help="SQLAlchemy URL under which Superset finds the published file.")
def superset(file: Path, uri: str) -> None:
    """Write FILE, a zip of datasets and dashboards for Superset to import."""
    from followthrough.superset import bundle

    published = from_environment().home.current / "followthrough.duckdb"
    file.write_bytes(bundle(uri or f"duckdb:///{published}"))
    click.echo(file)


@main.command()
def generate() -> None:
    """Bring the generated files of the dbt project up to date with the declarations."""
    from followthrough.generate import write_outside, write_project

    settings = from_environment()
    changed = write_project(settings) + (write_outside(settings) if settings.outside else [])
    click.echo("\n".join(map(str, changed)) or "nothing to change")


def _by_hand() -> tuple[Settings, Run]:
    settings, at = from_environment(), now()
    settings.home.create()
    return settings, Run(f"by_hand__{at.isoformat()}", night_before(at), at)
