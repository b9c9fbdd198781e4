using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

public sealed class PostgresTypesTests : IDisposable
{
    private readonly PipeLake _lake = new();

    [Fact]
    public async Task Ingest_EveryType_BecomesWhatTheRuleSays()
    {
        await using var database = await PostgresDatabase.CreateAsync("""
            CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN cents AS numeric(12,2); CREATE TYPE pair AS (x int, "Y" text); CREATE DOMAIN tags AS text[];
            CREATE TABLE t (
              b bool, i2 int2, i4 int4, i8 int8, o oid, f4 float4, f8 float8, n38 numeric(38,10), n5 numeric(5,2), nneg numeric(3,-2), nsmall numeric(2,5), nfree numeric, nhuge numeric(50,10), cents cents, money money,
              txt text, vc varchar(5), ch char(4), nm name, js json, jb jsonb, x xml, by bytea, u uuid, d date, tm time, tmtz timetz, ts timestamp, tstz timestamptz, iv interval,
              e mood, ia int[], ta text[], ea mood[], na numeric(10,2)[], mm int[][], tg tags, p pair, pa pair[], r4 int4range, rts tstzrange, rd daterange, mr int4multirange, inet inet, ineta inet[], bits bit(3), pt point, tsv tsvector, c "char");
            INSERT INTO t VALUES (
              true, -32768, 2147483647, -9223372036854775808, 4294967295, 1.5, 0.1, -1234567890123456789012345678.0123456789, 999.99, 12300, 0.00012, 123.456, 12345678901234567890123456789012345678.5, 10.50, '$12.34',
              'Grüße 😀', 'abc', 'ab', 'nm', '{"a": 1.10}', '{"a":1.10,"b":[1]}', '<a/>', '\x00ff', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2000-02-29', '24:00:00', '10:00:00.5+02', '0001-01-01', '9999-12-31 23:59:59.999999Z', '1 year 2 mons 3 days 04:05:06.5',
              'ok', '{1,NULL,3}', '{}', '{sad,ok}', '{1.5,-2}', '{{1,2},{3,4}}', '{a,"b,c"}', '(1,"x y")', '{"(1,a)","(,)"}', '[1,10)', '(,2020-01-01 00:00:00Z]', 'empty', '{[1,3),[5,8)}', '10.0.0.1', '{10.0.0.0/8}', B'101', '(1,2)', 'a:1 b:2', 'q'),
              (NULL, NULL, NULL, NULL, NULL, 'NaN', '-Infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """);

        await _lake.DoAsync($"ingest {database.Uri} --to $B");

        Assert.Equal(Expected, _lake.Rows($"SELECT unnest([{string.Join(", ", Columns.Select(c => $"'{c} ' || typeof(\"{c}\") || ' = ' || coalesce(CAST({(c == "by" ? "hex(\"by\")" : $"\"{c}\"")} AS VARCHAR), 'NULL')"))}]) FROM $files WHERE i2 IS NOT NULL", "raw/postgres/t"));
        Assert.Equal([string.Join('|', Columns.Select(c => c switch { "f4" => "nan", "f8" => "-inf", _ => "NULL" }))], _lake.Rows($"SELECT {string.Join(", ", Columns.Select(c => $"\"{c}\""))} FROM $files WHERE i2 IS NULL", "raw/postgres/t"));
    }

    [Fact]
    public async Task Ingest_NumbersOfEveryLength_AreExact()
    {
        await using var database = await PostgresDatabase.CreateAsync("""
            CREATE TABLE n AS SELECT (sign * mantissa * 10::numeric ^ power)::numeric(38,10) AS a, (sign * (mantissa % 100000000))::numeric(18,9) AS b FROM
              (SELECT (random() * 1000000000)::bigint::numeric * (random() * 1000000000)::bigint AS mantissa, (random() * 20 - 12)::int AS power, CASE WHEN random() < 0.5 THEN -1 ELSE 1 END AS sign FROM generate_series(1, 20000)) s
              WHERE mantissa * 10::numeric ^ power < 1e27;
            INSERT INTO n SELECT (i || repeat('0', i % 20))::numeric / 10 ^ (i % 10), ('0.' || repeat('0', i % 9) || '1')::numeric FROM generate_series(0, 200) i;
            ALTER TABLE n ADD at text, ADD bt text; UPDATE n SET at = a::text, bt = b::text;
            """);

        await _lake.DoAsync($"ingest {database.Uri} --to $B");

        Assert.Equal(["0|0"], _lake.Rows("SELECT count(*) FILTER (CAST(a AS VARCHAR) IS DISTINCT FROM \"at\"), count(*) FILTER (CAST(b AS VARCHAR) IS DISTINCT FROM bt) FROM $files", "raw/postgres/n"));
        Assert.NotEqual(["0"], _lake.Rows("SELECT count(*) FROM $files", "raw/postgres/n"));
    }

    [Theory]
    [InlineData("numeric(10,2)", "'NaN'", "`v` is NaN, which no decimal can hold", "NULL", "NULL")]
    [InlineData("numeric", "'-Infinity'", "`v` is -infinity", "NULL", "-99999999999999999999999999999.999999999")]
    [InlineData("numeric", "1e40", "`v` has 41 digits before the point and 0 after it, more than DECIMAL(38,9) has", "NULL", "99999999999999999999999999999.999999999")]
    [InlineData("numeric", "-0.1234567891", "`v` has 1 digits before the point and 10 after it", "NULL", "-0.123456789")]
    [InlineData("numeric", "0.0000000000000001", "`v` has 1 digits before the point and 16 after it", "NULL", "0.000000000")]
    [InlineData("date", "'infinity'", "`v` is infinity", "NULL", "9999-12-31")]
    [InlineData("date", "'4713-01-01 BC'", "`v` is a date of about the year", "NULL", "0001-01-01")]
    [InlineData("timestamptz", "'-infinity'", "`v` is -infinity", "NULL", "0001-01-01 00:00:00+00")]
    [InlineData("timestamp", "'12345-06-07'", "`v` is a time of about the year 12345, outside 0001 to 9999", "NULL", "9999-12-31 23:59:59.999999")]
    [InlineData("int[]", "'{{1},{2}}'", "`v` is an array of 2 dimensions, the column is declared with 1", null, null)]
    public async Task Ingest_AValueThatNoColumnCanHold_IsWhatWasChosen(string type, string value, string message, string? asNull, string? asMax)
    {
        await using var database = await PostgresDatabase.CreateAsync($"CREATE TABLE t (v {type}); INSERT INTO t VALUES ({value});");
        foreach (var (choice, expected) in new[] { ("error", null), ("null", asNull), ("max", asMax) })
        {
            _lake.Write("pipelines/odd.yaml", $"source: {{postgres: '{database.Uri}', out_of_range: {choice}}}\n");
            var run = await _lake.RunAsync("ingest odd --to $B");
            Assert.Equal(expected is null ? 1 : 0, run.ExitCode);
            if (expected is null)
                Assert.Contains(message, run.Error, StringComparison.Ordinal);
            else
                Assert.Equal([expected], _lake.Rows("SELECT v FROM $files", "raw/postgres/t"));
        }
    }

    [Fact]
    public async Task Ingest_TypesThatWereAskedFor_AreUsed()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE t (a numeric, b numeric, c int[], d timestamptz, e numeric); INSERT INTO t VALUES (1e40, 0.5, '{{1},{2}}', 'infinity', 0.123456789012);");
        _lake.Write("pipelines/odd.yaml", $"source: {{postgres: '{database.Uri}', types: {{t.a: text, public.t.b: double, t.c: json, t.d: text, t.e: 'decimal(20,12)'}}}}\n");

        await _lake.DoAsync("ingest odd --to $B");

        Assert.Equal(["10000000000000000000000000000000000000000|0.5|[[1],[2]]|infinity|0.123456789012"], _lake.Rows("SELECT * EXCLUDE (dt) FROM $files", "raw/postgres/t"));
    }

    public void Dispose() => _lake.Dispose();

    private static string[] Columns => [.. Expected.Select(line => line.Split(' ')[0])];

    private static readonly string[] Expected =
    [
        "b BOOLEAN = true", "i2 SMALLINT = -32768", "i4 INTEGER = 2147483647", "i8 BIGINT = -9223372036854775808", "o BIGINT = 4294967295", "f4 FLOAT = 1.5", "f8 DOUBLE = 0.1",
        "n38 DECIMAL(38,10) = -1234567890123456789012345678.0123456789", "n5 DECIMAL(5,2) = 999.99", "nneg DECIMAL(5,0) = 12300", "nsmall DECIMAL(5,5) = .00012", "nfree DECIMAL(38,9) = 123.456000000",
        "nhuge VARCHAR = 12345678901234567890123456789012345678.5000000000", "cents DECIMAL(12,2) = 10.50", "money DECIMAL(21,4) = 12.3400",
        "txt VARCHAR = Grüße 😀", "vc VARCHAR = abc", "ch VARCHAR = ab  ", "nm VARCHAR = nm", "js VARCHAR = {\"a\": 1.10}", "jb VARCHAR = {\"a\": 1.10, \"b\": [1]}", "x VARCHAR = <a/>", "by BLOB = 00FF", "u VARCHAR = a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "d DATE = 2000-02-29", "tm VARCHAR = 24:00:00", "tmtz VARCHAR = 10:00:00.5+02", "ts TIMESTAMP = 0001-01-01 00:00:00", "tstz TIMESTAMP WITH TIME ZONE = 9999-12-31 23:59:59.999999+00", "iv VARCHAR = 1 year 2 months 3 days 04:05:06.5",
        "e VARCHAR = ok", "ia INTEGER[] = [1, NULL, 3]", "ta VARCHAR[] = []", "ea VARCHAR[] = [sad, ok]", "na DECIMAL(10,2)[] = [1.50, -2.00]", "mm INTEGER[][] = [[1, 2], [3, 4]]", "tg VARCHAR[] = [a, 'b,c']",
        "p STRUCT(x INTEGER, Y VARCHAR) = {'x': 1, 'Y': x y}", "pa STRUCT(x INTEGER, Y VARCHAR)[] = [{'x': 1, 'Y': a}, {'x': NULL, 'Y': NULL}]",
        "r4 STRUCT(lower INTEGER, upper INTEGER, lower_inclusive BOOLEAN, upper_inclusive BOOLEAN, is_empty BOOLEAN) = {'lower': 1, 'upper': 10, 'lower_inclusive': true, 'upper_inclusive': false, 'is_empty': false}",
        "rts STRUCT(lower TIMESTAMP WITH TIME ZONE, upper TIMESTAMP WITH TIME ZONE, lower_inclusive BOOLEAN, upper_inclusive BOOLEAN, is_empty BOOLEAN) = {'lower': NULL, 'upper': '2020-01-01 00:00:00+00', 'lower_inclusive': false, 'upper_inclusive': true, 'is_empty': false}",
        "rd STRUCT(lower DATE, upper DATE, lower_inclusive BOOLEAN, upper_inclusive BOOLEAN, is_empty BOOLEAN) = {'lower': NULL, 'upper': NULL, 'lower_inclusive': false, 'upper_inclusive': false, 'is_empty': true}",
        "mr STRUCT(lower INTEGER, upper INTEGER, lower_inclusive BOOLEAN, upper_inclusive BOOLEAN, is_empty BOOLEAN)[] = [{'lower': 1, 'upper': 3, 'lower_inclusive': true, 'upper_inclusive': false, 'is_empty': false}, {'lower': 5, 'upper': 8, 'lower_inclusive': true, 'upper_inclusive': false, 'is_empty': false}]",
        "inet VARCHAR = 10.0.0.1/32", "ineta VARCHAR[] = [10.0.0.0/8]", "bits VARCHAR = 101", "pt VARCHAR = (1,2)", "tsv VARCHAR = 'a':1 'b':2", "c VARCHAR = q",
    ];
}
