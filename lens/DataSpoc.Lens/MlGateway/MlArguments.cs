using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.MlGateway;

/// <summary>The arguments of <c>lens ml …</c> as <c>ml</c> takes them: tables in full, and the bucket they are in.</summary>
internal static class MlArguments
{
    private static readonly string[] s_tables = ["--from", "--on", "--table"];

    /// <summary>Resolves tables and the bucket; what names no table here is left as it is, for <c>ml</c> to judge.</summary>
    /// <param name="args">As given after <c>lens ml</c>.</param>
    /// <param name="buckets">Where tables are looked for.</param>
    /// <param name="cancel">Ends the search.</param>
    public static async Task<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> args, BucketSet buckets, CancellationToken cancel)
    {
        var resolver = new TableResolver(buckets);
        var resolved = args.ToList();
        NamedBucket? bucket = null;
        for (var i = 0; i + 1 < resolved.Count; i++)
        {
            if (resolved[i] is "--bucket" or "-b" && buckets.Find(resolved[i + 1]) is { } named)
                (resolved[i + 1], bucket) = (named.Store.Bucket.ToString(), named);
            if (!s_tables.Contains(resolved[i]) || Contracts.DuckDb.Catalog.TableName.Parse(resolved[i + 1]) is not { } name || await resolver.FindAsync(name, cancel) is not { } table)
                continue;
            resolved[i + 1] = table.Table.ToString();
            bucket ??= table.Bucket;
        }
        var needs = resolved.Count > 0 && resolved[0][0] != '-' && !resolved.Any(arg => arg is "--bucket" or "-b" or "--help" or "-h" || arg.StartsWith("--bucket=", StringComparison.Ordinal));
        bucket ??= buckets.Preferred is [var only] ? only : null;
        return needs && bucket is not null ? [.. resolved, "--bucket", bucket.Store.Bucket.ToString()] : resolved;
    }
}
