using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Serving;

/// <summary>
/// <c>monitoring.&lt;model&gt;_requests</c>: the rows that a server answered, with the answers, the version and the time. It has the model's
/// columns, so that <c>ml drift</c> takes it as it takes any table.
/// </summary>
/// <param name="store">The bucket.</param>
/// <param name="model">The model.</param>
/// <param name="tool">The tool and its version.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestTable(IObjectStore store, string model, string tool, TimeProvider time)
{
    /// <summary>Members of a line; the columns are <see cref="Field"/>.</summary>
    public const string Answer = "a", Probability = "p", AnsweredAt = "t";

    /// <summary>Where it lies.</summary>
    public TableLocation Location { get; } = new(Layer.Monitoring, null, $"{model}_requests");

    /// <summary>The member of a line that holds a column.</summary>
    /// <param name="column">Its position in the model.</param>
    public static string Field(int column) => string.Create(CultureInfo.InvariantCulture, $"c{column}");

    /// <summary>Makes sure that the table's name is not that of another model's monitoring.</summary>
    /// <exception cref="UserError">It is.</exception>
    public async Task RequireFreeNameAsync(CancellationToken cancel)
    {
        if (await new ModelCatalog(store).NewestAsync(Location.Table, cancel) is not null)
            throw new UserError($"requests of `{model}` would be logged to `{Location.SqlName}`, which is the monitoring of model `{Location.Table}`") { ExitCode = ExitCode.Usage };
    }

    /// <summary>Appends rows, once.</summary>
    /// <param name="logged">Of the version that answered.</param>
    /// <param name="lines">JSON objects, at least one.</param>
    /// <param name="cancel">Until the commit is recorded.</param>
    public async Task AppendAsync(LoggedColumns logged, IReadOnlyList<byte[]> lines, CancellationToken cancel)
    {
        var context = new RunContext(store, WritingTool.Ml, $"requests-{model}", tool, time);
        var session = await RunSession.StartAsync(context, cancel);
        var local = Path.Combine(store.ScratchFolder(session.RunId), "rows");
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        await WriteAsync($"{local}.ndjson", lines, cancel);
        using var database = Database.Open(new() { Threads = 1, MemoryLimit = "512MB" });
        using var connection = database.Connect();
        var file = ParquetWriter.Write(connection, Select(logged, $"{local}.ndjson"), $"{local}.parquet", new(), cancel);
        File.Delete($"{local}.ndjson");
        var staged = await store.StageAsync(Location.KeyOf(DataFileName.New(Location, session.RunId, 1)), session.RunId, $"{local}.parquet", cancel);
        await session.CommitAsync(
            [
                new(Location, ChangeMode.Append, file.Schema, context.AppId, session.NextSequence, session.RunId)
                {
                    Files = [new(staged, null, file.Rows, file.Statistics)],
                    Inputs = [$"{DocumentKeys.Model(model).TrimEnd('/')}@{logged.Features.ModelVersion}"],
                    Tool = tool,
                },
            ],
            null, cancel);
    }

    private static async Task WriteAsync(string file, IReadOnlyList<byte[]> lines, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        foreach (var line in lines)
        {
            await stream.WriteAsync(line, cancel);
            stream.WriteByte((byte)'\n');
        }
    }

    private static string Select(LoggedColumns logged, string file)
    {
        var features = logged.Features;
        var classes = features.Target.Task != LearningTask.Regression;
        var members = logged.Columns.Select((c, i) => (Field(i), c.Type))
            .Concat([(Answer, classes ? "VARCHAR" : "FLOAT"), .. classes ? [(Probability, "FLOAT")] : Array.Empty<(string, string)>(), (AnsweredAt, "BIGINT")]);
        // a column of the table that is called as one of ours gives way
        var taken = new HashSet<string>(["prediction", "probability", "model_version", "answered_at"], StringComparer.OrdinalIgnoreCase);
        string[] columns = [.. logged.Columns.Select((c, i) => (c, i)).Where(c => !taken.Contains(c.c.Name)).Select(c => $"{(c.c.Kind == ColumnKind.Moment ? $"make_timestamptz({Field(c.i)})" : Field(c.i))} AS {Sql.Identifier(c.c.Name)}")];
        return $"""
            SELECT {string.Join(", ", columns)}{(columns.Length > 0 ? ", " : "")}{Answer} AS prediction, {(classes ? $"{Probability} AS probability, " : "")}{features.ModelVersion}::INTEGER AS model_version, make_timestamptz({AnsweredAt}) AS answered_at
            FROM read_json({Sql.Literal(file)}, format = 'newline_delimited', columns = {'{'}{string.Join(", ", members.Select(m => $"{Sql.Literal(m.Item1)}: {Sql.Literal(m.Item2)}"))}{'}'})
            """;
    }
}
