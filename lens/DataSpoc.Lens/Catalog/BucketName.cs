using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Lens.Catalog;

/// <summary>What a bucket is called in SQL.</summary>
internal static class BucketName
{
    private static readonly HashSet<string> s_taken = new(["memory", "temp", "system", "main", "information_schema", "pg_catalog"], StringComparer.Ordinal);

    /// <summary>The name that the URI suggests: the S3 bucket's, or that of the last folder.</summary>
    public static string Of(BucketUri uri)
    {
        var path = uri.Path.Length > 0 ? uri.Path[(uri.Path.LastIndexOf('/') + 1)..] : uri.Name;
        var name = NameFolding.Fold(path.Length > 0 ? path : "lake");
        return IsTaken(name) ? name + "_bucket" : name;
    }

    /// <summary>Whether SQL would take the name for something else: a layer, or a database that is always there.</summary>
    public static bool IsTaken(string name) => s_taken.Contains(name) || LayerNames.Find(name) is not null;
}
