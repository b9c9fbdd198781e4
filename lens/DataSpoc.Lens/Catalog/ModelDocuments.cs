using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Lens.Catalog;

/// <summary>Reads what the bucket says of its models (CONTRACT section 4): <c>run.json</c> and <c>metrics.json</c> of each version, and <c>aliases.json</c>.</summary>
internal static class ModelDocuments
{
    private const string Folder = "ml/models/";
    private const int ReadsAtOnce = 8;

    /// <summary>The models of a bucket; versions that are not registered are none.</summary>
    /// <exception cref="UserError">The bucket may not be read, or a document is damaged.</exception>
    public static async Task<ModelList> ReadAsync(NamedBucket bucket, CancellationToken cancel)
    {
        var versions = new List<(string Model, int Version)>();
        await foreach (var found in bucket.Store.ListAsync(Folder, null, cancel))
            if (found.Key[Folder.Length..].Split('/') is [var model, "versions", var number, "run.json"] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                versions.Add((model, version));
        var aliases = new Dictionary<string, IReadOnlyList<(string Alias, int Version)>>(StringComparer.Ordinal);
        foreach (var model in versions.Select(version => version.Model).Distinct(StringComparer.Ordinal))
            aliases[model] = await AliasesAsync(bucket.Store, model, cancel);
        var rows = new IReadOnlyList<ModelFigure>[versions.Count];
        await Parallel.ForAsync(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancel },
            async (i, token) => rows[i] = await FiguresAsync(bucket.Store, versions[i].Model, versions[i].Version, aliases[versions[i].Model], token));
        return new(bucket, [.. rows.SelectMany(figures => figures).OrderBy(row => row.Model, StringComparer.Ordinal).ThenBy(row => row.Version)]);
    }

    private static async Task<IReadOnlyList<(string Alias, int Version)>> AliasesAsync(IObjectStore store, string model, CancellationToken cancel) =>
        await ReadAsync(store, DocumentKeys.ModelAliases(model),
            document => document.GetProperty("aliases").EnumerateObject().Select(alias => (alias.Name, alias.Value.GetInt32())).OrderBy(alias => alias.Name, StringComparer.Ordinal).ToArray(), cancel) ?? [];

    private static async Task<IReadOnlyList<ModelFigure>> FiguresAsync(
        IObjectStore store, string model, int version, IReadOnlyList<(string Alias, int Version)> aliases, CancellationToken cancel)
    {
        var folder = DocumentKeys.ModelVersion(model, version);
        var trained = await ReadAsync(store, folder + "run.json", document => new Trained(
            document.GetProperty("status").GetString() == "registered",
            document.TryGetProperty("finished_at", out var finished) && finished.ValueKind == JsonValueKind.String ? finished.GetDateTimeOffset() : null), cancel);
        if (trained is not { IsRegistered: true })
            return [];
        var figures = await ReadAsync(store, folder + "metrics.json",
            document => document.GetProperty("holdout").EnumerateObject().Select(figure => (figure.Name, figure.Value.GetDouble())).OrderBy(figure => figure.Name, StringComparer.Ordinal).ToArray(), cancel);
        var names = aliases.Where(alias => alias.Version == version).Select(string? (alias) => alias.Alias).DefaultIfEmpty(null);
        return [.. names.SelectMany(alias => figures is { Length: > 0 }
            ? figures.Select(figure => new ModelFigure(model, version, alias, figure.Name, figure.Item2, trained.At))
            : [new ModelFigure(model, version, alias, null, null, trained.At)])];
    }

    private static async Task<T?> ReadAsync<T>(IObjectStore store, string key, Func<JsonElement, T> read, CancellationToken cancel)
        where T : class
    {
        if (await store.GetAsync(key, cancel) is not { } content)
            return null;
        try
        {
            using var document = JsonDocument.Parse(content.Bytes);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserError($"`{key}` is damaged: {error.Message}", error) { Where = [("bucket", store.Bucket.ToString())], Hint = "train the model again, or remove the damaged version" };
        }
    }

    private sealed record Trained(bool IsRegistered, DateTimeOffset? At);
}
