using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using Xunit;

namespace Ml.Tests;

/// <summary>A bucket with tables that were committed as the tools commit them.</summary>
internal sealed class Lake : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private Lake(IObjectStore store, TemporaryFolder folder) => (Store, _folder) = (store, folder);

    public IObjectStore Store { get; }

    public string Bucket => Store.Bucket.ToString();

    public string Folder => _folder.Path;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An empty bucket in a folder.</summary>
    public static Lake OnDisk()
    {
        var folder = new TemporaryFolder();
        return new(ObjectStores.Open(BucketUri.Parse(folder.Path)), folder);
    }

    /// <summary>A bucket of its own with the same objects.</summary>
    public Lake Copy()
    {
        var copy = OnDisk();
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy._folder.Path, Path.GetRelativePath(_folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    /// <summary>Puts what a SELECT answers into a table, by default replacing it.</summary>
    public async Task WriteAsync(string folder, string select, bool append = false, IReadOnlyList<string>? primaryKey = null)
    {
        var location = TableLocation.FromFolder(folder)!;
        var run = new RunContext(Store, WritingTool.Pipe, location.Table, "test 0", TimeProvider.System);
        var session = await RunSession.StartAsync(run, Cancel);
        using var database = Database.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        var local = Path.Combine(Store.ScratchFolder(session.RunId), "rows.parquet");
        var file = ParquetWriter.Write(connection, select, local, new(), Cancel);
        var key = location.KeyOf(DataFileName.New(location, session.RunId, 1));
        StagedFile[] files = [new(await Store.StageAsync(key, session.RunId, local, Cancel), null, file.Rows, file.Statistics)];
        await session.CommitAsync(
            [new(location, append ? ChangeMode.Append : ChangeMode.Overwrite, file.Schema, run.AppId, session.NextSequence, session.RunId) { Files = file.Rows == 0 ? [] : files, PrimaryKey = primaryKey ?? [] }],
            null, Cancel);
        if (file.Rows == 0)
            await Store.AbandonAsync(files[0].Staged, Cancel);
    }

    /// <summary>The rows of a query over <c>{0}</c>, the files of a table's folder on disk.</summary>
    public IReadOnlyList<object?[]> Query(string folder, string sql)
    {
        using var database = Database.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        var files = Path.Combine(_folder.Path, folder, "*.parquet");
        using var reader = connection.Query(sql.Replace("{0}", $"read_parquet({Sql.Literal(files)})", StringComparison.Ordinal), Cancel);
        var rows = new List<object?[]>();
        while (reader.NextChunk())
            for (var row = 0; row < reader.Chunk.Count; row++)
                rows.Add([.. Enumerable.Range(0, reader.Columns.Count).Select(column => reader.GetValue(column, row))]);
        return rows;
    }

    /// <summary>A document of the bucket as text.</summary>
    public async Task<string> TextAsync(string key) =>
        await Store.GetAsync(key, Cancel) is { } content ? System.Text.Encoding.UTF8.GetString(content.Bytes.Span) : throw new FileNotFoundException(key);

    /// <summary>Every key of the bucket below a prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string prefix = "") => await Store.ListAsync(prefix, null, Cancel).Select(item => item.Key).ToListAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
