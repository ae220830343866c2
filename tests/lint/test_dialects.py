"""What one of the two engines would not take is found in the compiled models."""

import pytest

from lint.dialects import main, trouble


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select a from t", ""),
        ("select date_diff('day', a, b) as days, md5(c) as hash from t", ""),
        ("select a from where", "Expected table name"),
        (
            "select list_zip(a, b) from t; select damerau_levenshtein(a, b) from t",
            "damerau_levenshtein, list_zip",
        ),
        ("select a from t for update", "are not supported"),
    ],
)
def test_a_statement_is_taken_or_told_why_not(sql, why):
    assert why in trouble(sql) if why else trouble(sql) == ""


def test_every_model_of_the_folder_is_looked_at(tmp_path, capsys):
    assert main(tmp_path) == 1
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "orders.sql").write_text("select 1", "utf-8")
    assert main(tmp_path) == 0
    (tmp_path / "broken.sql").write_text("select (", "utf-8")
    assert main(tmp_path) == 1
    assert f"{tmp_path}/broken.sql: " in capsys.readouterr().out
