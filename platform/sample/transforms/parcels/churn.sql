-- Customers as they were sixty days before the newest parcel, and whether they have left since: what a model of churn learns from.
select * exclude (known_on, churned_on), churned_on is not null as churned
from curated.parcels_customer_days
where known_on = (select min(known_on) from curated.parcels_customer_days)
order by customer_id
