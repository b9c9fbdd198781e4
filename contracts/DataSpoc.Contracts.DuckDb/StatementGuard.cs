using DataSpoc.Contracts.DuckDb.Guarding;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// Lets a person's SQL through only where it is exactly one query: SELECT in all its forms (FROM, VALUES, WITH, PIVOT, DESCRIBE, SHOW, SUMMARIZE) or
/// EXPLAIN of one. It is the second lock: the first is <see cref="Lockdown"/>, which must be applied to the connection's database before.
/// </summary>
public static class StatementGuard
{
    private const string PivotHint = "list the values: PIVOT … ON column IN ('a', 'b') …";
    private const string Hint = "a query is one SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SHOW, SUMMARIZE, or EXPLAIN of one";

    private static readonly string[] QueryWords =
        ["SELECT", "FROM", "WITH", "VALUES", "TABLE", "PIVOT", "PIVOT_WIDER", "PIVOT_LONGER", "UNPIVOT", "DESCRIBE", "DESC", "SHOW", "SUMMARIZE"];

    /// <summary>Checks and runs a person's query.</summary>
    /// <param name="connection">A connection of a locked database.</param>
    /// <param name="sql">What the person wrote; a semicolon may end it.</param>
    /// <param name="cancel">Interrupts the query, also while its result is read.</param>
    /// <exception cref="UserError">Not exactly one query (<see cref="ExitCode.Usage"/>); it says why.</exception>
    /// <exception cref="DuckDbException">Not SQL, or the query fails.</exception>
    public static ResultReader Query(Connection connection, string sql, CancellationToken cancel)
    {
        var (single, query) = Read(sql);
        using var statements = Extract(connection, query);
        if (statements.Count > 1)
            return query.Length == single.Length ? QueryPivot(connection, statements, cancel) : throw Refused("a PIVOT without IN cannot be explained", PivotHint);
        using var prepared = Prepare(connection, statements);
        return query.Length == single.Length ? connection.Stream(prepared, cancel) : connection.Query(single, cancel);
    }

    /// <summary>Checks a person's query without running it; the answer is its text without the semicolon, safe between brackets on lines of their own.</summary>
    /// <exception cref="UserError">Not exactly one query (<see cref="ExitCode.Usage"/>), an EXPLAIN, or a PIVOT without IN.</exception>
    /// <exception cref="DuckDbException">Not SQL.</exception>
    public static string Checked(Connection connection, string sql)
    {
        var (single, query) = Read(sql);
        if (single.Length != query.Length)
            throw Refused("an EXPLAIN cannot be part of another statement", Hint);
        using var statements = Extract(connection, query);
        if (statements.Count > 1)
            throw Refused("a PIVOT without IN cannot be part of another statement", PivotHint);
        Prepare(connection, statements).Dispose();
        return single;
    }

    /// <summary>The one query of a text, or the one that its EXPLAIN explains, not parsed yet.</summary>
    /// <exception cref="UserError">Not exactly one statement, or a function that is refused.</exception>
    internal static string Explained(string sql) => Read(sql).Query;

    /// <summary>The one statement of a text, and the query in it, which is shorter where the statement is an EXPLAIN.</summary>
    private static (string Single, string Query) Read(string sql)
    {
        var tokens = SqlLexer.Read(sql);
        foreach (var (token, next) in tokens.Zip(tokens.Skip(1)))
            if (token.IsName && next.Is('(') && RiskyFunctions.Refused.Contains(token.Value))
                throw Refused($"the function `{token.Value}` cannot be used here", "it does more than read");
        var single = Single(sql, tokens);
        return (single, WithoutExplain(single));
    }

    private static Statements Extract(Connection connection, string query)
    {
        var statements = connection.Extract(query);
        var tokens = SqlLexer.Read(query);
        // A PIVOT without IN is two statements in DuckDB: it first makes a type of the values it finds.
        var refusal = statements.Count == 0 ? Refused("there is no statement", Hint)
            : statements.Count > 1 && !tokens.Any(t => t.Is("PIVOT") || t.Is("PIVOT_WIDER")) ? Refused("this is more than one statement", Hint)
            : !tokens[0].Is('(') && !QueryWords.Any(tokens[0].Is) ? Refused($"`{tokens[0].Value.ToUpperInvariant()}` is not a query, and only queries can be run here", Hint)
            : null;
        if (refusal is null)
            return statements;
        statements.Dispose();
        throw refusal;
    }

    private static PreparedHandle Prepare(Connection connection, Statements statements)
    {
        var prepared = connection.Prepare(statements, 0);
        if (Kind(prepared) == StatementKind.Select)
            return prepared;
        using (prepared)
            throw NotAQuery(prepared);
    }

    private static ResultReader QueryPivot(Connection connection, Statements statements, CancellationToken cancel)
    {
        for (ulong i = 0; i + 1 < statements.Count; i++)
        {
            using var before = connection.Prepare(statements, i);
            if (Kind(before) != StatementKind.Create)
                throw Refused("this is more than one statement", Hint);
            connection.Run(before, streaming: false, cancel).Dispose();
        }
        using var prepared = connection.Prepare(statements, statements.Count - 1);
        return Kind(prepared) == StatementKind.Select ? connection.Stream(prepared, cancel) : throw NotAQuery(prepared);
    }

    private static StatementKind Kind(PreparedHandle prepared) => (StatementKind)NativeMethods.PreparedStatementType(prepared);

    private static UserError NotAQuery(PreparedHandle prepared) => Refused($"this is a statement of the kind `{Kind(prepared)}`, and only queries can be run here", Hint);

    private static string Single(string sql, IReadOnlyList<SqlToken> tokens)
    {
        var end = tokens.FirstOrDefault(t => t.Is(';'));
        if (end.Value is null)
            return tokens.Count > 0 ? sql : throw Refused("there is no statement", Hint);
        if (tokens.Any(t => t.Start > end.Start && !t.Is(';')))
            throw Refused("this is more than one statement", Hint);
        return end.Start == tokens[0].Start ? throw Refused("there is no statement", Hint) : sql[..end.Start];
    }

    /// <summary>The statement that an EXPLAIN explains: with ANALYZE it is run, and DuckDB calls both EXPLAIN.</summary>
    private static string WithoutExplain(string sql)
    {
        var tokens = SqlLexer.Read(sql);
        var at = 0;
        if (!tokens[0].Is("EXPLAIN"))
            return sql;
        at++;
        if (at + 1 < tokens.Count && tokens[at].Is('(') && (tokens[at + 1].Is("ANALYZE") || tokens[at + 1].Is("ANALYSE") || tokens[at + 1].Is("FORMAT") || tokens[at + 1].Is("VERBOSE")))
        {
            while (at < tokens.Count && !tokens[at].Is(')'))
                at++;
            at++;
        }
        while (at < tokens.Count && (tokens[at].Is("ANALYZE") || tokens[at].Is("ANALYSE") || tokens[at].Is("VERBOSE")))
            at++;
        return at < tokens.Count ? sql[tokens[at].Start..] : throw Refused("there is nothing to explain", Hint);
    }

    private static UserError Refused(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
