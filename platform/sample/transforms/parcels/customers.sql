-- Today's customers with the same columns as curated.parcels_churn but for the answer, which nobody knows yet.
select * exclude (known_on, churned_on)
from curated.parcels_customer_days
where known_on = (select max(known_on) from curated.parcels_customer_days)
order by customer_id
