"""The command line: every command explains itself, and what goes wrong is one line with its remedy."""

from datetime import date

import pytest
from click.testing import CliRunner

from followthrough import cli
from followthrough.errors import FollowthroughError
from followthrough.operate import run_dag

COMMANDS = [
    "airflow",
    "airflow-init",
    "checklist",
    "detect",
    "generate",
    "night",
    "quarantine",
    "restore",
    "resume",
    "rollback",
    "sample",
    "sheets",
    "status",
    "superset",
    "waive",
    "watch",
    "withdraw",
]
OLD_NAMES = {"accept": "waive", "recognise": "detect"}


@pytest.fixture
def invoke(home, monkeypatch):
    """Run ``followthrough`` on the home of the test."""
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(home.root))
    return lambda *arguments: CliRunner().invoke(cli.main, list(arguments))


def test_the_commands_are_these():
    assert sorted(cli.main.commands) == sorted([*COMMANDS, *OLD_NAMES])


@pytest.mark.parametrize(("old", "new"), OLD_NAMES.items())
def test_a_renamed_command_runs_under_its_old_name_with_a_notice(invoke, old, new, tmp_path):
    file = tmp_path / "unknown.csv"
    file.write_text("a,b\n1,2\n")
    arguments = {"accept": ["l9", "--reason", "x"], "recognise": [str(file)]}[old]
    was, now = invoke(old, *arguments), invoke(new, *arguments)
    assert was.exit_code == now.exit_code
    assert was.output == f"followthrough: `{old}` is called `{new}` now\n{now.output}"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(invoke, command, flag):
    result = invoke(command, flag)
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {command}")
    assert cli.main.commands[command].help.splitlines()[0].rstrip(".") in result.output


def test_help_lists_every_command_with_a_sentence(invoke):
    listed = invoke("--help").output.split("Commands:")[1].strip().splitlines()
    assert [line.split()[0] for line in listed] == COMMANDS
    assert all(len(line.split()) > 2 for line in listed)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["night", "one", "two"],
        ["rollback"],
        ["withdraw", "l1"],
        ["withdraw", "--reason", "x"],
        ["restore"],
        ["detect", "nowhere.csv"],
        ["quarantine"],
        ["waive", "l1"],
        ["checklist", "--lang", "fr"],
        ["sample"],
        ["night", "yesterday"],
        ["night", "0"],
    ],
)
def test_wrong_use_exits_with_two(invoke, arguments):
    assert invoke(*arguments).exit_code == run_dag.WRONG_USE == 2


@pytest.mark.parametrize(
    ("arguments", "status", "line"),
    [
        (["night", "yesterday"], 2, "'yesterday' is no night -> give a date like"),
        (["rollback", "--reason", "x"], 1, "nothing is published yet -> "),
        (["resume"], 1, "publishing is not on hold -> "),
        (["withdraw", "l9", "--reason", "x"], 1, "there is no load l9 -> "),
        (["restore", "l9"], 1, "load l9 is not withdrawn -> "),
        (["quarantine", "l9"], 1, "there is no load l9 -> "),
        (["waive", "l9", "--reason", "x"], 1, "load l9 is not refused -> "),
        (["watch"], 1, "the night "),
    ],
)
def test_what_goes_wrong_is_one_line_with_its_remedy(invoke, arguments, status, line):
    result = invoke(*arguments)
    assert result.exit_code == status
    assert result.stdout == ""
    assert result.stderr.startswith(f"followthrough: {line}")
    assert result.stderr.count("\n") == 1


def test_a_sources_file_that_is_not_there_is_wrong_use(invoke, monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_SOURCES", "nowhere.toml")
    result = invoke("status")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "nowhere.toml: no such file -> set FOLLOWTHROUGH_SOURCES" in result.stderr


def test_a_fault_of_ours_is_not_hidden(invoke, monkeypatch):
    monkeypatch.setattr(run_dag, "start", lambda *_: 1 / 0)
    assert isinstance(invoke("night", "30").exception, ZeroDivisionError)


def test_a_night_is_started_with_what_was_asked_for(invoke, monkeypatch):
    started = []
    monkeypatch.setattr(run_dag, "start", lambda settings, night, full: started.append((night, full)))
    assert invoke("night").exit_code == invoke("night", "31", "--full").exit_code == 0
    assert started == [(date(2026, 9, 30), False), (date(2026, 10, 1), True)]


def test_an_error_while_starting_is_a_failure(invoke, monkeypatch):
    def fail(*_: object) -> None:
        raise FollowthroughError("the disk is full", "make room")

    monkeypatch.setattr(run_dag, "start", fail)
    result = invoke("night")
    assert (result.exit_code, result.stderr) == (1, "followthrough: the disk is full -> make room\n")


def test_status_before_the_first_night_says_how_to_run_it(invoke):
    result = invoke("status")
    assert result.exit_code == 0
    assert "nothing is published yet" in result.output


def test_a_sample_is_written_where_it_is_asked_for(invoke, tmp_path):
    result = invoke("sample", str(tmp_path / "sample"), "--nights", "2", "--people", "20")
    assert result.exit_code == 0
    assert any((tmp_path / "sample").rglob("*.csv"))


def test_sheets_are_written_where_they_are_asked_for(invoke, tmp_path):
    result = invoke("sheets", str(tmp_path / "sheets"))
    assert result.exit_code == 0
    assert sorted(result.output.splitlines()) == sorted(map(str, (tmp_path / "sheets").rglob("*.xlsx")))


def test_what_is_generated_is_up_to_date(invoke):
    assert invoke("generate").output == "nothing to change\n"
