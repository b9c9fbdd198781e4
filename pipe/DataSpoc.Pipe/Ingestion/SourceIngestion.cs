using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Runs a source that pushes rows (a Singer tap, later a database) into the tables of a bucket.</summary>
internal static class SourceIngestion
{
    /// <summary>Reads the source to its end and commits.</summary>
    /// <returns>What was done; streams that failed are named in it, the others are committed.</returns>
    /// <exception cref="UserError">The source or the bucket failed; what had been committed on the way stays.</exception>
    public static async Task<RunResult> RunAsync(ISource source, LoadTarget target, CommitPolicy policy, Func<ReadOnlyMemory<byte>, CancellationToken, Task>? acknowledge, CancellationToken cancel)
    {
        var sink = new IngestionSink(target, policy) { Acknowledge = acknowledge };
        try
        {
            var summary = await source.ReadAsync(sink, cancel);
            await sink.CompleteAsync(cancel);
            return ResultOf(target, sink, null) with { Notices = [.. summary.Streams.SelectMany(NoticesOf), .. sink.Streams.SelectMany(stream => stream.Value.Table.Notices)] };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // a writer gave up its channel: its own error is the reason
            var reason = await WriterErrorAsync(sink);
            await sink.DiscardAsync();
            return ResultOf(target, sink, reason);
        }
        catch (UserError error)
        {
            var reason = MisfitIn(error) is null ? error : await WriterErrorAsync(sink);
            await sink.DiscardAsync();
            return ResultOf(target, sink, reason);
        }
        catch
        {
            await sink.DiscardAsync();
            throw;
        }
    }

    private static async Task<UserError> WriterErrorAsync(IngestionSink sink)
    {
        foreach (var (stream, load) in sink.Streams)
            try
            {
                await load.ThrowIfFailedAsync();
            }
            catch (UserError error)
            {
                return MisfitIn(error) is { } misfit ? Misfit($"{misfit}, in `{stream}`", load, error) : error;
            }
        throw new InvalidOperationException("A writer stopped without a reason");
    }

    private static string? MisfitIn(UserError error) => error.InnerException is DuckDbException reason ? TypeRefusal.In(reason) : null;

    private static UserError Misfit(string what, StreamLoad load, UserError error) => new(what, error)
    {
        Where = [("table", load.Table.Location.Folder)],
        Hint = "correct the type (`types:`), or have such records kept apart: `schema: {types: quarantine}`",
        ExitCode = ExitCode.Refused,
    };

    // what the source did not declare is kept, and said
    private static IEnumerable<string> NoticesOf(StreamSummary stream)
    {
        foreach (var notice in stream.Notices)
            yield return notice;
        if (stream.UndeclaredFields.Count > 0)
            yield return $"`{stream.Stream}` brought fields that its schema does not declare, they became columns: {string.Join(", ", stream.UndeclaredFields.Take(10).Select(field => $"`{field}`"))}{(stream.UndeclaredFields.Count > 10 ? " …" : "")}";
        if (stream.ReplacedSurrogates > 0)
            yield return $"`{stream.Stream}` brought texts with {stream.ReplacedSurrogates} halves of surrogate pairs, which became U+FFFD";
        if (stream.FarDates > 0)
            yield return $"`{stream.Stream}` brought {stream.FarDates} dates outside the years 0001 to 9999, which became the nearest one or NULL, as `out_of_range` says";
    }

    private static RunResult ResultOf(LoadTarget target, IngestionSink sink, UserError? error) =>
        new(target.Session.RunId, [.. sink.Streams.Select(stream => StreamOf(stream.Key, stream.Value, sink)), .. sink.Unannounced.Select(stream => new StreamResult(stream.Key, target.Table(sink.TableNameOf(stream.Key)), 0, 0, 0, stream.Value))], error);

    private static StreamResult StreamOf(string name, StreamLoad load, IngestionSink sink)
    {
        var (files, bytes, rows) = sink.Committed.GetValueOrDefault(name);
        return new(name, load.Table.Location, rows, files, bytes, load.Failure) { Rejected = load.Table.Rejected.Total, Checks = load.Checks };
    }
}
