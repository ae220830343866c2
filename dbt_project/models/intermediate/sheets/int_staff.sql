{{ newest_sheets('staff', ['staff_id']) }}
