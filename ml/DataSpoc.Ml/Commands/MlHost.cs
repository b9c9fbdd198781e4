using System.CommandLine;
using System.Globalization;
using System.Reflection;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Configuration;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Features;

namespace DataSpoc.Ml.Commands;

/// <summary>What every command of <c>ml</c> works with: the bucket, and how much of the machine it may use.</summary>
internal sealed class MlHost : IAsyncDisposable
{
    private readonly MlConfiguration _configuration;
    private readonly CommandEnvironment _environment;

    private MlHost(IObjectStore store, MlConfiguration configuration, CommandEnvironment environment) =>
        (Store, _configuration, _environment) = (store, configuration, environment);

    /// <summary>The tool and its version, as documents name it: <c>ml 0.1.0</c>.</summary>
    public static string Tool { get; } = "ml " + (typeof(MlHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0");

    /// <summary>The revision of the source that the tool was built from; null where the build did not tell.</summary>
    public static string? Revision { get; } = typeof(MlHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var revision] ? revision : null;

    /// <summary>The bucket.</summary>
    public IObjectStore Store { get; }

    /// <summary>Threads, at least 1.</summary>
    public int Threads => _configuration.Threads ?? Environment.ProcessorCount;

    /// <summary>Tables of the bucket.</summary>
    public BucketTables Tables => new(Store, ObjectCache.OfUser(_environment.Variable));

    /// <summary>Opens a table of the bucket, with feature views joined to it where it needs some.</summary>
    /// <param name="database">The database.</param>
    /// <param name="connection">Knows the result.</param>
    /// <param name="name">The table, as SQL names it.</param>
    /// <param name="views">Of the model; null for none.</param>
    /// <param name="cancel">Interrupts.</param>
    public Task<SourceTable> OpenTableAsync(Database database, Connection connection, string name, JoinedViews? views, CancellationToken cancel) =>
        new ViewJoining(Tables).OpenAsync(database, connection, name, views, cancel);

    /// <summary>Who runs this, for histories.</summary>
    public string User => _environment.Variable("USER") is { Length: > 0 } user ? user : "unknown";

    /// <summary>Opens the bucket of <c>--bucket</c> or of ml.yaml; it is not touched yet.</summary>
    /// <exception cref="UserError">Neither names one (<see cref="ExitCode.Usage"/>).</exception>
    /// <param name="context">The command.</param>
    /// <param name="bucket">Its <c>--bucket</c>.</param>
    /// <param name="stores">Opens the bucket.</param>
    /// <param name="otherwise">The bucket of the model's own file.</param>
    public static MlHost Open(CommandContext context, Option<string> bucket, StoreOpening stores, string? otherwise = null)
    {
        var configuration = context.Project.Load<MlConfiguration>();
        if (configuration.Threads < 1)
            throw new UserError("`threads` must be at least 1") { Where = [("file", context.Project.MainFile)], ExitCode = ExitCode.Usage };
        var uri = context.Value(bucket) ?? otherwise ?? configuration.Bucket ?? throw new UserError("no bucket is named")
        {
            Hint = "add `--bucket s3://…` or `--bucket file:///…`, or write `bucket:` into ml.yaml",
            ExitCode = ExitCode.Usage,
        };
        var absolute = uri.Length == 0 || uri.Contains("://", StringComparison.Ordinal) ? uri : context.Environment.FullPath(uri);
        return new(stores(BucketUri.Parse(absolute), new() { Time = context.Time }), configuration, context.Environment);
    }

    /// <summary>A database in memory that leaves room for the matrix and the trees.</summary>
    public Database OpenDatabase()
    {
        var bytes = _configuration.MemoryLimit?.Bytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 4 / 10;
        return Database.Open(new()
        {
            MemoryLimit = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(bytes / 1_000_000, 64)}MB"),
            Threads = _configuration.Threads,
            TempDirectory = SpillFolder.Path,
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

/// <summary>Opens a bucket; a test opens one with faults.</summary>
internal delegate IObjectStore StoreOpening(BucketUri bucket, ObjectStoreOptions options);
