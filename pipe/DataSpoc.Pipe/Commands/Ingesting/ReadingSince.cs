using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Taps;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary><c>pipe ingest --since</c>: reading begins at a time or value of its own, whatever the bookmark says.</summary>
internal static class ReadingSince
{
    /// <summary>The plan of a tap that begins there: taps take it as <c>start_date</c>. Others stay as they are.</summary>
    /// <exception cref="UserError">The source cannot be told where to begin.</exception>
    public static IngestionPlan Apply(IngestionPlan plan, string since)
    {
        if (plan.Mode == WriteMode.Overwrite)
            throw Wrong("a run that replaces its tables reads everything", "enable `incremental` in the pipeline, or add `--mode append`");
        if (plan.Table is not null)
            return plan with { FilesSince = Moment(since) };
        if (plan.Database is not null)
            return plan with { Since = since };
        if (plan.Reads is not TapPlan { Config: null or JsonObject } tap)
            throw Wrong(plan.Reads is TapPlan ? "the tap's configuration is a file, so that its start cannot be set" : "only taps, databases and files can be read from a date on",
                plan.Reads is TapPlan ? "set `start_date` there, or write the configuration into the pipeline" : "leave it out");
        var config = tap.Config?.DeepClone().AsObject() ?? [];
        config["start_date"] = DateOnly.TryParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? $"{day:yyyy-MM-dd}T00:00:00Z" : since;
        return plan with { Reads = tap with { Config = config }, Since = since };
    }

    /// <summary>A database's bookmark that says of every table with a cursor that it stopped there.</summary>
    /// <param name="source">The database.</param>
    /// <param name="bookmark">The pipeline's bookmark.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="since">A value of the cursor, in the database's spelling.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<ReadOnlyMemory<byte>> BookmarkAsync(IDiscoverableSource source, ReadOnlyMemory<byte>? bookmark, string database, string since, CancellationToken cancel)
    {
        var state = DatabaseBookmark.Parse(bookmark ?? default, database);
        var streams = (await source.DiscoverAsync(cancel)).Where(stream => stream.Cursor is not null).ToArray();
        if (streams.Length == 0)
            throw Wrong("no table of the database is read by a cursor, so that none can be read from a value on", "name one: `incremental: {enabled: true, cursor: updated_at}`");
        foreach (var stream in streams)
            state.Set(stream.Schema.Stream, new(stream.Cursor!) { Value = since });
        return state.Serialize();
    }

    private static DateTimeOffset Moment(string since) => DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
        ? moment : throw Wrong($"`{since}` is no date or time", "write 2026-01-31 or 2026-01-31T06:00:00Z");

    private static UserError Wrong(string what, string hint) => new(what) { Where = [("option", "--since")], Hint = hint, ExitCode = ExitCode.Usage };
}
