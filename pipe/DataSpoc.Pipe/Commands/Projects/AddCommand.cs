using System.CommandLine;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Commands.Looking;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Sources.Taps;

namespace DataSpoc.Pipe.Commands.Projects;

/// <summary><c>pipe add</c>: a new pipeline of the project, by questions at a terminal or by options in a script.</summary>
internal sealed class AddCommand(PipeHost host)
{
    private readonly Argument<string> _name = new("name") { Description = "the pipeline" };
    private readonly Option<string?> _tap = new("--tap") { Description = "a Singer tap: a program and its arguments", HelpName = "command" };
    private readonly Option<string[]> _config = new("--config") { Description = "a setting of the tap; a secret as '${VARIABLE}'", HelpName = "key=value", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _configFile = new("--config-file") { Description = "a JSON file with the tap's settings", HelpName = "file" };
    private readonly Option<string[]> _files = new("--files") { Description = "files or globs", HelpName = "glob", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _postgres = new("--postgres") { Description = "a PostgreSQL database: postgres://user@host/name", HelpName = "address" };
    private readonly Option<string?> _sqlite = new("--sqlite") { Description = "an SQLite file", HelpName = "file" };
    private readonly Option<string?> _source = new("--source") { Description = "the source of its tables: raw/<source>/…", HelpName = "name" };
    private readonly Option<string?> _table = new("--table") { Description = "the table of files", HelpName = "name" };
    private readonly Option<string[]> _streams = new("--streams") { Description = "only these streams", HelpName = "name", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _to = new("--to") { Description = "the bucket, where it is not that of the project", HelpName = "bucket" };
    private readonly Option<bool> _incremental = new("--incremental") { Description = "go on where the last run stopped, instead of replacing the tables" };
    private readonly Option<string?> _cron = new("--cron") { Description = "when `pipe schedule` runs it: '0 6 * * *'", HelpName = "times" };
    private readonly Option<bool> _force = new("--force") { Description = "replace a pipeline of this name" };
    private readonly Option<bool> _noProbe = new("--no-probe") { Description = "do not start or reach the source" };

    public ToolCommand Create() => new("add", "Make a pipeline")
    {
        Example = "pipe add orders --files './orders/*.csv' --source shop --table orders --cron '0 6 * * *'",
        Details = $"Without a source, at a terminal, it asks. Templates: {string.Join(", ", SourceTemplate.All().Select(template => template.Name))}",
        Handler = RunAsync,
        OffersDryRun = true,
        Arguments = { _name },
        Options = { _tap, _config, _configFile, _files, _postgres, _sqlite, _source, _table, _streams, _to, _incremental, _cron, _force, _noProbe },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var name = Name.Require(context.Value(_name)!, "pipeline");
        var file = context.Project.PathOf(ProjectPipelines.Folder, name + ".yaml");
        if (File.Exists(file) && !context.Value(_force))
            throw new UserError($"there is a pipeline `{name}` already") { Where = [("file", file)], Hint = "edit it, choose another name, or replace it with `--force`", ExitCode = ExitCode.Usage };
        var pipeline = Given(context) ? await FromOptionsAsync(context)
            : context.Environment.InputIsTerminal ? await FromAnswersAsync(context, host.Ask(context.Environment))
            : throw new UserError("it is not said where the pipeline reads from") { ExitCode = ExitCode.Usage, Hint = "--tap, --files, --postgres or --sqlite" };
        var text = Yaml.Of(pipeline);
        if (context.DryRun)
        {
            context.Out.Write(text);
            return ExitCode.Done;
        }
        Write(file, text);
        context.Messages.Info($"wrote {file}");
        var streams = context.Value(_noProbe) ? null : await ProbeAsync(context, name);
        using var rows = context.OutputGiven ? context.Rows([new("pipeline"), new("file"), new("streams", RowColumnKind.Number)]) : null;
        rows?.WriteRow(name, file, streams);
        rows?.Complete();
        context.Messages.Success($"next: `pipe validate {name}`, `pipe ingest {name}`");
        return ExitCode.Done;
    }

    private bool Given(CommandContext context) => new Option[] { _tap, _files, _postgres, _sqlite }.Any(context.Given);

    private async Task<JsonObject> FromOptionsAsync(CommandContext context)
    {
        var source = new JsonObject { ["tap"] = context.Value(_tap), ["postgres"] = context.Value(_postgres), ["sqlite"] = context.Value(_sqlite) };
        if (source.Count(member => member.Value is not null) + (context.Given(_files) ? 1 : 0) > 1)
            throw new UserError("a pipeline reads from one source") { ExitCode = ExitCode.Usage, Hint = "one of --tap, --files, --postgres and --sqlite" };
        if (context.Value(_tap) is { } tap)
            source["config"] = context.Value(_configFile) is { } path ? path : Settings(context) is { Count: > 0 } settings ? settings : await TemplateAsync(context, tap);
        if (context.Given(_files))
            source["files"] = List(context.Value(_files)!);
        source["name"] = context.Value(_source);
        source["table"] = context.Value(_table);
        source["streams"] = context.Given(_streams) ? List(context.Value(_streams)!.SelectMany(names => names.Split(','))) : null;
        return Pipeline(source, context.Value(_to), context.Given(_incremental) ? true : context.Given(_files) ? null : false, context.Value(_cron));
    }

    private async Task<JsonObject> FromAnswersAsync(CommandContext context, IQuestions ask)
    {
        var templates = SourceTemplate.All();
        var chosen = ask.Choose("where does it read from", [.. templates.Select(template => (template.Name, template.About)), ("tap", "another Singer tap")]);
        JsonObject source;
        if (templates.FirstOrDefault(template => template.Name == chosen) is { } known)
            source = known.Source;
        else
        {
            var tap = chosen == "tap" ? ask.Ask("the tap's command", "tap-shop") : chosen;
            source = new() { ["tap"] = tap, ["config"] = await TemplateAsync(context, tap) };
        }
        foreach (var (key, value) in source.ToArray())
            if (key is "files" or "postgres" or "sqlite")
                source[key] = value is JsonArray ? List(ask.Ask(key, value[0]!.GetValue<string>()).Split(' ', StringSplitOptions.RemoveEmptyEntries)) : ask.Ask(key, value!.GetValue<string>());
        if (source["config"] is JsonObject config)
            foreach (var (key, value) in config.ToArray())
                if (value is JsonValue)
                    config[key] = ask.Ask($"{source["tap"]} {key}", value.ToString());
        if (source.ContainsKey("files"))
        {
            source["name"] = ask.Ask("source (raw/<source>/<table>)", "files");
            source["table"] = ask.Ask("table", context.Value(_name)!);
        }
        var own = context.Project.Load<PipeFile>().Bucket;
        var bucket = ask.Ask("bucket", own ?? "s3://company-bronze");
        var incremental = source.ContainsKey("files") ? (bool?)null : ask.Confirm("go on where the last run stopped", true);
        var cron = ask.Ask("schedule, such as 0 6 * * * (empty: none)", "");
        return Pipeline(source, bucket == own ? null : bucket, incremental, cron.Length == 0 ? null : cron);
    }

    private static JsonObject Pipeline(JsonObject source, string? bucket, bool? incremental, string? cron)
    {
        if (bucket is not null)
            BucketUri.Parse(bucket);
        return new()
        {
            ["source"] = source,
            ["destination"] = bucket is null ? null : new JsonObject { ["bucket"] = bucket },
            ["incremental"] = incremental is { } enabled ? new JsonObject { ["enabled"] = enabled } : null,
            ["schedule"] = cron is null ? null : new JsonObject { ["cron"] = cron },
        };
    }

    private JsonObject Settings(CommandContext context)
    {
        var settings = new JsonObject();
        foreach (var setting in context.Value(_config)!)
            settings[setting.Split('=', 2) is [{ Length: > 0 } key, _] ? key : throw new UserError($"`{setting}` is not key=value") { Where = [("option", "--config")], ExitCode = ExitCode.Usage }] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return settings;
    }

    // what is known of the tap, or what it tells of itself
    private static async Task<JsonObject?> TemplateAsync(CommandContext context, string tap) =>
        SourceTemplate.All().FirstOrDefault(template => template.Name == Path.GetFileName(tap.Split(' ')[0]))?.Source["config"]?.DeepClone().AsObject()
            ?? await TapAbout.ReadAsync(new() { Command = tap, Folder = context.Project.Folder, Log = context.Messages.Detail }, context.Cancel);

    // how many streams it has; null where it does not answer
    private async Task<long?> ProbeAsync(CommandContext context, string name)
    {
        try
        {
            var streams = await new SourceLook(host, context).DiscoverAsync(new PlanOfSource(context).OfPipeline(name));
            context.Messages.Info($"the source has {Quantity.Count(streams.Count, "stream")}: {string.Join(", ", streams.Take(20).Select(stream => $"`{stream.Schema.Stream}`"))}{(streams.Count > 20 ? " …" : "")}");
            return streams.Count;
        }
        catch (UserError error)
        {
            context.Messages.Warn($"the source does not answer yet: {error.What}", error.Hint ?? $"correct the file, then `pipe discover {name}`");
            return null;
        }
    }

    private static void Write(string file, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"`{file}` cannot be written: {error.Message}", error) { Where = [("file", file)] };
        }
    }

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
