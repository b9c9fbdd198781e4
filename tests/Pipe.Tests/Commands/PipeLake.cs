using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Commands;
using DataSpoc.Pipe.Commands.Projects;

namespace Pipe.Tests.Commands;

/// <summary>What a command said.</summary>
internal sealed record PipeRun(int ExitCode, string Output, string Error)
{
    /// <summary>Both, in their order, as on a terminal.</summary>
    public string Said { get; init; } = "";
}

/// <summary>Stdout that is also seen on the terminal.</summary>
internal sealed class SaidStream(MemoryStream output, StringWriter said) : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        said.Write(Encoding.UTF8.GetString(buffer));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A folder with a bucket <c>lake</c> in it, and the command line of pipe run inside this process.</summary>
internal sealed class PipeLake : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("dataspoc-pipe-").FullName;

    /// <summary>Variables that differ from this process's.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The working folder, below <see cref="Folder"/>.</summary>
    public string Project { get; init; } = "";

    /// <summary>The commands' clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What a person at the terminal types, line by line; null: nobody is there.</summary>
    public Queue<string>? Answers { get; set; }

    public string Bucket => $"file://{Folder}/lake";

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content, new UTF8Encoding(false));
        return path;
    }

    /// <summary>Opens buckets; null: as they are.</summary>
    public Func<BucketUri, ObjectStoreOptions, IObjectStore>? OpenStore { get; set; }

    /// <summary>Whether rows are shown as on a terminal.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>Runs a command line, split at spaces; <c>$B</c> stands for the bucket, <c>||</c> for a space inside a word.</summary>
    public Task<PipeRun> RunAsync(string line, string input = "") =>
        RunWordsAsync([.. line.Split(' ').Select(word => word.Replace("||", " ", StringComparison.Ordinal).Replace("$B", Bucket, StringComparison.Ordinal))], input);

    /// <summary>Runs a command line.</summary>
    public async Task<PipeRun> RunWordsAsync(string[] words, string input = "")
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        using var said = new StringWriter();
        var environment = new CommandEnvironment
        {
            OpenStandardInput = _ => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            StandardOutput = IsTerminal ? new SaidStream(output, said) : output,
            StandardError = IsTerminal ? said : error,
            Variable = name => name == "HOME" ? Folder : name == "NO_COLOR" ? "1" : Variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name),
            WorkingFolder = Path.Combine(Folder, Project),
            HomeFolder = Folder,
            Time = Time,
            OutputIsTerminal = IsTerminal,
            InputIsTerminal = Answers is not null,
            ReadLine = () => Answers?.TryDequeue(out var answer) == true ? answer : null,
        };
        var host = new PipeHost
        {
            Lease = TimeSpan.Zero,
            Program = [Path.Combine(AppContext.BaseDirectory, "pipe")],
            Ask = at => new LineQuestions(at),
            OpenStore = OpenStore ?? ObjectStores.Open,
        };
        var code = await PipeCommandLine.Create(host).RunAsync(words, environment);
        return new(code, Encoding.UTF8.GetString(output.ToArray()), IsTerminal ? said.ToString() : error.ToString()) { Said = said.ToString() };
    }

    /// <summary>Runs a command line that must end well.</summary>
    public async Task<PipeRun> DoAsync(string line, string input = "")
    {
        var run = await RunAsync(line, input);
        Assert.True(run.ExitCode == 0, $"`pipe {line}` ended with {run.ExitCode}\n{run.Error}");
        return run;
    }

    /// <summary>The newest snapshot of a table, or null.</summary>
    public async Task<TableSnapshot?> SnapshotAsync(string source, string table, Layer layer = Layer.Raw)
    {
        await using var store = ObjectStores.Open(BucketUri.Parse(Bucket));
        return await new TableLog(store).ReadAsync(new TableLocation(layer, source, table), TestContext.Current.CancellationToken);
    }

    /// <summary>What a SELECT gives, a line per row, values parted by bars; <c>$files</c> stands for all Parquet files of a table's folder.</summary>
    public IReadOnlyList<string> Rows(string sql, string folder)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        using var result = connection.Query(sql.Replace("$files", $"read_parquet({Sql.Literal($"{Folder}/lake/{folder}/**/*.parquet")}, union_by_name = true, hive_partitioning = true)", StringComparison.Ordinal));
        var rows = new List<string>();
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                rows.Add(string.Join('|', Enumerable.Range(0, result.Columns.Count).Select(column => result.GetText(column, row) ?? "NULL")));
        return rows;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
