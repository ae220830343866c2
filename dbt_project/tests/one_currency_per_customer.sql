{# Sums never mix currencies: until amounts have a grain per currency, a customer has only one. #}
select customer_id
from {{ ref('orders') }}
where customer_id is not null
group by customer_id
having count(distinct currency) > 1
