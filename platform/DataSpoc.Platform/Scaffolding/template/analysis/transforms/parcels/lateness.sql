-- How often parcels are late, by weather and service.
-- check: not_null(weather)
-- check: range(late, 0, 1)
select weather, service, count(*) as parcels, round(avg(late::int), 3) as late
from curated.parcels_deliveries
where weather is not null
group by weather, service
