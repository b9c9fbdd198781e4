using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>
/// The tables of one bucket by their names in SQL. The manifests tell them, each read when a layer of it is first asked for; where a manifest is not
/// there, or the bucket's IAM does not let this user read it, a table is found by its folder. Not thread-safe.
/// </summary>
public sealed class BucketCatalog
{
    private readonly Dictionary<TableLocation, ManifestEntry?> _tables = [];
    private readonly bool[] _known = new bool[LayerNames.All.Count];
    private readonly List<UserError> _denied = [];
    private readonly Dictionary<string, Task<Manifest?>> _reading = [];
    private readonly HashSet<string> _read = [];
    private Dictionary<string, List<CatalogTable>>? _index;
    private bool _complete;

    /// <summary>The catalog of a bucket, of which nothing is read yet.</summary>
    public BucketCatalog(IObjectStore store) => Store = store;

    /// <summary>The bucket.</summary>
    public IObjectStore Store { get; }

    /// <summary>Reads all manifests of a bucket.</summary>
    /// <exception cref="UserError">The bucket does not exist, or a manifest is corrupt or of another major version.</exception>
    public static async Task<BucketCatalog> ReadAsync(IObjectStore store, CancellationToken cancel)
    {
        var catalog = new BucketCatalog(store);
        await catalog.ReadAsync(LayerNames.All, cancel);
        return catalog;
    }

    /// <summary>Begins to read the manifests of these layers, on other threads; what goes wrong is told when a layer of them is asked for.</summary>
    public void Begin(IEnumerable<Layer> layers, CancellationToken cancel)
    {
        foreach (var key in layers.Select(DocumentKeys.ManifestOf).Distinct())
            if (!_reading.ContainsKey(key))
                _reading[key] = Task.Run(() => ReadAsync(key, cancel), cancel);
    }

    /// <summary>Makes sure that there is such a bucket.</summary>
    /// <exception cref="UserError">There is none, or a manifest is corrupt or of another major version.</exception>
    public Task EnsureExistsAsync(CancellationToken cancel) =>
        _reading.Count > 0 ? Task.WhenAll(_reading.Values) : ReadAsync([Layer.Raw], cancel);

    /// <summary>All tables, in the order of layers and names. Layers of which no manifest tells a table are listed.</summary>
    /// <exception cref="UserError">Nothing of the bucket may be read.</exception>
    public async Task<IReadOnlyList<CatalogTable>> ListAsync(CancellationToken cancel)
    {
        if (!_complete)
        {
            await ReadAsync(LayerNames.All, cancel);
            foreach (var layer in LayerNames.All)
                if (!_known[(int)layer])
                    await AddFoldersAsync(layer, cancel);
            _complete = true;
        }
        return _tables.Count == 0 && _denied.Count > 0
            ? throw _denied[0]
            : Sorted(Index.Values.SelectMany(group => group));
    }

    /// <summary>The table of that name, or null. Names are compared without regard to case, as in SQL; where that leaves two, with regard to it.</summary>
    /// <param name="schema">The layer.</param>
    /// <param name="name"><c>shop_orders</c>, or <c>shop/orders</c> where two tables have the joined name.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <exception cref="UserError">Two tables have that name, or neither the manifest nor the table's folder may be read.</exception>
    public async Task<CatalogTable?> FindAsync(string schema, string name, CancellationToken cancel)
    {
        if (LayerNames.Find(schema.ToLowerInvariant()) is not { } layer)
            return null;
        await ReadAsync([layer], cancel);
        var found = Named(layer, name);
        if (found.Count == 0 && await ProbeAsync(layer, name, cancel))
            found = Named(layer, name);
        return found.Count == 0 ? null : found.Count == 1 ? found[0] : throw Ambiguous(found.Select(table => table.ToString()), $"{layer.Name}.{name}");
    }

    /// <summary>The tables called <paramref name="name"/> in whatever layer: by their name in SQL, or by their table's name alone.</summary>
    /// <exception cref="UserError">Nothing of the bucket may be read.</exception>
    public async Task<IReadOnlyList<CatalogTable>> FindByNameAsync(string name, CancellationToken cancel)
    {
        await ReadAsync(LayerNames.All, cancel);
        var found = ByName(name);
        if (found.Count > 0)
            return found;
        await ListAsync(cancel);
        return ByName(name);
    }

