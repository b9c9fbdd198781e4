using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Names;
using DataSpoc.Pipe.Commands.Looking;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary><c>pipe ingest</c>: files, Singer messages on stdin, or pipelines of the project.</summary>
internal sealed class IngestCommand(PipeHost host)
{
    private readonly Argument<string[]> _sources = new("source") { Description = "files or globs, a database (postgres://host/name, sqlite:file.db), - for Singer messages on stdin, or names of pipelines", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _to = new("--to") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };
    private readonly Option<string?> _table = new("--table") { Description = "the table of the files: source/table", HelpName = "name" };
    private readonly Option<string?> _source = new("--source") { Description = "the source of the tables that come on stdin", HelpName = "name" };
    private readonly Option<WriteMode?> _mode = new("--mode") { Description = "append adds to what is there (files: even those that were ingested before), overwrite replaces it, overwrite_partition only the days that come, merge only the rows whose key comes", HelpName = "append|overwrite|overwrite_partition|merge" };
    private readonly Option<bool> _full = new("--full") { Description = "start anew: replace the tables, forget the bookmark" };
    private readonly Option<string[]> _streams = new("--streams") { Description = "only these streams", HelpName = "name", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "of a database only the rows that are new by this column; tables without it are read whole", HelpName = "column" };
    private readonly Option<string?> _lag = new("--lag") { Description = "how late rows may come by their cursor: 10m, or a number", HelpName = "time" };
    private readonly Option<bool> _all = new("--all") { Description = "all pipelines of the project, one after the other" };
    private readonly Option<string?> _since = new("--since") { Description = "read what came after this, whatever the bookmark says; of files those that were changed since: 2026-01-31", HelpName = "date" };
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "the first line of CSV files is data" };
    private readonly Option<bool> _inspect = new("--inspect") { Description = "keep the files of rows that a check refuses, and say where" };
    private readonly FileOptions _reading = new();
    private readonly Option<bool> _retry = new("--retry") { Description = "start over where another run of the pipeline committed in between" };

    public ToolCommand Create()
    {
        var command = new ToolCommand("ingest", "Bring data into raw/")
        {
            Example = "pipe ingest ./orders.csv --to file:///data/lake --table shop/orders",
            Handler = RunAsync,
            OffersDryRun = true,
            Arguments = { _sources },
            Options = { _all, _to, _table, _source, _mode, _full, _streams, _since, _cursor, _lag, _noHeader, _reading.Delimiter, _reading.Quote, _reading.Comment, _reading.Encoding, _reading.NullStrings, _reading.Types, _reading.FileName, _reading.RowNumber, _inspect, _retry },
        };
        command.Aliases.Add("run");
        return command;
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        using var report = new IngestionReport(context);
        try
        {
            return await RunAsync(context, report);
        }
        finally
        {
            // what is on stdout is whole, also where the run failed
            report.Complete();
        }
    }

    private async Task<ExitCode> RunAsync(CommandContext context, IngestionReport report)
    {
        var sources = context.Value(_sources) ?? [];
        // `run _ --all` is how 1.0 had it
        if (context.Value(_all))
            return sources is [] or ["_"] ? await RunAllAsync(context, ProjectPipelines.AtLeastOne(context), report)
                : throw new UserError("`--all` runs all pipelines, and some are named as well") { ExitCode = ExitCode.Usage, Hint = "leave out one of them" };
        if (sources.Length == 0)
            throw new UserError("it is not said what is to be ingested") { ExitCode = ExitCode.Usage, Hint = "name pipelines or files, `-` for Singer messages on stdin, or `--all`" };
        if (sources is [var only] && DatabaseAddress.Of(only) is { } database)
            return await RunOneAsync(context, FromDatabase(context, database.In(context.Environment.WorkingFolder)), report);
        var files = sources.Where(FileSelection.IsFile).ToArray();
        if (sources is ["-"])
            return await RunOneAsync(context, FromStdin(context), report);
        if (files.Length == sources.Length)
            return await RunOneAsync(context, FromFiles(context, files), report);
        if (files.Length > 0 || sources.Contains("-"))
            throw new UserError("files, stdin and pipelines cannot be mixed in one command") { ExitCode = ExitCode.Usage, Hint = "run them one after the other" };
        return await RunAllAsync(context, sources, report);
    }

    private async Task<ExitCode> RunAllAsync(CommandContext context, IReadOnlyList<string> names, IngestionReport report)
    {
        var worst = ExitCode.Done;
        foreach (var name in names)
        {
            ExitCode code;
            try
            {
                if (names.Count > 1)
                    context.Messages.Info($"pipeline `{name}`");
                code = await RunOneAsync(context, FromPipeline(context, name), report);
            }
            catch (UserError error) when (names.Count > 1)
            {
                // one that fails does not keep the others from running
                context.Messages.Error(error);
                report.Failed(name, error);
                code = error.ExitCode;
            }
            worst = worst == ExitCode.Done ? code : worst;
        }
        return worst;
    }

    private async Task<ExitCode> RunOneAsync(CommandContext context, IngestionPlan plan, IngestionReport report)
    {
        if (context.Value(_since) is { } since)
            plan = ReadingSince.Apply(plan, since);
        if (context.DryRun)
            return await new IngestionDryRun(host, context, plan).RunAsync();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await new IngestionRun(host, context, plan).RunAsync(report);
            }
            catch (UserError error) when (context.Value(_retry) && attempt < 5 && error.Hint?.Contains("--retry", StringComparison.Ordinal) == true && !plan.ReadsStdin)
            {
                context.Messages.Warn($"{error.What}; starting over");
            }
        }
    }

    private IngestionPlan FromStdin(CommandContext context)
    {
        var source = Name.Require(context.Value(_source) ?? throw Missing("--source", "the tables need a source name", "some-tap | pipe ingest - --source shop --to s3://company-bronze"), "source");
        return new(Bucket(context, null), source, source, Mode(context, WriteMode.Append)) { ReadsStdin = true, Streams = Streams(context) };
    }

    private IngestionPlan FromFiles(CommandContext context, string[] files)
    {
        var (source, table) = SplitTable(context.Value(_table), files);
        return new(Bucket(context, null), PipelineOf(source, table), source, Mode(context, null)) { Files = files, Table = table, HasHeader = !context.Value(_noHeader), Reading = _reading.Of(context), FullRun = context.Value(_full) };
    }

    private IngestionPlan FromDatabase(CommandContext context, DatabaseAddress address)
    {
        if (context.Given(_table))
            throw new UserError("`--table` names the table of files") { Hint = "choose tables of a database by `--streams orders,sales.items`", ExitCode = ExitCode.Usage };
        if (context.Given(_lag) && !context.Given(_cursor))
            throw new UserError("`--lag` needs a cursor") { Hint = "--cursor updated_at --lag 10m", ExitCode = ExitCode.Usage };
        var source = context.Value(_source) is { } given ? Name.Require(given, "source") : address.Kind;
        var cursor = context.Value(_cursor) is { } column ? new CursorSettings(column) { Lag = context.Value(_lag) } : null;
        return new(Bucket(context, null), source, source, Mode(context, cursor is null ? WriteMode.Overwrite : WriteMode.Append))
        {
            Database = new(address, new() { Incremental = cursor is not null, Cursor = cursor }),
            Streams = Streams(context),
            FullRun = context.Value(_full),
        };
    }

    private IngestionPlan FromPipeline(CommandContext context, string name)
    {
        var plan = new PlanOfSource(context).OfPipeline(name, configured => Bucket(context, configured));
        return plan with
        {
            Mode = context.Value(_full) ? WriteMode.Overwrite : context.Value(_mode) ?? plan.Mode,
            Streams = Streams(context) is { Count: > 0 } chosen ? chosen : plan.Streams,
            FullRun = context.Value(_full),
            Inspect = context.Value(_inspect),
        };
    }

    private string Bucket(CommandContext context, string? configured) =>
        context.Value(_to) ?? configured ?? context.Project.Load<PipeFile>().Bucket ?? throw Missing("--to", "no bucket is named", "--to file:///data/lake, or `bucket:` in pipe.yaml");

    private WriteMode? Mode(CommandContext context, WriteMode? otherwise) => context.Value(_full) ? WriteMode.Overwrite : context.Value(_mode) ?? otherwise;

    private IReadOnlySet<string> Streams(CommandContext context) => (context.Value(_streams) ?? []).SelectMany(names => names.Split(',')).ToHashSet(StringComparer.Ordinal);

    private static (string Source, string Table) SplitTable(string? table, string[] files)
    {
        if (table is null)
            return files.Length == 1 && !files[0].AsSpan().ContainsAny('*', '?')
                ? ("files", NameFolding.Fold(FileKind.StemOf(files[0])))
                : throw Missing("--table", "several files need the name of the table they go into", "--table shop/orders");
        return table.Split('/') is [var source, var name] ? (Name.Require(source, "source"), Name.Require(name, "table")) : throw new UserError($"`{table}` is not source/table") { ExitCode = ExitCode.Usage, Hint = "write --table shop/orders" };
    }

    private static string PipelineOf(string source, string table) => NameFolding.Fold($"{source}_{table}");

    private static UserError Missing(string option, string what, string example) => new($"{what}: `{option}` is missing") { ExitCode = ExitCode.Usage, Hint = example };
}
