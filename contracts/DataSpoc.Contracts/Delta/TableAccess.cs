namespace DataSpoc.Contracts.Delta;

/// <summary>
/// What this suite may read and write (Delta protocol, "Table Features"): a table that needs more is refused by the name of what it needs, as its rows might come out wrong.
/// </summary>
internal static class TableAccess
{
    // v2Checkpoint changes only how the log is read, vacuumProtocolCheck only who may vacuum; columnMapping is decided by its mode
    private static readonly string[] ReadableFeatures =
        [TableFeatures.TimestampNtz, TableFeatures.V2Checkpoint, TableFeatures.VacuumProtocolCheck, TableFeatures.ColumnMapping];

    private static readonly string[] WritableFeatures = [TableFeatures.TimestampNtz, TableFeatures.AppendOnly, TableFeatures.Invariants];

    /// <exception cref="UserError">The table needs a reader that knows more.</exception>
    public static void RequireReadable(string table, Protocol protocol, Metadata metadata, IEnumerable<AddFile> files)
    {
        if (protocol.MinReaderVersion > 3)
            throw Refused(table, "read", $"Delta reader version {protocol.MinReaderVersion}", "up to 3 is supported");
        if (protocol.MinReaderVersion == 3)
            foreach (var feature in protocol.ReaderFeatures ?? [])
                if (!ReadableFeatures.Contains(feature))
                    throw Refused(table, "read", $"the Delta feature `{feature}`");
        if (protocol.MinReaderVersion >= 2 && metadata.Configuration.TryGetValue("delta.columnMapping.mode", out var mode) && mode != "none")
            throw Refused(table, "read", $"the Delta feature `{TableFeatures.ColumnMapping}` (mode `{mode}`)");
        if (SchemaWalk.Find(metadata.Schema, field => field.Type is UnsupportedType) is var (column, unknown))
            throw Refused(table, "read", $"the type `{unknown.Type}`", $"of the column `{column}`");
        foreach (var file in files)
        {
            if (file.HasDeletionVector)
                throw Refused(table, "read", $"the Delta feature `{TableFeatures.DeletionVectors}`", $"`{file.Path}` has one");
            if (!LogPath.IsInside(file.Path))
                throw Refused(table, "read", "a data file outside its folder", file.Path);
        }
    }

    /// <exception cref="UserError">The table needs a writer that knows more, or its columns have conditions.</exception>
    public static void RequireWritable(string table, Protocol protocol, Metadata metadata)
    {
        if (protocol.MinWriterVersion is > 2 and < 7)
            throw Refused(table, "written", $"Delta writer version {protocol.MinWriterVersion}", "1, 2, and 7 with features that are known here are supported");
        if (protocol.MinWriterVersion > 7)
            throw Refused(table, "written", $"Delta writer version {protocol.MinWriterVersion}", "up to 7 is supported");
        if (protocol.MinWriterVersion == 7)
            foreach (var feature in protocol.WriterFeatures ?? [])
                if (!WritableFeatures.Contains(feature))
                    throw Refused(table, "written", $"the Delta feature `{feature}`");
        if (protocol.MinWriterVersion >= 2 && SchemaWalk.Find(metadata.Schema, field => field.Metadata?.ContainsKey("delta.invariants") == true) is var (column, _))
            throw Refused(table, "written", "a column invariant", $"of `{column}`");
    }

    /// <exception cref="UserError">Rows of the table may only be added.</exception>
    public static void RequireRemovable(string table, Metadata metadata)
    {
        if (metadata.Configuration.TryGetValue("delta.appendOnly", out var only) && string.Equals(only, "true", StringComparison.OrdinalIgnoreCase))
            throw new UserError($"rows of `{table}` cannot be replaced: the table is append-only")
            {
                Where = [("table", table), ("property", "delta.appendOnly = true")],
                Hint = "append to it, or let whoever made the table remove the property",
                ExitCode = ExitCode.Refused,
            };
    }

    private static UserError Refused(string table, string verb, string needs, string? detail = null) => new($"`{table}` cannot be {verb}: it needs {needs}")
    {
        Where = detail is null ? [("table", table)] : [("table", table), ("detail", detail)],
        Hint = verb == "read"
            ? "read it with the engine that wrote it, or let that engine rewrite the table without this"
            : "write it with the engine that made it, or ingest into another table",
        ExitCode = ExitCode.Refused,
    };
}
