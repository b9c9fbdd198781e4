using System.Text;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Tests.Bench;

/// <summary>A bucket of 1,000 tables: listing all of them, and querying one.</summary>
internal static class MountBenchmark
{
    private const int Tables = 1000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var bucket = $"file://{folder.Path}/lake-many";
        await MakeAsync(bucket, Tables / less);
        var all = await Measured.FastestAsync(3, _ => Measured.RunAsync("lens", ["sql", "select count(*) from information_schema.tables where table_schema = 'raw'", "--bucket", bucket, "-o", "csv"]));
        table.Below($"lens sql over the names of {Tables / less:n0} tables", all.Seconds, 1);
        var one = await Measured.FastestAsync(3, _ => Measured.RunAsync("lens", ["sql", "select sum(a) from raw.many_t0007", "--bucket", bucket, "-o", "csv"]));
        table.Below($"lens sql over one of {Tables / less:n0} tables", one.Seconds, 1);
    }

    /// <summary>Makes a bucket of small tables <c>raw.many_t0000</c>, ….</summary>
    public static async Task MakeAsync(string bucket, int tables)
    {
        await using var store = ObjectStores.Open(BucketUri.Parse(bucket), new() { MayBeNew = true });
        var context = new RunContext(store, WritingTool.Pipe, "many", "bench 0", TimeProvider.System);
        var session = await RunSession.StartAsync(context, default);
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var changes = new List<TableChange>();
        for (var i = 0; i < tables; i++)
        {
            var location = new TableLocation(Layer.Raw, "many", $"t{i:0000}");
            var local = Path.Combine(store.ScratchFolder(session.RunId), $"{i}.parquet");
            var file = ParquetWriter.Write(connection, $"SELECT {i}::BIGINT AS a, 'x' AS b, 1.5::DOUBLE AS c", local, new());
            var staged = await store.StageAsync(location.KeyOf(DataFileName.New(location, session.RunId, 1)), session.RunId, file.Path, default);
            changes.Add(new(location, ChangeMode.Append, file.Schema, context.AppId, session.NextSequence, session.RunId) { Files = [new(staged, null, file.Rows, file.Statistics)] });
        }
        await session.CommitAsync(changes, Encoding.UTF8.GetBytes("{}"), default);
    }
}
