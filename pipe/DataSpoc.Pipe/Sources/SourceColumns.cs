namespace DataSpoc.Pipe.Sources;

/// <summary>Columns that a source adds to its rows, which say something about the row.</summary>
internal static class SourceColumns
{
    /// <summary>The version of the table a row belongs to (Singer's <c>version</c>); the name is the Meltano SDK's.</summary>
    public const string Version = "_sdc_table_version";
}
