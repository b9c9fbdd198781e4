using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>Reads one table after the other out of a snapshot into a sink.</summary>
internal sealed class StreamReader(PostgresSession session, DatabaseSettings settings, ISourceSink sink, string where)
{
    /// <summary>Rows of the current table so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Reads a table, and sends the bookmark behind it.</summary>
    /// <exception cref="StreamFailure">It cannot be read; others can.</exception>
    public async Task<StreamSummary> ReadAsync(PostgresStream stream, DatabaseBookmark? bookmark, CancellationToken cancel)
    {
        Rows = 0;
        if (stream.Unreadable is { } unreadable)
        {
            await sink.SchemaAsync(stream.Schema, cancel);
            throw new StreamFailure(unreadable);
        }
        var before = settings.Anew || stream.Cursor is null ? null : bookmark?.Of(stream.Name, stream.Cursor.Column);
        var notices = new List<string>();
        if (stream.Withheld.Count > 0)
            notices.Add($"of `{stream.Name}` this user may not read {string.Join(", ", stream.Withheld.Select(column => $"`{column}`"))}: left out");
        var plan = await PlanAsync(stream, before, notices, cancel);
        var schema = stream.Schema with { Replaces = plan.Replaces };
        await sink.SchemaAsync(schema, cancel);
        var rounds = plan.IsResumable ? plan.Units.Chunk(settings.Readers).ToArray() : [[.. plan.Units]];
        using var readers = new UnitReaders(session, sink, stream, schema, where);
        for (var i = 0; i < rounds.Length; i++)
        {
            if (i > 0 && rounds[i][0] is { Part: not null } next)
                await NoteAsync(bookmark!, stream, new(stream.Cursor!.Column) { Value = plan.Until!, Part = next.Part, File = next.File, Page = next.Page }, cancel);
            Rows += await readers.ReadAsync(rounds[i], settings.Readers, cancel);
        }
        await sink.CompletedAsync(stream.Name, cancel);
        if (bookmark is not null)
            await NoteAsync(bookmark, stream, plan.Until is { } until ? new(stream.Cursor!.Column) { Value = until } : before, cancel);
        return new(stream.Name, Rows) { Notices = notices };
    }

    private async Task NoteAsync(DatabaseBookmark bookmark, PostgresStream stream, StreamBookmark? value, CancellationToken cancel)
    {
        bookmark.Set(stream.Name, value);
        await sink.StateAsync(bookmark.Serialize(), true, cancel);
    }

    private async Task<ReadPlan> PlanAsync(PostgresStream stream, StreamBookmark? before, List<string> notices, CancellationToken cancel)
    {
        if (settings.RowLimit is { } limit)
            return new([ReadPlan.Whole(stream, null, limit)]);
        if (stream.Cursor is null)
            return new(Units(stream, null, settings.Readers > 1, null)!) { Replaces = settings.Incremental };
        var query = new CursorQuery(stream, session.TimeZone);
        // a reading that was stopped in the middle goes on to where it was to end
        if (before is { Part: not null, Value: { } target } && Units(stream, query.First(target), true, before) is { } rest)
            return new(rest) { Until = target, IsResumable = true };
        if (before is { Part: not null })
            before = null;
        var until = await session.ScalarAsync(query.Until(), cancel) as string;
        if (until is "infinity" or "NaN")
            throw new StreamFailure(new UserError($"the cursor `{stream.Cursor.Column}` of `{stream.Name}` holds {until}, after which nothing can come") { Where = [("source", where), ("stream", stream.Name)], Hint = "choose another cursor, or give these rows a value" });
        if (before is null)
            return new(Units(stream, query.First(until), true, null)!) { Replaces = true, Until = until, IsResumable = until is not null };
        if (stream.CursorNullable && !stream.Cursor.Overlap && await session.ScalarAsync(query.HasNulls(), cancel) is true)
            notices.Add($"`{stream.Name}` has rows whose `{stream.Cursor.Column}` is NULL: only the first run reads such rows");
        return new(until is null ? [] : [ReadPlan.Whole(stream, query.After(before.Value, until))]) { Until = until };
    }

    // null where a reading cannot be gone on with
    private IReadOnlyList<ReadUnit>? Units(PostgresStream stream, string? filter, bool ranges, StreamBookmark? from) =>
        (ranges && session.ReadsRanges ? ReadPlan.Ranges(stream, filter, settings.Readers, from) : null) ?? (from is null ? [ReadPlan.Whole(stream, filter)] : null);
}
