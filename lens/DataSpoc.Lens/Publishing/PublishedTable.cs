using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Publishing;

/// <summary>A table as another engine gets to know it.</summary>
/// <param name="Catalog">The bucket's name in SQL.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Name">The table's name within the layer.</param>
/// <param name="Bucket">Where it is.</param>
/// <param name="Location">Where it is there.</param>
internal sealed record PublishedTable(string Catalog, string Layer, string Name, BucketUri Bucket, TableLocation Location)
{
    /// <summary>Bucket and layer in one word, for engines whose names have two parts.</summary>
    public string Database => Word($"{Catalog}_{Layer}");

    /// <summary>The table's name as every engine takes it: a-z, 0-9 and _, no digit first.</summary>
    public string Table => Word(Name);

    /// <summary>The table's folder, with another scheme where the engine has its own for S3.</summary>
    public string Folder(string s3 = "s3")
    {
        var path = string.Join('/', new[] { Bucket.Path, Location.Folder }.Where(part => part.Length > 0));
        return Bucket.Scheme == "file" ? $"file://{path}" : $"{s3}://{Bucket.Name}/{path}";
    }

    /// <summary>The tables that have a Delta log; the others are told of.</summary>
    /// <param name="tables">Of the catalogs.</param>
    /// <param name="leftOut">Told of each that has none.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">Two tables would have one name.</exception>
    public static async Task<IReadOnlyList<PublishedTable>> OfAsync(IReadOnlyList<ResolvedTable> tables, Action<ResolvedTable> leftOut, CancellationToken cancel)
    {
        var published = new List<PublishedTable>();
        foreach (var table in tables)
        {
            // a manifest of 1.1 tells the log's version; of what no manifest tells, the log is looked for
            if (table.Table.Entry?.Snapshot is null && (await TableContent.ReadAsync(table.Bucket.Store, table.Table, null, cancel)).Snapshot is null)
                leftOut(table);
            else
                published.Add(new(table.Bucket.Name, table.Table.Schema, table.Table.Name, table.Bucket.Store.Bucket, table.Table.Location));
        }
        foreach (var same in published.GroupBy(table => (table.Database, table.Table)).Where(group => group.Count() > 1))
            throw new UserError($"{string.Join(" and ", same.Select(table => $"`{table.Folder()}`"))} would both be `{same.Key.Database}.{same.Key.Table}`")
            {
                Hint = "publish them one by one, or give the buckets other names: --bucket NAME=URI",
                ExitCode = ExitCode.Usage,
            };
        return published;
    }

    // no engine wants a digit first
    private static string Word(string name) => (char.IsAsciiDigit(name[0]) ? "_" : "") + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
}
