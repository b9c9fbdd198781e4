-- Customers as they were sixty days before the newest parcel, and whether they have left since: what a model of churn learns from.
with today as (select max(cast(picked_up_at as date)) as today from raw.parcels_deliveries),
sent as (
    select p.customer_id, cast(d.picked_up_at as date) as day, d.late
    from raw.parcels_deliveries as d join raw.parcels_parcels as p on p.parcel_id = d.parcel_id
    where p.customer_id is not null
)
select
    c.customer_id,
    c.segment,
    c.city,
    c.contract,
    c.newsletter,
    date_diff('day', cast(c.joined_on as date), today - 60) as days_with_us,
    count(sent.day) as parcels_in_75_days,
    count(sent.day) filter (where sent.day >= today - 90) as parcels_in_30_days,
    count(sent.day) filter (where sent.late) as late_in_75_days,
    count(sent.day) filter (where sent.late) / nullif(cast(count(sent.late) as double), 0) as late_share,
    c.churned_on is not null as churned
from raw.parcels_customers as c
cross join today
left join sent on sent.customer_id = c.customer_id and sent.day >= today - 135 and sent.day < today - 60
where cast(c.joined_on as date) < today - 60 and (c.churned_on is null or cast(c.churned_on as date) >= today - 60)
group by all
order by c.customer_id
