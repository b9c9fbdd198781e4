using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Ml.Prediction;

/// <summary>Writes predictions into <c>ml/predictions/&lt;model&gt;</c> and commits them once (CONTRACT section 5).</summary>
/// <param name="store">The bucket.</param>
/// <param name="session">The run.</param>
/// <param name="context">Whose run it is.</param>
internal sealed class PredictionsTable(IObjectStore store, RunSession session, RunContext context)
{
    private const long FileBytes = 256L << 20;

    /// <summary>Writes the channel's rows to files and stages them; nobody sees them yet.</summary>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="channel">The rows.</param>
    /// <param name="columns">Names and types as stored.</param>
    /// <param name="cancel">Leaves nothing.</param>
    public async Task<IReadOnlyList<StagedFile>> StageAsync(
        Connection connection, ChunkChannel channel, IReadOnlyList<(string Name, LogicalType Type)> columns, CancellationToken cancel)
    {
        var location = new TableLocation(Layer.Predictions, null, context.Name);
        var files = new List<StagedFile>();
        try
        {
            while (channel.Next(cancel) == ChunkSignal.Rows)
            {
                var name = DataFileName.New(location, session.RunId, files.Count + 1);
                var local = Path.Combine(store.ScratchFolder(session.RunId), name);
                var file = ParquetWriter.Write(connection, channel, columns, local, new() { MaxBytes = FileBytes }, cancel);
                files.Add(new(await store.StageAsync(location.KeyOf(name), session.RunId, local, cancel), null, file.Rows, file.Statistics));
            }
            return files;
        }
        catch
        {
            channel.Abandon();
            foreach (var file in files)
                await store.AbandonAsync(file.Staged, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Commits the staged files as the table's rows, or adds them.</summary>
    /// <param name="files">What <see cref="StageAsync"/> gave.</param>
    /// <param name="columns">Names and types as stored.</param>
    /// <param name="append">Whether the rows that are there stay.</param>
    /// <param name="inputs">What the rows were made from.</param>
    /// <param name="cancel">Until the commit is recorded.</param>
    public async Task<CommittedChange> CommitAsync(
        IReadOnlyList<StagedFile> files, IReadOnlyList<(string Name, LogicalType Type)> columns, bool append, IReadOnlyList<string> inputs, CancellationToken cancel)
    {
        var change = new TableChange(
            new(Layer.Predictions, null, context.Name), append ? ChangeMode.Append : ChangeMode.Overwrite, StorageTypes.ToDelta(columns), context.AppId, session.NextSequence, session.RunId)
        {
            Files = files,
            Inputs = inputs,
            Tool = context.Writer,
        };
        return (await session.CommitAsync([change], null, cancel))[0];
    }
}
