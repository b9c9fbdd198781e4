using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Transforms;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Transforms;

/// <summary>The transforms of a project, and the bucket whose <c>gold/</c> they make; they may read the other buckets too.</summary>
internal sealed class GoldProject : IAsyncDisposable
{
    private readonly BucketSet _buckets;

    private GoldProject(CommandContext context, BucketSet buckets, Database database, IReadOnlyList<PlannedTransform> planned) =>
        (Context, _buckets, Database, Planned) = (context, buckets, database, planned);

    public CommandContext Context { get; }

    public Database Database { get; }

    /// <summary>Those that were asked for, in the order in which they run.</summary>
    public IReadOnlyList<PlannedTransform> Planned { get; }

    public ObjectCache Cache => ObjectCaches.Of(Context);

    /// <summary>The bucket that is written: the only one, or the default one.</summary>
    /// <exception cref="UserError">There is none, or several (<see cref="ExitCode.Usage"/>).</exception>
    public NamedBucket Bucket => _buckets.Preferred is [var only] ? only : throw new UserError(_buckets.Buckets.Count == 0 ? "no bucket is named" : "several buckets could be written")
    {
        Hint = "name the one to write with `--bucket URI`, or with `default` in lens.yaml",
        ExitCode = ExitCode.Usage,
    };

    /// <summary>Reads the project.</summary>
    /// <exception cref="UserError">A transform is not what it should be, or none is called so (<see cref="ExitCode.Usage"/>).</exception>
    public static GoldProject Open(CommandContext context, IReadOnlyList<string> names, IReadOnlyList<string> buckets)
    {
        var transforms = TransformFiles.Read(context.Project.PathOf("transforms"), Layer.Gold);
        var configuration = context.Project.Load<LensConfiguration>();
        var database = Database.Open(Engine.Options(configuration));
        try
        {
            using var connection = database.Connect();
            return new(context, BucketSelection.Open(buckets, configuration, context.Environment), database, Chosen(names, TransformOrder.Of(transforms, connection)));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The tables that transforms may read, as they are now.</summary>
    public async Task<TransformTables> TablesAsync(CancellationToken cancel)
    {
        var others = new Dictionary<string, BucketCatalog>(StringComparer.OrdinalIgnoreCase);
        foreach (var bucket in _buckets.Buckets)
            others[bucket.Name] = await BucketCatalog.ReadAsync(bucket.Store, cancel);
        return new(others[Bucket.Name], others);
    }

    /// <summary>Whose run makes a table.</summary>
    public RunContext RunOf(Transform transform) =>
        new(Bucket.Store, WritingTool.Lens, $"gold-{transform.Location.Source}-{transform.Location.Table}", $"lens {LensTool.App().Version}", Context.Time);

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        await _buckets.DisposeAsync();
    }

    private static IReadOnlyList<PlannedTransform> Chosen(IReadOnlyList<string> names, IReadOnlyList<PlannedTransform> all)
    {
        var known = all.Select(plan => $"{plan.Transform.Location.Source}/{plan.Transform.Location.Table}").ToArray();
        foreach (var unknown in names.Except(known))
            throw new UserError($"there is no transform `{unknown}`") { ExitCode = ExitCode.Usage, Hint = NearestName.Of(unknown, known) is { } near ? $"did you mean `{near}`?" : $"there is {string.Join(", ", known)}" };
        return names.Count == 0 ? all : [.. all.Where((_, i) => names.Contains(known[i]))];
    }
}
