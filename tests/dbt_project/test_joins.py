"""No join compares every row of one side with every row of the other."""

import duckdb

from followthrough.database import literal
from followthrough.versions import candidate


def test_every_join_has_an_equality_the_engine_can_look_up(empty):
    """A left join on an `or`, or on something its left side alone says, is planned as an ANY_JOIN.

    At 600,000 orders one of them took 220 s of a build of 254 s. As no rows are here, this asks for the plan
    before the optimizer has seen that.
    """
    models = sorted((empty.home.dbt / "target" / "compiled" / "followthrough" / "models").rglob("*.sql"))
    assert len(models) > 100
    slow = []
    with duckdb.connect(str(candidate.private_file(empty.home)), read_only=True) as connection:
        connection.execute(
            f"ATTACH {literal(candidate.public_file(empty.home))} AS followthrough (READ_ONLY)"
        )
        connection.execute("SET explain_output = 'all'")
        for model in models:
            plans = dict(connection.execute(f"EXPLAIN {model.read_text('utf-8')}").fetchall())
            if "ANY_JOIN" in plans["logical_plan"]:
                slow.append(model.stem)
    assert slow == []
