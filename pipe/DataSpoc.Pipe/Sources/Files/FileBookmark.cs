using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>Which files are in a table, and in which version: <c>{"files": {"/data/orders.csv": {"size": 120, "version": "…"}}}</c>.</summary>
/// <param name="Files">By URI.</param>
internal sealed record FileBookmark(IReadOnlyDictionary<string, (long Size, string Version)> Files)
{
    public static FileBookmark Empty { get; } = new(new Dictionary<string, (long, string)>());

    /// <exception cref="UserError">The bookmark is that of another kind of source.</exception>
    public static FileBookmark Parse(ReadOnlyMemory<byte>? bookmark)
    {
        if (bookmark is not { } json)
            return Empty;
        try
        {
            if (JsonNode.Parse(json.Span)?["files"] is not JsonObject files)
                throw Foreign(null);
            return new(files.ToDictionary(file => file.Key, file => ((long)file.Value!["size"]!, (string)file.Value["version"]!)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw Foreign(error);
        }
    }

    /// <summary>Whether this file, as it is, is in the table.</summary>
    /// <exception cref="UserError">It was, and has changed since (<see cref="ExitCode.Refused"/>).</exception>
    public bool Holds(SourceFile file)
    {
        if (!Files.TryGetValue(file.Uri, out var known))
            return false;
        return known == (file.Size, file.Version) ? true : throw new UserError($"`{Path.GetFileName(file.Uri)}` has changed since it was ingested")
        {
            Where = [("file", file.Uri)],
            Hint = "add all its rows again with `--mode append`, or write the table anew with `--full`",
            ExitCode = ExitCode.Refused,
        };
    }

    public FileBookmark With(IEnumerable<SourceFile> files)
    {
        var all = new Dictionary<string, (long Size, string Version)>(Files);
        foreach (var file in files)
            all[file.Uri] = (file.Size, file.Version);
        return new(all);
    }

    public byte[] Serialize()
    {
        var files = new JsonObject();
        foreach (var (uri, (size, version)) in Files.OrderBy(file => file.Key, StringComparer.Ordinal))
            files[uri] = new JsonObject { ["size"] = size, ["version"] = version };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["files"] = files });
    }

    private static UserError Foreign(Exception? inner) => new("the pipeline's bookmark is not one of files", inner) { Hint = "give this source a table or a pipeline of its own, or start anew with `--full`" };
}
