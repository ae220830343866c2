{# Entries have no key, so all entries of every source are kept. #}
{{ newest_sheets('spend', ['source_id', 'spent_on', 'entry_number']) }}
