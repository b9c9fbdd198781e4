using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Transforms;

/// <summary>What a transform reads in one run, as it is now: its inputs, how much of them, and the table it made before.</summary>
internal sealed class TransformInputs
{
    /// <summary>The view of the table as the last run left it.</summary>
    public const string Previous = "\"_previous\".\"rows\"";

    private const string NoLog = "-";
    private readonly Dictionary<TableName, TableContent> _contents = [];
    private readonly Dictionary<TableName, PlannedTable> _planned = [];
    private readonly PlannedTransform _transform;
    private TableContent? _previous;

    private TransformInputs(PlannedTransform transform) => _transform = transform;

    /// <summary>How much is read.</summary>
    public TransformScope Scope { get; private set; } = new TransformScope.Everything("it is made anew each time");

    /// <summary>The version of the table that is there; null where there is none.</summary>
    public long? PreviousVersion => _previous?.Snapshot!.Version;

    /// <summary>The columns of the table that is there; null where there is none.</summary>
    public IReadOnlyList<MountedColumn>? PreviousColumns => _previous is { Snapshot: { } snapshot } ? MountedTable.ColumnsOf(snapshot.Metadata.Schema) : null;

    /// <summary>What the rows are made from, as the manifest tells it: <c>raw/shop/orders@4</c> for each input, and the SELECT itself with a hash.</summary>
    public IReadOnlyList<string> Lineage { get; private set; } = [];

    /// <summary>Reads what is there now, and decides how much of it is read.</summary>
    /// <param name="transform">The transform.</param>
    /// <param name="tables">Where its inputs are.</param>
    /// <param name="planned">Inputs that earlier transforms of a plan would make; they hide those in the bucket.</param>
    /// <param name="everything">Why everything is to be read; null: as the mode says.</param>
    /// <param name="database">Reads checkpoints.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">An input is not there, or cannot be read.</exception>
    public static async Task<TransformInputs> ReadAsync(
        PlannedTransform transform, TransformTables tables, IReadOnlyDictionary<Transform, PlannedTable> planned, string? everything, Database database, CancellationToken cancel)
    {
        var inputs = new TransformInputs(transform);
        var checkpoints = new CheckpointReader(database);
        foreach (var name in transform.Inputs.Concat(transform.Transform.Checks.Select(check => check.Reference).OfType<TableName>()).Distinct())
            if (transform.Makers.TryGetValue(name, out var maker) && planned.TryGetValue(maker, out var table))
                inputs._planned[name] = table;
            else
            {
                var (store, found) = await tables.FindAsync(transform.Makers.TryGetValue(name, out maker) ? new(null, maker.Location.Layer.Name, ExactName(maker.Location)) : name, cancel)
                    ?? throw Missing(transform.Transform, name, tables);
                inputs._contents[name] = await TableContent.ReadAsync(store, found, checkpoints, cancel);
            }
        var location = transform.Transform.Location;
        if (await new TableLog(tables.Store, checkpoints).ReadAsync(location, cancel) is not null)
            inputs._previous = await TableContent.ReadAsync(tables.Store, new(location, null, location.SqlTable), checkpoints, cancel);
        var select = $"transforms/{location.Source}/{location.Table}.sql@{Fingerprint(transform.Transform)}";
        inputs.Lineage = [.. transform.Inputs.Select(name => inputs.LineageOf(name, tables)), select];
        if (transform.Incremental is { } incremental)
            inputs.Scope = everything is null ? await inputs.ScopeAsync(incremental, select, tables, cancel) : new TransformScope.Everything(everything);
        return inputs;
    }

    /// <summary>Makes the views that the SELECT reads, and that of the table before.</summary>
    /// <exception cref="UserError">A file is gone or cannot be read.</exception>
    public async Task MountAsync(Connection connection, ObjectCache cache, CancellationToken cancel)
    {
        var views = new List<MountedTable>();
        foreach (var (name, content) in _contents)
        {
            var read = name == _transform.Incremental ? content with { Files = [.. content.Files.Where(file => IsRead(content, file))] } : content;
            views.Add(read.Mounted(connection, await read.LocalPathsAsync(cache, null, cancel)) with { Bucket = name.Bucket, Schema = name.Schema ?? "main", Name = name.Name });
        }
        if (_previous is not null)
            views.Add(_previous.Mounted(connection, await _previous.LocalPathsAsync(cache, null, cancel)) with { Schema = "_previous", Name = "rows" });
        TableViews.Create(connection, views);
        foreach (var (name, table) in _planned)
            connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Sql.Identifier(name.Schema ?? "main")}; CREATE OR REPLACE VIEW {name with { Schema = name.Schema ?? "main" }} AS {(name == _transform.Incremental ? table.Read(Scope) : table.All)}", cancel);
    }

    private bool IsRead(TableContent content, ContentFile file) =>
        Scope.Holds(file.Key[(content.Table.Location.Folder.Length + 1)..], file.Partition.GetValueOrDefault(DataFileName.PartitionColumn));

    private async Task<TransformScope> ScopeAsync(TableName input, string select, TransformTables tables, CancellationToken cancel)
    {
        if (_previous is null)
            return new TransformScope.Everything("there is no such table yet");
        var before = _previous.Snapshot!.LastWrite?.Write?.Inputs ?? [];
        if (!before.Contains(select))
            return new TransformScope.Everything(before.Count == 0 ? "the table was last written by something else" : "the transform has changed");
        if (_planned.TryGetValue(input, out var planned))
            return planned.Scope(_transform.Transform.Mode, input.ToString());
        var content = _contents[input];
        if (content.Snapshot is not { } snapshot)
            return new TransformScope.Everything($"`{input}` has no log");
        var folder = FolderOf(content, tables) + "@";
        var last = before.FirstOrDefault(line => line.StartsWith(folder, StringComparison.Ordinal))?[folder.Length..];
        var change = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? await InputChange.BetweenAsync(content.Store, content.Table.Location, version, snapshot.Version, cancel)
            : null;
        return TransformScope.Of(_transform.Transform.Mode, input.ToString(), change, snapshot);
    }

    private string LineageOf(TableName name, TransformTables tables) => _planned.ContainsKey(name)
        ? $"{_transform.Makers[name].Location.Folder}@planned"
        : $"{FolderOf(_contents[name], tables)}@{_contents[name].Snapshot?.Version.ToString(CultureInfo.InvariantCulture) ?? NoLog}";

    private static string FolderOf(TableContent content, TransformTables tables) =>
        content.Store == tables.Store ? content.Table.Location.Folder : $"{content.Store.Bucket}/{content.Table.Location.Folder}";

    private static string ExactName(TableLocation location) => $"{location.Source}/{location.Table}";

    // what decides the rows: another comment or check does not make the table anew
    private static string Fingerprint(Transform transform)
    {
        var sql = string.Join('\n', transform.Sql.Split('\n').Select(line => line.Trim()).SkipWhile(line => line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal))).Trim().TrimEnd(';');
        var rules = $"{transform.Mode} {string.Join(',', transform.Key)} {transform.Deduplicate} {transform.Partition} {transform.Incremental}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rules}\n{sql}")))[..12];
    }

    private static UserError Missing(Transform transform, TableName input, TransformTables tables) => new($"`{transform.Location.SqlName}` reads `{input}`, which is not in the bucket")
    {
        Where = [("file", transform.File), ("bucket", tables.Store.Bucket.ToString())],
        Hint = "ingest it first, or correct its name: raw.<source>_<table>",
    };
}
