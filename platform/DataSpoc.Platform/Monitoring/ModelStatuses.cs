using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Platform.Monitoring;

/// <summary>Which models there are and what their aliases name, from <c>aliases.json</c> (schema <c>model-aliases.json</c>): two requests per model.</summary>
/// <param name="store">The bucket.</param>
internal sealed class ModelStatuses(IObjectStore store)
{
    private const string Models = "ml/models/";

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<StatusRow>> ReadAsync(CancellationToken cancel)
    {
        var rows = new List<StatusRow>();
        await foreach (var name in FolderNames.BelowAsync(store, Models, cancel))
            rows.Add(await RowAsync(name, cancel));
        return rows;
    }

    private async Task<StatusRow> RowAsync(string name, CancellationToken cancel)
    {
        var row = new StatusRow(store.Bucket.ToString(), "model", name, Health.Ok) { Recurs = false };
        var key = $"{Models}{name}/aliases.json";
        try
        {
            if (await store.GetAsync(key, cancel) is not { } content)
                return row with { Detail = "no alias" };
            using var document = JsonDocument.Parse(content.Bytes);
            var aliases = document.RootElement.GetProperty("aliases").EnumerateObject().Select(static alias => $"{alias.Name} {alias.Value.GetInt32()}").Order(StringComparer.Ordinal).ToArray();
            var last = document.RootElement.TryGetProperty("history", out var history) && history.GetArrayLength() is var changes and > 0 ? history[changes - 1].GetProperty("at").GetDateTimeOffset() : (DateTimeOffset?)null;
            return row with { At = last, Detail = aliases.Length == 0 ? "no alias" : string.Join(", ", aliases) };
        }
        catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted)
        {
            return row with { Detail = "its aliases may not be read" };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return row with { Health = Health.Failed, Detail = $"`{key}` is corrupt" };
        }
    }
}
