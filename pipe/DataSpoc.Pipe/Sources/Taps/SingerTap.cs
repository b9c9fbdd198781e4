using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Singer;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>
/// Runs a Singer tap and reads what it writes. Its configuration, catalog and bookmark go into files that only this user can
/// read and that are deleted afterwards. Where streams are named, they are selected in the tap's own catalog if it has one
/// (<c>--discover</c>), and others that come nevertheless are passed over.
/// </summary>
internal sealed class SingerTap(TapSettings settings) : IDiscoverableSource
{
    public async Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(CancellationToken cancel)
    {
        using var folder = new SecretFolder(settings.TemporaryFolder);
        var (config, secrets) = await ConfigAsync(folder, cancel);
        var catalog = await CatalogAsync(config, secrets, cancel) ?? throw new UserError($"`{settings.Name}` does not tell its streams")
        {
            Where = [("tap", settings.Command)],
            Hint = $"run it by hand: {settings.Command} --config … --discover; a tap that cannot do that can still be ingested",
        };
        var selected = settings.Streams.Count == 0 ? null : Catalog.Select(catalog, settings.Streams, settings.Name);
        return [.. CatalogStreams.Of(catalog, settings.Reading.Shapes, settings.Name).Where(stream => selected?.Contains(stream.Schema.Stream) != false)];
    }

    public ISource First(int rows) => new TapPreview(settings, rows);

    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        using var folder = new SecretFolder(settings.TemporaryFolder);
        var (config, secrets) = await ConfigAsync(folder, cancel);
        var arguments = new List<string>(config);
        var streams = settings.Streams;
        if (streams.Count > 0 && await CatalogAsync(config, secrets, cancel) is { } catalog)
        {
            await sink.StreamsAsync(Catalog.Names(catalog), cancel);
            streams = Catalog.Select(catalog, streams, settings.Name);
            arguments.AddRange([settings.CatalogOption, await folder.WriteAsync("catalog.json", Bytes(catalog), cancel)]);
        }
        else if (settings.Catalog is { } path)
        {
            var file = Existing(path, "catalog");
            if (Catalog.TryParse(await File.ReadAllBytesAsync(file, cancel), out var whole))
                await sink.StreamsAsync(Catalog.Names(whole), cancel);
            arguments.AddRange([settings.CatalogOption, file]);
        }

        if (!settings.State.IsEmpty)
            arguments.AddRange(["--state", await folder.WriteAsync("state.json", settings.State, cancel)]);

        await using var tap = TapProcess.Start(settings, arguments, secrets);
        await using var stop = cancel.Register(tap.Stop);
        return await ReadAsync(tap, settings.Reading with { Origin = settings.Name, Streams = streams }, sink, cancel);
    }

    private async Task<SourceSummary> ReadAsync(TapProcess tap, SingerOptions options, ISourceSink sink, CancellationToken cancel)
    {
        SourceSummary summary;
        await using var output = new TapOutput(tap.Output, settings, settings.Time);
        try
        {
            summary = await new SingerReader(output, options).ReadAsync(sink, cancel);
        }
        catch (UserError error) when (output.Ended)
        {
            // a tap that dies in the middle of a line: the line is not what is wrong
            if (await tap.FailsByItselfAsync())
                throw tap.Failure(error);
            throw;
        }

        await tap.EndAsync(cancel);
        return summary;
    }

    /// <returns>The catalog, or null where the tap cannot tell: then it will say itself what is wrong when it is run.</returns>
    private async Task<JsonObject?> CatalogAsync(IEnumerable<string> config, Secrets secrets, CancellationToken cancel)
    {
        if (settings.Catalog is { } path)
        {
            var file = Existing(path, "catalog");
            return Catalog.TryParse(await File.ReadAllBytesAsync(file, cancel), out var given) ? given : throw new UserError($"`{path}` is not a catalog: it has no `streams`")
            {
                Where = [("file", file)],
                Hint = $"let the tap write one: {settings.Command} --config … --discover > {path}",
                ExitCode = ExitCode.Usage,
            };
        }

        await using var tap = TapProcess.Start(settings, config.Append("--discover"), secrets);
        await using var stop = cancel.Register(tap.Stop);
        using var text = new MemoryStream();
        try
        {
            await using var output = new TapOutput(tap.Output, settings, settings.Time);
            await output.CopyToAsync(text, cancel);
            await tap.EndAsync(cancel);
        }
        catch (UserError error)
        {
            settings.Log?.Invoke(error.What);
            return null;
        }

        return Catalog.TryParse(text.GetBuffer().AsSpan(0, (int)text.Length), out var catalog) ? catalog : null;
    }

    private async Task<(IReadOnlyList<string> Arguments, Secrets Secrets)> ConfigAsync(SecretFolder folder, CancellationToken cancel)
    {
        if (settings.Config is null)
            return ([], Secrets.Of(null));
        if (settings.Config.GetValueKind() != JsonValueKind.String)
            return (["--config", await folder.WriteAsync("config.json", Bytes(settings.Config), cancel)], Secrets.Of(settings.Config));

        var path = Existing(settings.Config.GetValue<string>(), "config");
        return (["--config", path], Secrets.Of(await TryReadAsync(path, cancel)));
    }

    private string Existing(string path, string what)
    {
        var full = Path.GetFullPath(path, settings.Folder);
        return File.Exists(full) ? full : throw new UserError($"the {what} of `{settings.Name}` is not there: `{path}`")
        {
            Where = [("file", full)],
            Hint = $"correct `source.{what}`",
            ExitCode = ExitCode.Usage,
        };
    }

    /// <summary>Only to know its secrets; whether the tap understands the file is the tap's business.</summary>
    private static async Task<JsonNode?> TryReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllBytesAsync(path, cancel));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
