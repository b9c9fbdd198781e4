using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Singer;
using Xunit;

namespace Pipe.Tests.Sources.Singer;

/// <summary>Recorded output of real taps and the Meltano SDK's standard streams.</summary>
public sealed class SharedStreamsTests
{
    private static readonly string[] Failing = ["invalid_schema", "record_before_schema", "record_missing_key_property", "invalid-message-order", "messages-with-invalid-records"];

    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        var singer = SharedData.Find("singer");
        if (singer is null)
            return new TheoryData<string>("none");
        foreach (var line in File.ReadLines(Path.Combine(singer, "EXPECTED_COUNTS.jsonl")))
        {
            using var expected = JsonDocument.Parse(line);
            if (Locate(singer, expected.RootElement.GetProperty("file").GetString()!) is not null)
                data.Add(line);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public async Task Read_RecordedStream_GivesTheExpectedRecordsAndState(string expectation)
    {
        var singer = SharedData.Require("singer");
        using var document = JsonDocument.Parse(expectation);
        var expected = document.RootElement;
        var file = expected.GetProperty("file").GetString()!;
        if (expected.GetProperty("invalid_json_lines").GetInt32() > 0 || Failing.Any(name => file.Contains(name, StringComparison.Ordinal)))
            return;
        var sink = new RecordingSink();
        await using var input = File.OpenRead(Locate(singer, file)!);
        var summary = await new SingerReader(input, new SingerOptions { Origin = file }).ReadAsync(sink, TestContext.Current.CancellationToken);
        Assert.Empty(sink.Failures);
        foreach (var stream in expected.GetProperty("streams").EnumerateObject())
        {
            var rows = sink.Rows[stream.Name];
            Assert.Equal(stream.Value.GetProperty("records").GetInt32(), rows.Count);
            Assert.Equal(rows.Count, summary.Streams.Single(s => s.Stream == stream.Name).Records);
            Assert.Equal(stream.Value.GetProperty("n_columns").GetInt32(), sink.Schemas[stream.Name].Columns.Count(c => !c.Undeclared));
            var keys = stream.Value.GetProperty("key_properties").EnumerateArray().Select(k => k.GetString()!).ToList();
            Assert.Equal(keys, sink.Schemas[stream.Name].KeyProperties);
            if (keys.Count > 0)
                Assert.Equal(stream.Value.GetProperty("distinct_keys").GetInt32(), rows.Select(r => Column(r, keys[0])).Distinct().Count());
            var deleted = rows.Count(r => r.Contains("_sdc_deleted_at=2", StringComparison.Ordinal));
            Assert.Equal(stream.Value.GetProperty("records_with_sdc_deleted_at").GetInt32(), deleted);
        }
        CompareValues(Locate(singer, file)!, sink);
        var state = expected.GetProperty("last_state");
        if (state.ValueKind == JsonValueKind.Null || !state.EnumerateObject().Any())
            Assert.Empty(sink.States);
        else
            Assert.True(JsonElement.DeepEquals(state, JsonDocument.Parse(sink.States[^1]).RootElement));
    }

    // every field of every record, as an ordinary JSON reader sees it
    private static void CompareValues(string file, RecordingSink sink)
    {
        var next = sink.Values.Keys.ToDictionary(stream => stream, _ => 0);
        foreach (var line in File.ReadLines(file))
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.GetProperty("type").GetString() != "RECORD")
                continue;
            var stream = message.RootElement.GetProperty("stream").GetString()!;
            var row = sink.Values[stream][next[stream]++];
            var types = sink.Schemas[stream].Columns.ToDictionary(column => column.SourceName, column => column.Type.Kind);
            foreach (var field in message.RootElement.GetProperty("record").EnumerateObject())
                Assert.True(Agrees(field.Value, types[field.Name], row[field.Name]), $"{file}: `{stream}.{field.Name}` is {field.Value.GetRawText()}, and became {row[field.Name]} ({types[field.Name]})");
        }
    }

    private static bool Agrees(JsonElement value, LogicalKind kind, string became) => (value.ValueKind, kind) switch
    {
        (JsonValueKind.Null, _) => became == "null",
        (JsonValueKind.True or JsonValueKind.False, _) => became == value.GetRawText(),
        (JsonValueKind.String, LogicalKind.TimestampTz) => DateTimeOffset.Parse(became, CultureInfo.InvariantCulture) == DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        (JsonValueKind.String, LogicalKind.Date) => value.GetString()!.StartsWith(became, StringComparison.Ordinal),
        // a column of any type holds JSON
        (JsonValueKind.String, LogicalKind.Varchar) => became == value.GetString() || became == value.GetRawText(),
        (JsonValueKind.Number, LogicalKind.Double) => double.Parse(became, CultureInfo.InvariantCulture) == value.GetDouble(),
        (JsonValueKind.Number or JsonValueKind.String, LogicalKind.Decimal or LogicalKind.BigInt or LogicalKind.Integer) => decimal.Parse(became, CultureInfo.InvariantCulture) == decimal.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        // as text, or with its own fields, which the conformance rules compare
        (JsonValueKind.Object or JsonValueKind.Array, _) => became.Length > 1,
        _ => became == value.ToString(),
    };

    private static string Column(string row, string name) => row.Split(", ").First(c => c.StartsWith(name + "=", StringComparison.Ordinal));

    private static string? Locate(string singer, string file)
    {
        var path = Path.Combine(singer, file.Replace("meltano-sdk/singer_sdk/testing/", "meltano-sdk/", StringComparison.Ordinal));
        return File.Exists(path) ? path : null;
    }
}
