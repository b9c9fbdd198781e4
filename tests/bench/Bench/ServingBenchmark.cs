using System.Diagnostics;
using System.Net;
using System.Text;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Serving;
using DataSpoc.Ml.Training;

namespace DataSpoc.Tests.Bench;

/// <summary>One row per request, 500 requests a second, each at its own time whatever the others take.</summary>
internal static class ServingBenchmark
{
    private const int PerSecond = 500;
    private const int Columns = 20;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        await using var store = ObjectStores.Open(BucketUri.Parse($"file://{folder.Path}/lake-serve"), new() { MayBeNew = true });
        await RegisterAsync(store);
        await using var server = await ModelServer.StartAsync(new(new ModelCatalog(store), ModelReference.Parse("m"), 1), null, new(IPAddress.Loopback, 0), new(), static _ => { }, TimeProvider.System, default);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new(server.Address) };
        var body = Encoding.UTF8.GetBytes("{" + string.Join(",", Enumerable.Range(0, Columns).Select(c => $"\"n{c}\":{c * 3}.5")) + "}");
        await AskAsync(http, body, 2);
        var times = await AskAsync(http, body, Math.Max(2, 20 / less));
        Array.Sort(times);
        table.Below($"serve, one row at {PerSecond}/s, 100 trees: half of {times.Length:n0} requests within", times[times.Length / 2], 0.002);
        table.Below("… 99 of 100 within", times[times.Length * 99 / 100], 0.010);
    }

    private static async Task<double[]> AskAsync(HttpClient http, byte[] body, int seconds)
    {
        var asked = new List<Task<double>>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < seconds * PerSecond; i++)
        {
            var due = (double)i / PerSecond;
            if (clock.Elapsed.TotalSeconds < due)
                await Task.Delay(TimeSpan.FromSeconds(Math.Max(0.001, due - clock.Elapsed.TotalSeconds)));
            asked.Add(OneAsync(http, body));
        }
        return await Task.WhenAll(asked);
    }

    private static async Task<double> OneAsync(HttpClient http, byte[] body)
    {
        var clock = Stopwatch.StartNew();
        using var content = new ByteArrayContent(body);
        using var response = await http.PostAsync("/predict", content);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task RegisterAsync(IObjectStore store)
    {
        var target = new Target("y", "BOOLEAN", LearningTask.Binary, ["false", "true"]);
        PreparedColumn[] columns = [.. Enumerable.Range(0, Columns).Select(c => new PreparedColumn($"n{c}", "DOUBLE", ColumnKind.Number, [$"n{c}"]))];
        var values = new FloatTable(Columns);
        var labels = new float[20_000];
        for (var i = 0; i < labels.Length; i++)
        {
            var row = values.Append(1);
            for (var c = 0; c < Columns; c++)
                row[c] = (float)RowHash.Share(c, (ulong)i) * 100;
            labels[i] = row[0] + row[1] > 100 ? 1 : 0;
        }
        var learning = new LearningTable(values, [.. Enumerable.Range(0, Columns)], new TablePreparation(columns, []).Features, labels, target);
        using var trainer = new Trainer(learning, new(target, "auc"), 42, Environment.ProcessorCount);
        var model = trainer.Grow([.. Enumerable.Range(0, labels.Length)], new(), 100, null, default);
        var run = new TrainingRunDocument(ModelDocuments.Version, Guid.NewGuid().ToString("N"), VersionStatus.Writing, "m", 0, "bench", "xgboost", [], "t", 42, model.Parameters, DateTimeOffset.UnixEpoch);
        var features = new FeaturesDocument(ModelDocuments.Version, "m", 0, target, columns, [], [], "t");
        var metrics = new MetricsDocument(ModelDocuments.Version, "m", 0, LearningTask.Binary, "auc", new(0, 0, 0, 0, 0), new Dictionary<string, double>(), new Dictionary<string, double>(), 100, []);
        await new ModelRegistration(store, TimeProvider.System).RegisterAsync(new(run, features, metrics, model.Model), "bench", default);
    }
}
