using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Platform.Monitoring;

/// <summary>Everything that a bucket tells of itself. What may not be read, or is corrupt, is a line too.</summary>
/// <param name="store">The bucket.</param>
/// <param name="now">The time.</param>
/// <param name="has">Whether there is anything below a prefix: a bucket without the layer of ML has no models that could be forbidden.</param>
internal sealed class BucketStatus(IObjectStore store, DateTimeOffset now, Func<string, bool> has)
{
    /// <summary>Runs, models, tables.</summary>
    public async Task<IReadOnlyList<StatusRow>> ReadAsync(CancellationToken cancel)
    {
        Part[] parts =
        [
            .. Enum.GetValues<WritingTool>().Where(tool => has(ManifestOf(tool))).Select(tool => new Part("runs", tool.ToString().ToLowerInvariant(), new RunStatuses(store, tool, now).ReadAsync)),
            .. has("ml/models/") ? [new Part("models", "ml/models/", new ModelStatuses(store).ReadAsync)] : Array.Empty<Part>(),
            .. DocumentKeys.Manifests.Where(has).Select(key => new Part("tables", key, new TableStatuses(store, key).ReadAsync)),
        ];
        var read = await Task.WhenAll(parts.Select(async part =>
        {
            try
            {
                return (Rows: await part.Read(cancel), Error: (UserError?)null);
            }
            catch (UserError error)
            {
                return (Rows: [new StatusRow(store.Bucket.ToString(), part.Kind, part.Name, error.ExitCode == ExitCode.NotPermitted ? Health.NotReadable : Health.Failed) { Detail = error.What }], Error: error);
            }
        }));
        // nothing of it could be read: one line says so
        if (read.All(static part => part.Error is not null))
            return [new(store.Bucket.ToString(), "bucket", store.Bucket.ToString(), read[0].Rows[0].Health) { Detail = read[0].Error!.What }];
        return [.. read.SelectMany(static part => part.Rows)];
    }

    private static string ManifestOf(WritingTool tool) => tool switch { WritingTool.Pipe => DocumentKeys.PipeManifest, WritingTool.Lens => DocumentKeys.LensManifest, _ => DocumentKeys.MlManifest };

    private sealed record Part(string Kind, string Name, Func<CancellationToken, Task<IReadOnlyList<StatusRow>>> Read);
}
