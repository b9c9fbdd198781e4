-- What was known of each customer on two days: sixty days before the newest parcel, of which one knows by now who left since, and the morning after it.
-- A day's row counts what was sent in the 75 days before it, and stands only for who was there.
with newest as (select max(cast(picked_up_at as date)) as newest from raw.parcels_deliveries),
days as (select unnest([newest - 60, newest + 1]) as known_on from newest),
sent as (
    select p.customer_id, cast(d.picked_up_at as date) as day, d.late
    from raw.parcels_deliveries as d join raw.parcels_parcels as p on p.parcel_id = d.parcel_id
    where p.customer_id is not null
)
select
    c.customer_id,
    days.known_on,
    c.segment,
    c.city,
    c.contract,
    c.newsletter,
    date_diff('day', cast(c.joined_on as date), days.known_on) as days_with_us,
    count(sent.day) as parcels_in_75_days,
    count(sent.day) filter (where sent.day >= days.known_on - 30) as parcels_in_30_days,
    count(sent.day) filter (where sent.late) as late_in_75_days,
    count(sent.day) filter (where sent.late) / nullif(cast(count(sent.late) as double), 0) as late_share,
    cast(c.churned_on as date) as churned_on
from raw.parcels_customers as c
cross join days
left join sent on sent.customer_id = c.customer_id and sent.day >= days.known_on - 75 and sent.day < days.known_on
where cast(c.joined_on as date) < days.known_on and (c.churned_on is null or cast(c.churned_on as date) >= days.known_on)
group by all
order by days.known_on, c.customer_id
