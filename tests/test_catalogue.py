"""The catalogue says of the marts what their YAML says."""

from followthrough.catalogue import marts
from followthrough.generate import DBT_PROJECT


def test_every_mart_is_in_it():
    assert set(marts()) == {path.stem for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")}


def test_a_business_date_is_a_column_of_its_table():
    dated = [table for table in marts().values() if table.business_date]
    assert "orders" in {table.name for table in dated}
    for table in dated:
        assert table.business_date in {c.name for c in table.columns if c.type == "date"}, table.name


def test_facts_of_a_day_are_split_by_month():
    """A table that grows with time and has one date of its own would be written whole every night."""
    growing = {table.name for table in marts().values() if table.name.endswith(("_daily", "s_history"))}
    assert growing <= {table.name for table in marts().values() if table.business_date}
