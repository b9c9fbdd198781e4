using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Ingestion.Masking;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// How rows of a source are written to a local file: each column as the table stores it. Where records can be rejected, three columns say which are: why, the record as JSON, and
/// its number; they never leave this machine.
/// </summary>
internal sealed class LandedRows
{
    /// <summary>Why a row is rejected; NULL: it is not.</summary>
    public const string Reason = "__dataspoc_reason";

    /// <summary>A rejected record as JSON.</summary>
    public const string Record = "__dataspoc_record";

    /// <summary>A rejected record's number in its stream, from 1.</summary>
    public const string Number = "__dataspoc_number";

    /// <summary>How many columns tell of rejected records: these three, the last ones.</summary>
    public const int Told = 3;

    private LandedRows(IReadOnlyList<(string Name, LogicalType Type)> columns, IReadOnlyList<string> values) => (Columns, Values) = (columns, values);

    /// <summary>The file's columns.</summary>
    public IReadOnlyList<(string Name, LogicalType Type)> Columns { get; }

    /// <summary>What is written into each, in SQL over the source's columns.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Whether some columns need the salt of hashes.</summary>
    public bool Hashes { get; private init; }

    /// <summary>The types as the source brought them, as JSON: with them a rejected record can be read again.</summary>
    public string Types { get; private init; } = "{}";

    /// <param name="columns">The source's columns.</param>
    /// <param name="inputs">Their values in SQL, one per column.</param>
    /// <param name="before">Records of the stream that came before these.</param>
    public static LandedRows Of(IReadOnlyList<AdmittedColumn> columns, IReadOnlyList<string> inputs, long before)
    {
        var stored = columns.Zip(inputs).Where(column => column.First.Name is not null).ToArray();
        var names = stored.Select(column => (column.First.Name!, column.First.Type)).ToList();
        var values = stored.Select(column => column.First.Value(column.Second)).ToList();
        if (columns.Any(column => column.Rejects))
        {
            var reasons = columns.Zip(inputs).Select(column => (column.First.Reason, When: column.First.Rejection(column.Second))).Where(reason => reason.When is not null);
            var reason = $"CASE {string.Join(" ", reasons.Select(one => $"WHEN {one.When} THEN {Sql.Literal(one.Reason)}"))} END";
            var record = string.Join(", ", columns.Zip(inputs).Select(column => (column.First.SourceName, Told: column.First.Told(column.Second))).Where(one => one.Told is not null).Select(one => $"{Sql.Literal(one.SourceName)}: {one.Told}"));
            names.AddRange([(Reason, LogicalType.Varchar), (Record, LogicalType.Varchar), (Number, LogicalType.BigInt)]);
            values.AddRange([reason, $"CASE WHEN {reason} IS NOT NULL THEN CAST(to_json({{{record}}}) AS VARCHAR) END", FormattableString.Invariant($"row_number() OVER () + {before}")]);
        }
        return new(names, values)
        {
            Hashes = columns.Any(column => column.Mask?.Kind == MaskKind.Hash),
            Types = new JsonObject(columns.Select(column => KeyValuePair.Create(column.SourceName, (JsonNode?)(column.Mask is null ? column.Incoming : LogicalType.Varchar).ToString()))).ToJsonString(),
        };
    }
}
