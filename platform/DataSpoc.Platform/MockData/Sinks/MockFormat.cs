namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>The formats of mock files.</summary>
internal enum MockFormat
{
    Csv,
    Ndjson,
    Parquet,
}
