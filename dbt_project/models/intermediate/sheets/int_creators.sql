{{ newest_sheets('creators', ['creator_id']) }}
