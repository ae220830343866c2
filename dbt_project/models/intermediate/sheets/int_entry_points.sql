{{ newest_sheets('entry_points', ['state']) }}
