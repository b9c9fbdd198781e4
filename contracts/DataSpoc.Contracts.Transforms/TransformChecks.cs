using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Contracts.Transforms;

/// <summary>The checks of a transform; a merge without a clear key is refused too, because rows would be lost or doubled.</summary>
internal static class TransformChecks
{
    /// <summary>Runs them over rows that are not yet in the bucket.</summary>
    /// <exception cref="UserError">A check refuses the rows (<see cref="ExitCode.Refused"/>), or cannot be run.</exception>
    public static CheckReport Run(Connection connection, Transform transform, string incoming, string? staying, DateTimeOffset now, CancellationToken cancel)
    {
        var key = string.Join(", ", transform.Key.Select(Quoted));
        var ofMerge = transform.Mode == TransformMode.Merge ? new[] { Check.Parse($"not_null({key})"), Check.Parse($"unique({key})") } : [];
        var report = CheckRun.Run(connection, [.. ofMerge, .. transform.Checks], incoming, staying, now, cancel);
        if (!report.Blocks)
            return new([.. report.Results.Skip(ofMerge.Length)]);
        var ofKey = report.Results.Take(ofMerge.Length).Any(result => result.Blocks);
        throw report.ToError(transform.Location.SqlName, ofKey ? $"a merge needs one row per key; `-- deduplicate: updated_at` in {transform.File} keeps the newest" : $"correct the rows, or the checks in {transform.File}");
    }

    private static string Quoted(string column) => $"\"{column}\"";
}