    /// <summary>Several tables that a name may mean.</summary>
    /// <param name="tables">As they are written to be told apart.</param>
    /// <param name="name">As it was written.</param>
    public static UserError Ambiguous(IEnumerable<string> tables, string name) => new($"`{name}` may be several tables")
    {
        Where = [.. tables.Select(table => ("table", table))],
        Hint = "write the one that is meant in full",
    };

    // by layer and joined name in lower case
    private Dictionary<string, List<CatalogTable>> Index => _index ??= Indexed();

    private Dictionary<string, List<CatalogTable>> Indexed()
    {
        var index = new Dictionary<string, List<CatalogTable>>(_tables.Count, StringComparer.Ordinal);
        foreach (var (location, entry) in _tables)
        {
            var key = KeyOf(location.Layer, location.SqlTable);
            if (!index.TryGetValue(key, out var same))
                index[key] = same = [];
            same.Add(new(location, entry, location.SqlTable));
        }
        foreach (var same in index.Values)
            for (var i = 0; i < same.Count && same.Count > 1; i++)
                same[i] = same[i] with { Name = same[i].ExactName };
        return index;
    }

    private static string KeyOf(Layer layer, string name) => $"{layer.Name}.{name.ToLowerInvariant()}";

    private IReadOnlyList<CatalogTable> ByName(string name) => Sorted(Index.Values.SelectMany(group => group).Where(table => IsCalled(table, name)));

    private IReadOnlyList<CatalogTable> Named(Layer layer, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (!Index.TryGetValue(KeyOf(layer, slash < 0 ? name : $"{name[..slash]}_{name[(slash + 1)..]}"), out var among))
            return [];
        var found = slash < 0 ? among : among.FindAll(table => table.ExactName.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found.Count <= 1)
            return found;
        var exact = found.FindAll(table => name == table.ExactName || name == table.Location.SqlTable);
        return exact.Count == 1 ? exact : Sorted(found);
    }

    private static IReadOnlyList<CatalogTable> Sorted(IEnumerable<CatalogTable> tables) =>
        [.. tables.OrderBy(table => table.Location.Layer).ThenBy(table => table.Name, StringComparer.Ordinal)];

    private static bool IsCalled(CatalogTable table, string name) =>
        name.Equals(table.Location.SqlTable, StringComparison.OrdinalIgnoreCase)
        || name.Equals(table.Location.Table, StringComparison.OrdinalIgnoreCase)
        || name.Equals(table.ExactName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks for the folders that the name may stand for; whether there is one.</summary>
    private async Task<bool> ProbeAsync(Layer layer, string name, CancellationToken cancel)
    {
        UserError? denied = null;
        var found = false;
        foreach (var location in TablePlaces.Of(layer, name).Concat(TablePlaces.Of(layer, name.ToLowerInvariant())).Distinct())
        {
            try
            {
                if (await TableFolders.ExistsAsync(Store, location, cancel))
                {
                    found = true;
                    Add(location);
                }
            }
            catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted)
            {
                denied = error;
            }
        }
        // without the manifest "not there" and "not allowed" look the same: say what the bucket said
        return found || denied is null || _known[(int)layer] ? found : throw denied;
    }

    private async Task AddFoldersAsync(Layer layer, CancellationToken cancel)
    {
        try
        {
            await foreach (var location in TableFolders.OfLayerAsync(Store, layer, cancel))
                Add(location);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted)
        {
            _denied.Add(error);
        }
    }

    private void Add(TableLocation location)
    {
        _tables.TryAdd(location, null);
        _index = null;
    }

    private async Task ReadAsync(IEnumerable<Layer> layers, CancellationToken cancel)
    {
        var wanted = layers.Select(DocumentKeys.ManifestOf).Distinct().Where(key => !_read.Contains(key)).ToArray();
        foreach (var key in wanted)
            if (!_reading.ContainsKey(key))
                _reading[key] = ReadAsync(key, cancel);
        foreach (var key in wanted)
            Add(key, await _reading[key]);
    }

    private void Add(string key, Manifest? manifest)
    {
        _read.Add(key);
        _index = null;
        foreach (var entry in manifest?.Tables.Values ?? [])
        {
            _tables[entry.Location] = entry;
            _known[(int)entry.Location.Layer] = true;
        }
    }

    private async Task<Manifest?> ReadAsync(string key, CancellationToken cancel)
    {
        try
        {
            return await Store.GetAsync(key, cancel) is { } content ? Manifest.Parse(content.Bytes, $"{Store.Bucket}/{key}") : null;
        }
        catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted)
        {
            lock (_denied)
                _denied.Add(error);
            return null;
        }
    }
}
