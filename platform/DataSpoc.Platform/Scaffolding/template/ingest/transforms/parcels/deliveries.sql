-- Delivered parcels: what was known when each was picked up, and whether it came late.
-- `delivered_at` is left out on purpose: a model that sees it would learn nothing that holds for the next parcel.
select
    d.delivery_id,
    p.origin_id,
    cast(d.picked_up_at as timestamp) as picked_up_at,
    dayname(cast(d.picked_up_at as timestamp)) as weekday,
    hour(cast(d.picked_up_at as timestamp)) as pickup_hour,
    p.service,
    p.size,
    cast(p.weight_kg as double) as weight_kg,
    p.fragile,
    p.insured_value is not null as insured,
    origin.city as origin_city,
    origin.kind as origin_kind,
    destination.city as destination_city,
    destination.kind as destination_kind,
    destination.open_at_night,
    cast(d.distance_km as double) as distance_km,
    d.weather,
    cast(d.temperature as double) as temperature,
    -- how busy the location is that day: parcels per parcel that it can handle
    count(*) over (partition by p.origin_id, cast(d.picked_up_at as date)) / cast(origin.capacity as double) as origin_load,
    d.late
from raw.parcels_deliveries as d
join raw.parcels_parcels as p on p.parcel_id = d.parcel_id
join raw.parcels_locations as origin on origin.location_id = p.origin_id
join raw.parcels_locations as destination on destination.location_id = p.destination_id
qualify d.late is not null
order by d.delivery_id
