using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Ask;

/// <summary>One run of <c>lens ask</c>: tables are described to a model, its query is bound, repaired once where it has to be, shown, and run as <c>lens sql</c> runs queries.</summary>
internal sealed class AskRun(CommandContext context, AskArguments arguments)
{
    private const long MostRows = 1000;

    public async Task<ExitCode> RunAsync()
    {
        if (string.IsNullOrWhiteSpace(arguments.Question))
            throw Wrong("there is no question", $"for example: {context.Command.Example}");
        var configuration = context.Project.Load<LensConfiguration>();
        if (configuration.Ask is { Samples: < 0 or > 100 } or { Tables: < 1 or > 1000 })
            throw Wrong("`ask:` of lens.yaml asks for what cannot be", "samples: 0 to 100, tables: 1 to 1000");
        var address = ModelAddress.Of(configuration.Ask, context.Environment.Variable, arguments.Model);
        var sql = await QueryAsync(configuration, address);
        if (arguments.OnlySql)
        {
            context.Out.WriteLine(sql);
            return ExitCode.Done;
        }
        context.Messages.Info(sql + "\n");
        return await new SqlRun(context, new() { Query = sql, Buckets = arguments.Buckets, Limit = arguments.Limit ?? MostRows, Timeout = arguments.Timeout, Export = arguments.Export }).RunAsync();
    }

    private async Task<string> QueryAsync(LensConfiguration configuration, ModelAddress address)
    {
        var semantics = Semantics.Of(context.Project);
        await using var buckets = BucketSelection.Open(arguments.Buckets, configuration, context.Environment);
        var cache = ObjectCaches.Of(context);
        var all = await new TableResolver(buckets).ListAsync(context.Cancel);
        if (all.Count == 0)
            throw buckets.Buckets.Count == 0
                ? Wrong("no bucket is known", "name one with `--bucket URI`, or keep it: lens bucket add URI")
                : new UserError("there are no tables to ask about") { Where = [.. buckets.Buckets.Select(bucket => ("bucket", bucket.Store.Bucket.ToString()))], Hint = "`pipe ingest` brings some" };
        var chosen = TableChoice.Of(arguments.Question, all, semantics, configuration.Ask.Tables);
        var reader = new TableNotes(buckets, semantics, cache, Engine.Options(configuration));
        var notes = new List<TableNote>();
        foreach (var table in chosen)
            if (await NoteAsync(reader, table, arguments.NoSamples ? 0 : configuration.Ask.Samples) is { } note)
                notes.Add(note);
        var turns = Prompt.Of(arguments.Question, notes, [.. all.Except(chosen).Select(table => table.View.ToString())], semantics, context.Time.GetUtcNow());
        using var model = new ModelEndpoint(address);
        return await QueryAsync(model, turns, new(buckets, cache));
    }

    // a table that cannot be read does not stand in the way of questions about others
    private async Task<TableNote?> NoteAsync(TableNotes reader, ResolvedTable table, int samples)
    {
        try
        {
            return await reader.ReadAsync(table, samples, context.Cancel);
        }
        catch (UserError error) when (error.ExitCode != ExitCode.Usage)
        {
            context.Messages.Warn($"{table.View} is not described to the model: {error.What}");
            return null;
        }
    }

    private async Task<string> QueryAsync(ModelEndpoint model, IReadOnlyList<ChatTurn> turns, QueryBinding binding)
    {
        Debug(turns);
        var (sql, answer, error) = await TryAsync(model, turns, binding);
        if (error is null)
            return sql;
        turns = Prompt.Repair(turns, answer, Told(error));
        Debug([.. turns.Skip(2)]);
        (sql, _, error) = await TryAsync(model, turns, binding);
        return error is null ? sql : throw new UserError($"the model's query cannot be run: {error.What}", error)
        {
            Where = [("query", sql), .. error.Where],
            Hint = "put the question in other words, explain words in semantics.yaml, or take another model",
        };
    }

    private async Task<(string Sql, string Answer, UserError? Error)> TryAsync(ModelEndpoint model, IReadOnlyList<ChatTurn> turns, QueryBinding binding)
    {
        var answer = await model.AnswerAsync(turns, context.Cancel);
        Debug([new("model", answer)]);
        var sql = SqlAnswer.Plain(SqlAnswer.Read(answer));
        return (sql, answer, await binding.ErrorAsync(sql, context.Cancel));
    }

    private static string Told(UserError error) => string.Join('\n', [error.What, .. error.Where.Select(where => where.Value), .. error.Hint is { } hint ? (string[])[hint] : []]);

    private void Debug(IReadOnlyList<ChatTurn> turns)
    {
        if (!arguments.Debug)
            return;
        foreach (var turn in turns)
            context.Messages.Info($"--- {turn.Role}\n{SqlAnswer.Plain(turn.Text).TrimEnd()}\n");
    }

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}

/// <summary>What <c>lens ask</c> was given.</summary>
internal sealed record AskArguments(string Question)
{
    public IReadOnlyList<string> Buckets { get; init; } = [];

    public string? Model { get; init; }

    public long? Limit { get; init; }

    public string? Timeout { get; init; }

    public string? Export { get; init; }

    /// <summary>Whether the model is shown no rows.</summary>
    public bool NoSamples { get; init; }

    /// <summary>Whether the query is wanted instead of its rows.</summary>
    public bool OnlySql { get; init; }

    /// <summary>Whether what is said to the model and what it answers is shown.</summary>
    public bool Debug { get; init; }
}
