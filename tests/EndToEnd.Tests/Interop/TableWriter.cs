using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using Xunit;

namespace EndToEnd.Tests.Interop;

/// <summary>Writes <c>raw/shop/orders</c> as the tools do, in modes that no command has yet.</summary>
internal sealed class TableWriter(IObjectStore store) : IDisposable
{
    private static readonly TableLocation Table = new(Layer.Raw, "shop", "orders");
    private readonly Database _database = Database.Open(new());

    public ChangeMode Append => ChangeMode.Append;

    public ChangeMode OverwritePartitions => ChangeMode.OverwritePartitions;

    public void Dispose() => _database.Dispose();

    /// <summary>One run: files of days, each the rows of a SELECT.</summary>
    public async Task CommitAsync(ChangeMode mode, params (string Day, string Select)[] files)
    {
        var cancel = TestContext.Current.CancellationToken;
        var context = new RunContext(store, WritingTool.Pipe, "orders", "pipe 0.1.0", TimeProvider.System);
        var session = await RunSession.StartAsync(context, cancel);
        using var connection = _database.Connect();
        var staged = new List<StagedFile>();
        DeltaSchema? schema = null;
        foreach (var (day, select) in files)
        {
            var path = Path.Combine(store.ScratchFolder(session.RunId), $"{staged.Count}.parquet");
            var written = ParquetWriter.Write(connection, select, path, new(), cancel);
            schema ??= new([.. written.Schema.Fields, new(DataFileName.PartitionColumn, PrimitiveType.Date)]);
            var name = DataFileName.New(Table, session.RunId, staged.Count + 1, DateOnly.ParseExact(day, "yyyy-MM-dd"));
            staged.Add(new(await store.StageAsync(Table.KeyOf(name), session.RunId, path, cancel), day, written.Rows, written.Statistics));
        }
        var change = new TableChange(Table, mode, schema!, context.AppId, session.NextSequence, session.RunId) { Files = staged, PartitionColumns = [DataFileName.PartitionColumn], Tool = context.Writer };
        await session.CommitAsync([change], null, cancel);
        Directory.Delete(store.ScratchFolder(session.RunId), recursive: true);
    }
}
