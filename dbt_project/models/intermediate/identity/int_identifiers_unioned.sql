{{ keep_untouched(['new_loads', 'gone_loads']) }}
select *
from (
    {{ union_feeds('identifiers') }}
) as shown
where {{ is_touched('new_loads', 'shown') }}
