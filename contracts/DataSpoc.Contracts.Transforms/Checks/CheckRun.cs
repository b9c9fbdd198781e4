using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Contracts.Transforms.Checks;

/// <summary>Runs checks over rows that are about to be committed (write, audit, publish).</summary>
public static class CheckRun
{
    /// <summary>Rows shown per check.</summary>
    private const int Shown = 5;

    /// <summary>Runs all checks: those about single rows in one pass, the others one by one.</summary>
    /// <param name="connection">Where the rows are; tables of relationships (<see cref="Check.Reference"/>) are mounted there.</param>
    /// <param name="checks">The checks.</param>
    /// <param name="incoming">SQL that follows FROM: the new rows. A name, <c>read_parquet(…)</c>, <c>(SELECT …)</c>.</param>
    /// <param name="staying">Likewise the rows that stay in the table beside them, with the same columns; null where there are none. Only
    /// <c>unique</c> and <c>freshness</c> look at them.</param>
    /// <param name="now">The time from which freshness is counted.</param>
    /// <param name="cancel">Stops the checks.</param>
    /// <exception cref="UserError">A check cannot be run on these rows: an unknown column, SQL that does not parse (<see cref="ExitCode.Usage"/>).</exception>
    public static CheckReport Run(Connection connection, IReadOnlyList<Check> checks, string incoming, string? staying, DateTimeOffset now, CancellationToken cancel)
    {
        if (checks.Count == 0)
            return new([]);
        var found = new CheckResult[checks.Count];
        var rowwise = checks.Index().Where(entry => CheckSql.Violates(entry.Item) is not null).ToArray();
        if (rowwise.Length > 0)
            foreach (var (entry, count) in rowwise.Zip(Counts(connection, [.. rowwise.Select(entry => entry.Item)], incoming, cancel)))
                found[entry.Index] = new(entry.Item, count);
        foreach (var (index, check) in checks.Index().Where(entry => found[entry.Index] is null))
            found[index] = Guarded(check, () => check.Kind switch
            {
                CheckKind.Unique => new(check, Number(connection, $"SELECT coalesce(sum(n), 0)::BIGINT FROM ({CheckSql.Doubled(check, incoming, staying)})", cancel)),
                CheckKind.RowCount => RowCount(connection, check, incoming, cancel),
                _ => Freshness(connection, check, incoming, staying, now, cancel),
            });
        return new([.. found.Select(result => result.Violations == 0 ? result : result with { Rows = Examples(connection, result.Check, incoming, staying, cancel) })]);
    }

    private static long[] Counts(Connection connection, IReadOnlyList<Check> checks, string incoming, CancellationToken cancel)
    {
        try
        {
            return Together(connection, checks, incoming, cancel);
        }
        // which of them it is, DuckDB does not say
        catch (DuckDbException) when (!cancel.IsCancellationRequested)
        {
            return [.. checks.Select(check => Guarded(check, () => Together(connection, [check], incoming, cancel)[0]))];
        }
    }

    private static long[] Together(Connection connection, IReadOnlyList<Check> checks, string incoming, CancellationToken cancel)
    {
        var counts = string.Join(", ", checks.Select(check => $"count(*) FILTER (WHERE {CheckSql.Violates(check)})"));
        using var answer = connection.Query($"SELECT {counts} FROM {incoming} AS r", cancel);
        answer.NextChunk();
        return [.. checks.Select((_, i) => Convert.ToInt64(answer.GetValue(i, 0), CultureInfo.InvariantCulture))];
    }

    private static CheckResult RowCount(Connection connection, Check check, string incoming, CancellationToken cancel)
    {
        var rows = Number(connection, $"SELECT count(*) FROM {incoming} AS r", cancel);
        var fits = (check.Minimum is not { } low || rows >= long.Parse(low, CultureInfo.InvariantCulture)) && (check.Maximum is not { } high || rows <= long.Parse(high, CultureInfo.InvariantCulture));
        return new(check, fits ? 0 : 1) { Found = fits ? null : string.Create(CultureInfo.InvariantCulture, $"{rows} rows") };
    }

    private static CheckResult Freshness(Connection connection, Check check, string incoming, string? staying, DateTimeOffset now, CancellationToken cancel)
    {
        using var answer = connection.Query(CheckSql.Newest(check, incoming, staying), cancel);
        var newest = answer.NextChunk() ? (DateTimeOffset?)answer.GetValue(0, 0) : null;
        var fresh = newest is { } moment && now - moment <= check.Within;
        return new(check, fresh ? 0 : 1) { Found = fresh ? null : newest is { } old ? $"the newest is {old.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" : "there is none" };
    }

    private static string[] Examples(Connection connection, Check check, string incoming, string? staying, CancellationToken cancel)
    {
        var select = check.Kind switch
        {
            CheckKind.RowCount or CheckKind.Freshness => null,
            CheckKind.Unique => $"SELECT * FROM ({CheckSql.Doubled(check, incoming, staying)}) LIMIT {Shown}",
            _ => $"SELECT * FROM {incoming} AS r WHERE {CheckSql.Violates(check)} LIMIT {Shown}",
        };
        if (select is null)
            return [];
        using var answer = connection.Query($"SELECT CAST(to_json(example) AS VARCHAR) FROM ({select}) AS example", cancel);
        var rows = new List<string>();
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                rows.Add(answer.GetText(0, row) ?? "");
        return [.. rows];
    }

    private static long Number(Connection connection, string sql, CancellationToken cancel)
    {
        using var answer = connection.Query(sql, cancel);
        return answer.NextChunk() ? Convert.ToInt64(answer.GetValue(0, 0), CultureInfo.InvariantCulture) : 0;
    }

    private static T Guarded<T>(Check check, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (DuckDbException error)
        {
            throw new UserError($"the check `{check.Text}` cannot be run", error) { Where = [("reason", error.Message.Split('\n')[0])], Hint = "correct it: columns are named as in the table", ExitCode = ExitCode.Usage };
        }
    }
}
