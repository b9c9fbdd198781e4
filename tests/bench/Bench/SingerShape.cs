using System.Globalization;
using System.Text;

namespace DataSpoc.Tests.Bench;

/// <summary>Records of one kind.</summary>
/// <param name="Name">As the report calls them.</param>
/// <param name="Properties">The properties of their JSON Schema.</param>
/// <param name="Columns">The same for DuckDB's <c>read_json</c>.</param>
/// <param name="Record">The JSON of the i-th.</param>
internal sealed record SingerShape(string Name, string Properties, string Columns, Func<int, Random, string> Record)
{
    private static readonly string[] Cities = ["Lisbon", "Hamburg", "Kraków", "São Paulo", "Osaka", "Nairobi"];
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Orders: 8 fields of 6 types.</summary>
    public static SingerShape Eight { get; } = new(
        "8 fields",
        """ "id":{"type":"integer"},"customer":{"type":"string"},"amount":{"type":"number","multipleOf":0.01,"minimum":0,"maximum":9999999999},"quantity":{"type":"integer"},"paid":{"type":"boolean"},"created_at":{"type":"string","format":"date-time"},"city":{"type":["null","string"]},"note":{"type":["null","string"]}""",
        "id: 'BIGINT', customer: 'VARCHAR', amount: 'DECIMAL(12,2)', quantity: 'BIGINT', paid: 'BOOLEAN', created_at: 'TIMESTAMPTZ', city: 'VARCHAR', note: 'VARCHAR'",
        (i, random) => "{" + Order(i, random) + "}");

    /// <summary>A wide table: six times the order and 12 more numbers and texts.</summary>
    public static SingerShape Sixty { get; } = new(
        "60 fields",
        string.Join(',', Enumerable.Range(0, 60).Select(f => $"\"f{f}\":{(f % 5) switch
        {
            0 => """{"type":["null","integer"]}""",
            1 => """{"type":["null","string"]}""",
            2 => """{"type":"number","multipleOf":0.01,"minimum":0,"maximum":9999999999}""",
            3 => """{"type":["null","string"],"format":"date-time"}""",
            _ => """{"type":["null","boolean"]}""",
        }}")),
        string.Join(", ", Enumerable.Range(0, 60).Select(f => $"f{f}: '{(f % 5) switch { 0 => "BIGINT", 1 => "VARCHAR", 2 => "DECIMAL(12,2)", 3 => "TIMESTAMPTZ", _ => "BOOLEAN" }}'")),
        Wide);

    /// <summary>An order with a customer, an address and lines.</summary>
    public static SingerShape Nested { get; } = new(
        "nested",
        """ "id":{"type":"integer"},"customer":{"type":"object","properties":{"name":{"type":"string"},"address":{"type":"object","properties":{"city":{"type":"string"},"zip":{"type":["null","string"]}}}}},"lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"},"quantity":{"type":"integer"},"price":{"type":"number","multipleOf":0.01,"minimum":0,"maximum":9999999999}}}},"tags":{"type":"array","items":{"type":"string"}},"created_at":{"type":"string","format":"date-time"}""",
        "id: 'BIGINT', customer: 'STRUCT(name VARCHAR, address STRUCT(city VARCHAR, zip VARCHAR))', lines: 'STRUCT(sku VARCHAR, quantity BIGINT, price DECIMAL(12,2))[]', tags: 'VARCHAR[]', created_at: 'TIMESTAMPTZ'",
        (i, random) => string.Create(CultureInfo.InvariantCulture, $$$"""{"id":{{{i}}},"customer":{"name":"customer-{{{random.Next(100_000)}}}","address":{"city":"{{{Cities[i % 6]}}}","zip":null}},"lines":[{{{string.Join(',', Enumerable.Range(0, 1 + (i % 3)).Select(_ => Line(random)))}}}],"tags":["new","{{{(i % 2 == 0 ? "web" : "shop")}}}"],"created_at":"{{{Start.AddSeconds(i):yyyy-MM-ddTHH:mm:ss}}}Z"}"""));

    /// <summary>Writes Singer messages, and the bare records beside them.</summary>
    public void Write(string singer, string? plain, int records)
    {
        using var messages = new StreamWriter(singer, false, new UTF8Encoding(false), 1 << 20);
        using var lines = plain is null ? null : new StreamWriter(plain, false, new UTF8Encoding(false), 1 << 20);
        messages.WriteLine("{\"type\":\"SCHEMA\",\"stream\":\"orders\",\"schema\":{\"properties\":{" + Properties + "}},\"key_properties\":[]}");
        var random = new Random(1);
        for (var i = 0; i < records; i++)
        {
            var record = Record(i, random);
            messages.Write("""{"type":"RECORD","stream":"orders","record":""");
            messages.Write(record);
            messages.WriteLine('}');
            lines?.WriteLine(record);
        }
        messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"STATE\",\"value\":{{\"id\":{records}}}}}"));
    }

    private static string Order(int i, Random random)
    {
        var city = i % 7 == 0 ? "null" : $"\"{Cities[random.Next(Cities.Length)]}\"";
        return string.Create(CultureInfo.InvariantCulture, $"\"id\":{i},\"customer\":\"customer-{random.Next(100_000):00000}\",\"amount\":{random.Next(1_000_000) / 100m:0.00},\"quantity\":{random.Next(1, 20)},\"paid\":{(random.Next(2) == 0 ? "true" : "false")},\"created_at\":\"{Start.AddSeconds(i):yyyy-MM-ddTHH:mm:ss}Z\",\"city\":{city},\"note\":\"left at the door {random.Next(1000)}\"");
    }

    private static string Line(Random random) => string.Create(CultureInfo.InvariantCulture, $"{{\"sku\":\"sku-{random.Next(5000):0000}\",\"quantity\":{random.Next(1, 9)},\"price\":{random.Next(100_000) / 100m:0.00}}}");

    private static string Wide(int i, Random random)
    {
        var text = new StringBuilder("{");
        for (var f = 0; f < 60; f++)
            text.Append(CultureInfo.InvariantCulture, $"{(f == 0 ? "" : ",")}\"f{f}\":{(f % 5) switch
            {
                0 => (i + f).ToString(CultureInfo.InvariantCulture),
                1 => $"\"text {random.Next(10_000)} of {f}\"",
                2 => (random.Next(1_000_000) / 100m).ToString("0.00", CultureInfo.InvariantCulture),
                3 => (i + f) % 11 == 0 ? "null" : $"\"{Start.AddSeconds(i + f):yyyy-MM-ddTHH:mm:ss}Z\"",
                _ => random.Next(2) == 0 ? "true" : "false",
            }}");
        return text.Append('}').ToString();
    }
}
