using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace Lens.Tests;

/// <summary>A bucket of one test, written by the code that writes buckets: staged files, run commits, manifests.</summary>
internal sealed class Lake(IObjectStore store) : IAsyncDisposable
{
    private readonly Database _database = Database.Open(new());
    private readonly List<string> _folders = [];

    public IObjectStore Store => store;

    public string Uri => store.Bucket.ToString();

    /// <summary>The bucket's folder, where it has one.</summary>
    public string Folder => store.Bucket.Path;

    /// <summary>A bucket in a new folder, which is gone with it.</summary>
    public static Lake New(string name = "lake")
    {
        var parent = Directory.CreateTempSubdirectory("lens-tests-").FullName;
        var lake = new Lake(ObjectStores.Open(new("file", "", Path.Combine(parent, name)), new() { MayBeNew = true }));
        lake._folders.Add(parent);
        return lake;
    }

    /// <summary>Commits what a SELECT answers to a table; where it has a column <c>dt</c>, one file per day.</summary>
    public async Task WriteAsync(string folder, string select, ChangeMode mode = ChangeMode.Append)
    {
        var location = TableLocation.FromFolder(folder) ?? throw new ArgumentException($"`{folder}` is no table", nameof(folder));
        var tool = location.Layer switch { Layer.Gold => WritingTool.Lens, _ when location.Layer.IsMl => WritingTool.Ml, _ => WritingTool.Pipe };
        var context = new RunContext(store, tool, $"{location.Source}{location.Table}", "tests 1.0", TimeProvider.System);
        var session = await RunSession.StartAsync(context, CancellationToken.None);
        var scratch = store.ScratchFolder(session.RunId);
        using var connection = _database.Connect();
        var days = Days(connection, select);
        var files = new List<StagedFile>();
        DeltaSchema? schema = null;
        foreach (var day in days)
        {
            var rows = day is null ? select : $"SELECT * EXCLUDE (dt) FROM ({select}) WHERE dt = '{day:yyyy-MM-dd}'";
            var file = ParquetWriter.Write(connection, rows, Path.Combine(scratch, $"{files.Count}.parquet"), new());
            schema ??= file.Schema;
            var name = DataFileName.New(location, session.RunId, files.Count + 1, day);
            var staged = await store.StageAsync(location.KeyOf(name), session.RunId, file.Path, CancellationToken.None);
            files.Add(new(staged, day is { } value ? DataFileName.PartitionValue(value) : null, file.Rows, file.Statistics));
        }
        var change = new TableChange(location, mode, schema!, context.AppId, session.NextSequence, session.RunId)
        {
            Files = files,
            PartitionColumns = days[0] is null ? [] : [DataFileName.PartitionColumn],
            Tool = "tests 1.0",
        };
        await session.CommitAsync([change], null, CancellationToken.None);
    }

    /// <summary>Writes what a SELECT answers into a file of the bucket's folder, as DataSpoc 1.0 or a stranger did.</summary>
    public void WriteFile(string key, string select)
    {
        var path = Path.Combine(Folder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var connection = _database.Connect();
        connection.Execute($"COPY ({select}) TO {DataSpoc.Contracts.DuckDb.Sql.Literal(path)} (FORMAT parquet)");
    }

    /// <summary>Writes a text into a file of the bucket's folder.</summary>
    public void WriteText(string key, string text)
    {
        var path = Path.Combine(Folder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        await store.DisposeAsync();
        foreach (var folder in _folders)
            Directory.Delete(folder, recursive: true);
    }

    private static List<DateOnly?> Days(Connection connection, string select)
    {
        using (var columns = connection.Query($"SELECT * FROM ({select}) LIMIT 0"))
            if (!columns.Columns.Any(column => column.Name == DataFileName.PartitionColumn))
                return [null];
        using var answer = connection.Query($"SELECT DISTINCT dt::DATE FROM ({select}) ORDER BY 1");
        var days = new List<DateOnly?>();
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                days.Add((DateOnly?)answer.GetValue(0, row));
        return days;
    }
}
