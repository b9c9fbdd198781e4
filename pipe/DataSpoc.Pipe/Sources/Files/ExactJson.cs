using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>
/// DuckDB reads the numbers of JSON as doubles, and what has more digits loses them without a word. Files in which there is such a number are read from a copy that has the numbers of
/// its column as texts; all others are read as they are.
/// </summary>
internal static class ExactJson
{
    // a number that may have more digits than a double keeps, or a larger exponent: what stands in quotes is mostly passed over
    private const string Suspicious = @"[:,\[\s]-?[0-9](?:[0-9.]{15}|[0-9.]*[eE][+-]?0*[0-9]{3})";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>The query over the files, or over copies where a number would lose digits.</summary>
    /// <param name="query">JSON files; others are left alone.</param>
    /// <param name="connection">The query's.</param>
    /// <param name="folder">For the copies; whoever made it deletes it.</param>
    /// <param name="cancel">Stops it.</param>
    public static FileQuery Of(FileQuery query, Connection connection, string folder, CancellationToken cancel)
    {
        if (query.Format != FileFormat.Json)
            return query;
        var found = query.Found(wholeFile: false);
        // who gives a floating type by name may have the numbers rounded
        var floating = found.Zip(query.Reading.Typed(found)).Where(column => MayLose(column.First.Type) && !(query.Reading.Types.ContainsKey(column.First.Name) && column.Second.Type.Kind is LogicalKind.Double or LogicalKind.Float))
            .Select(column => column.First.Name).ToHashSet(StringComparer.Ordinal);
        if (floating.Count == 0)
            return query;
        var losing = Losing(query, connection, floating, cancel);
        if (losing.Count == 0)
            return query;
        var numbers = found.Where(column => losing.Contains(column.Name) && column.Type.Kind == LogicalKind.Double).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        Directory.CreateDirectory(folder);
        var copies = query.Paths.Select((path, i) => Copy(connection, path, query.Compression, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"exact-{Guid.NewGuid():N}-{i}.ndjson")), losing, numbers, cancel)).ToArray();
        return new(connection, FileKind.Of(copies[0]), copies) { Reading = query.Reading, Names = query.Names.Count > 0 ? query.Names : query.Paths, Exact = losing };
    }

    private static bool MayLose(LogicalType type) => type.Kind == LogicalKind.Double || type.Equals(LogicalType.Json) || type.Fields.Any(field => MayLose(field.Type));

    private static string Records(IReadOnlyList<string> paths, string compression) =>
        $"read_json_objects([{string.Join(", ", paths.Select(path => Sql.Literal(GlobPath.Literal(path))))}], compression = '{compression}', maximum_object_size = 268435456)";

    private static HashSet<string> Losing(FileQuery query, Connection connection, HashSet<string> floating, CancellationToken cancel)
    {
        var found = new LongNumbers(floating);
        try
        {
            if (query.Compression == "zstd")
                foreach (var record in Texts(connection, Records(query.Paths, query.Compression), cancel))
                    found.Read(Encoding.UTF8.GetBytes(record));
            else
                foreach (var path in query.Paths)
                    found.Read(path, query.Compression == "gzip", cancel);
        }
        catch (JsonException error)
        {
            // DuckDB takes NaN and Infinity for numbers, which no JSON has
            if (Texts(connection, $"{Records(query.Paths, query.Compression)} WHERE regexp_matches(json, {Sql.Literal(Suspicious)}) LIMIT 1", cancel).Any())
                throw new UserError("a number with more digits than a DOUBLE holds stands in a file that is not JSON in the strict sense", error)
                {
                    Where = [("file", string.Join(", ", query.Paths)), ("reason", error.Message)],
                    Hint = $"write null instead of NaN, or have the numbers rounded: {string.Join(" ", floating.Order(StringComparer.Ordinal).Take(3).Select(name => $"--type {name}=double"))}",
                };
        }
        return found.Losing;
    }

    private static string Copy(Connection connection, string path, string compression, string copy, HashSet<string> losing, HashSet<string> numbers, CancellationToken cancel)
    {
        using var file = File.Create(copy);
        var line = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(line, Relaxed);
        foreach (var record in Texts(connection, Records([path], compression), cancel))
        {
            using var document = JsonDocument.Parse(record, Deep);
            Write(json, document.RootElement, losing, numbers);
            json.Flush();
            file.Write(line.WrittenSpan);
            file.WriteByte((byte)'\n');
            line.ResetWrittenCount();
            json.Reset();
        }
        return copy;
    }

    // a column of numbers gets their texts; one of anything else the JSON that it was
    private static void Write(Utf8JsonWriter json, JsonElement record, HashSet<string> losing, HashSet<string> numbers)
    {
        json.WriteStartObject();
        foreach (var field in record.EnumerateObject())
        {
            json.WritePropertyName(field.Name);
            if (losing.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.Null && !(numbers.Contains(field.Name) && field.Value.ValueKind == JsonValueKind.String))
                json.WriteStringValue(field.Value.GetRawText());
            else
                json.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static IEnumerable<string> Texts(Connection connection, string from, CancellationToken cancel)
    {
        using var result = connection.Query($"SELECT json FROM {from}", cancel);
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                if (result.GetText(0, row) is { } record)
                    yield return record;
    }
}
