using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// Fields such as <c>_sdc_deleted_at</c>, which taps add to records without declaring them (Meltano SDK, "Record metadata"; PipelineWise).
/// They are welcome even where the schema allows no other fields, and text like every field without a declared type: real taps write
/// <c>2019-12-18T13:19:44+00:00+00:00</c> into them.
/// </summary>
internal static class SingerMetadata
{
    /// <summary>The column that says which version of the table a row belongs to, where a tap versions its tables; the name is the Meltano SDK's.</summary>
    public static StreamColumn Version { get; } = new("_sdc_table_version", LogicalType.BigInt, true) { SourceName = "_sdc_table_version", Undeclared = true };

    /// <summary>The column that gets a record's <c>time_extracted</c>.</summary>
    public static StreamColumn ExtractedAt(string name) => new(name, LogicalType.TimestampTz, true) { SourceName = name, Undeclared = true };

    public static bool Includes(string path) => path.StartsWith("_sdc_", StringComparison.Ordinal);
}
