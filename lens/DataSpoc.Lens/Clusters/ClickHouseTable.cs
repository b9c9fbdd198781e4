using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Lens.Clusters;

/// <summary>How ClickHouse reads a table of a bucket: by its Delta log.</summary>
/// <param name="variable">The AWS environment: a bucket's endpoint and region are those of this machine.</param>
internal sealed class ClickHouseTable(Func<string, string?> variable)
{
    /// <summary>The call of <c>deltaLake</c>, <c>deltaLakeCluster</c> or, for a folder that the server sees too, <c>deltaLakeLocal</c>. No credentials are in it.</summary>
    public string Source(BucketUri bucket, TableLocation location, string? cluster, string? collection)
    {
        var path = bucket.Path.Length == 0 ? location.Folder : $"{bucket.Path}/{location.Folder}";
        if (bucket.Scheme == "file")
            return $"deltaLakeLocal({Literal(path)})";
        var url = $"{Endpoint(bucket.Name)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}/";
        string[] arguments = [.. cluster is null ? [] : (string[])[Literal(cluster)], .. collection is null ? [Literal(url)] : (string[])[Identifier(collection), $"url = {Literal(url)}"]];
        return $"{(cluster is null ? "deltaLake" : "deltaLakeCluster")}({string.Join(", ", arguments)})";
    }

    /// <summary>A name as ClickHouse writes it.</summary>
    public static string Identifier(string name) => $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A text as ClickHouse writes it.</summary>
    public static string Literal(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private string Endpoint(string bucket)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } value ? value.TrimEnd('/') : null;
        if ((Given("AWS_ENDPOINT_URL_S3") ?? Given("AWS_ENDPOINT_URL")) is { } endpoint)
            return $"{endpoint}/{bucket}";
        return (Given("AWS_REGION") ?? Given("AWS_DEFAULT_REGION")) is { } region ? $"https://{bucket}.s3.{region}.amazonaws.com" : $"https://{bucket}.s3.amazonaws.com";
    }
}
