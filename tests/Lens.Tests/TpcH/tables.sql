-- The eight tables of TPC-H, like those of its generator: the same columns, sizes, ranges and relations, other values. {sf} is the scale: 1 is six million rows of lineitem.
-- Each SELECT goes by the name above it.
-- region
SELECT i AS r_regionkey, ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'][i + 1] AS r_name, 'region ' || i AS r_comment FROM range(5) t(i)
-- nation
SELECT i AS n_nationkey, ['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA', 'INDONESIA', 'IRAN', 'IRAQ', 'JAPAN', 'JORDAN', 'KENYA', 'MOROCCO', 'MOZAMBIQUE',
    'PERU', 'CHINA', 'ROMANIA', 'SAUDI ARABIA', 'VIETNAM', 'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES'][i + 1] AS n_name,
  [0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1][i + 1]::BIGINT AS n_regionkey, 'nation ' || i AS n_comment FROM range(25) t(i)
-- supplier
SELECT i AS s_suppkey, 'Supplier#' || lpad(i::VARCHAR, 9, '0') AS s_name, 'street ' || hash(i, 1) % 1000 AS s_address, (hash(i, 2) % 25)::BIGINT AS s_nationkey,
  (10 + hash(i, 2) % 25) || '-' || (100 + hash(i, 3) % 900) || '-' || (1000 + hash(i, 4) % 9000) AS s_phone, ((hash(i, 5) % 1099999)::BIGINT - 99999)::DECIMAL(15, 2) / 100 AS s_acctbal,
  CASE WHEN hash(i, 6) % 200 = 0 THEN 'Customer slow Complaints' ELSE 'quick and quiet ' || i END AS s_comment FROM range(1, (10000 * {sf})::BIGINT + 1) t(i)
-- customer
SELECT i AS c_custkey, 'Customer#' || lpad(i::VARCHAR, 9, '0') AS c_name, 'avenue ' || hash(i, 11) % 1000 AS c_address, (hash(i, 12) % 25)::BIGINT AS c_nationkey,
  (10 + hash(i, 12) % 25) || '-' || (100 + hash(i, 13) % 900) || '-' || (1000 + hash(i, 14) % 9000) AS c_phone, (((hash(i, 15) % 1099999)::BIGINT - 99999) / 100)::DECIMAL(15, 2) AS c_acctbal,
  ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'][1 + (hash(i, 16) % 5)::INT] AS c_mktsegment, 'regular ideas of customer ' || i AS c_comment FROM range(1, (150000 * {sf})::BIGINT + 1) t(i)
-- part
SELECT i AS p_partkey, color(hash(i, 21)) || ' ' || color(hash(i, 22)) || ' ' || color(hash(i, 23)) AS p_name, 'Manufacturer#' || (1 + hash(i, 24) % 5) AS p_mfgr, 'Brand#' || (1 + hash(i, 24) % 5) || (1 + hash(i, 25) % 5) AS p_brand,
  ['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'][1 + (hash(i, 26) % 6)::INT] || ' ' || ['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'][1 + (hash(i, 27) % 5)::INT] || ' ' || ['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'][1 + (hash(i, 28) % 5)::INT] AS p_type,
  (1 + hash(i, 29) % 50)::INTEGER AS p_size, ['SM', 'LG', 'MED', 'JUMBO', 'WRAP'][1 + (hash(i, 30) % 5)::INT] || ' ' || ['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'][1 + (hash(i, 31) % 8)::INT] AS p_container,
  price(i) AS p_retailprice, 'part ' || hash(i, 32) % 10000 AS p_comment FROM range(1, (200000 * {sf})::BIGINT + 1) t(i)
-- partsupp
SELECT i AS ps_partkey, supplier(i, j, (10000 * {sf})::BIGINT) AS ps_suppkey, (1 + hash(i, j, 41) % 9999)::INTEGER AS ps_availqty, ((100 + hash(i, j, 42) % 99900) / 100)::DECIMAL(15, 2) AS ps_supplycost, 'stock ' || hash(i, j, 43) % 100000 AS ps_comment
FROM range(1, (200000 * {sf})::BIGINT + 1) t(i), range(4) u(j)
-- orders
SELECT i AS o_orderkey, customer(i, (150000 * {sf})::BIGINT) AS o_custkey, ['F', 'O', 'P'][1 + (hash(i, 52) % 3)::INT] AS o_orderstatus, ((90000 + hash(i, 53) % 50000000) / 100)::DECIMAL(15, 2) AS o_totalprice, ordered(i) AS o_orderdate,
  ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'][1 + (hash(i, 55) % 5)::INT] AS o_orderpriority, 'Clerk#' || lpad((hash(i, 56) % 1000)::VARCHAR, 9, '0') AS o_clerk, 0 AS o_shippriority,
  CASE WHEN hash(i, 57) % 80 = 0 THEN 'some special wishes and requests' ELSE 'plain order ' || hash(i, 58) % 100000 END AS o_comment FROM range(1, (1500000 * {sf})::BIGINT + 1) t(i)
-- lineitem
SELECT i AS l_orderkey, part AS l_partkey, supplier(part, (hash(i, n, 62) % 4)::BIGINT, (10000 * {sf})::BIGINT) AS l_suppkey, n::INTEGER AS l_linenumber, quantity::DECIMAL(15, 2) AS l_quantity, (quantity * price(part))::DECIMAL(15, 2) AS l_extendedprice,
  ((hash(i, n, 64) % 11) / 100)::DECIMAL(15, 2) AS l_discount, ((hash(i, n, 65) % 9) / 100)::DECIMAL(15, 2) AS l_tax,
  CASE WHEN received > DATE '1995-06-17' THEN 'N' WHEN hash(i, n, 66) % 2 = 0 THEN 'R' ELSE 'A' END AS l_returnflag, CASE WHEN shipped > DATE '1995-06-17' THEN 'O' ELSE 'F' END AS l_linestatus,
  shipped AS l_shipdate, ordered(i) + (30 + hash(i, n, 67) % 61)::INT AS l_commitdate, received AS l_receiptdate, ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'][1 + (hash(i, n, 68) % 4)::INT] AS l_shipinstruct,
  ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'][1 + (hash(i, n, 69) % 7)::INT] AS l_shipmode, 'line ' || hash(i, n, 70) % 1000000 AS l_comment
FROM (SELECT i, n, (1 + hash(i, n, 61) % (200000 * {sf})::BIGINT)::BIGINT AS part, (1 + hash(i, n, 63) % 50)::INT AS quantity, shipped, shipped + (1 + hash(i, n, 72) % 30)::INT AS received
  FROM (SELECT i, n, ordered(i) + (1 + hash(i, n, 71) % 121)::INT AS shipped FROM range(1, (1500000 * {sf})::BIGINT + 1) t(i), range(1, 8) u(n) WHERE n <= 1 + hash(i, 60) % 7))
