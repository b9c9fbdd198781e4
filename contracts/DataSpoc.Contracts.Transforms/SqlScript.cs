using DataSpoc.Contracts.DuckDb.Guarding;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Contracts.Transforms;

/// <summary>A table that a script makes.</summary>
/// <param name="Location">Where.</param>
/// <param name="Select">Its rows.</param>
/// <param name="IsNamed">Whether it was created by a name that later statements may use bare.</param>
internal sealed record ScriptTable(TableLocation Location, string Select, bool IsNamed);

/// <summary>
/// Reads a transform's file: one SELECT, or statements as DataSpoc 1.0 ran them, <c>CREATE OR REPLACE TABLE x AS SELECT …</c> and <c>COPY (SELECT …) TO '…/gold/sales/x/…'</c>.
/// Nothing is run: where rows go is said by names, never by a path.
/// </summary>
internal static class SqlScript
{
    public static IReadOnlyList<ScriptTable> Read(string text, TableLocation own, string file)
    {
        var statements = Statements(text);
        return statements switch
        {
            [] => throw Wrong(file, "the file holds no statement", "write one SELECT"),
            [[var first, ..]] when !first.Is("CREATE") && !first.Is("COPY") => [new(own, text, false)],
            _ => [.. statements.Select(statement => Table(text, statement, own, file))],
        };
    }

    private static List<IReadOnlyList<SqlToken>> Statements(string text)
    {
        var (all, one) = (new List<IReadOnlyList<SqlToken>>(), new List<SqlToken>());
        foreach (var token in SqlLexer.Read(text).Append(new(SqlTokenKind.Symbol, text.Length, text.Length, ";")))
            if (!token.Is(';'))
                one.Add(token);
            else if (one.Count > 0)
            {
                all.Add(one);
                one = [];
            }
        return all;
    }

    private static ScriptTable Table(string text, IReadOnlyList<SqlToken> statement, TableLocation own, string file) =>
        statement[0].Is("CREATE") ? Created(text, statement, own, file)
        : statement[0].Is("COPY") ? Copied(text, statement, own, file)
        : throw Wrong(file, $"`{Shown(text, statement)}` cannot be part of a transform", "a file is one SELECT, or CREATE TABLE … AS and COPY … TO statements");

    private static ScriptTable Created(string text, IReadOnlyList<SqlToken> statement, TableLocation own, string file)
    {
        var at = 1;
        Skip(statement, ref at, "OR", "REPLACE");
        if (!Skip(statement, ref at, "TABLE"))
            throw Wrong(file, $"`{Shown(text, statement)}` makes no table", "write CREATE OR REPLACE TABLE name AS SELECT …, or put the query into a WITH");
        Skip(statement, ref at, "IF", "NOT", "EXISTS");
        var names = new List<string>();
        while (at + 1 < statement.Count && statement[at].IsName && names.Count < 3)
        {
            names.Add(statement[at++].Value);
            if (!statement[at].Is('.'))
                break;
            at++;
        }
        if (names.Count is 0 or 3 || !Skip(statement, ref at, "AS") || at == statement.Count)
            throw Wrong(file, $"`{Shown(text, statement)}` is not CREATE TABLE name AS SELECT", "write CREATE OR REPLACE TABLE name AS SELECT …");
        return new(Location(own, names), text[statement[at].Start..statement[^1].End], true);
    }

    private static ScriptTable Copied(string text, IReadOnlyList<SqlToken> statement, TableLocation own, string file)
    {
        var to = LastAtTop(statement, "TO");
        if (to < 2 || to + 1 >= statement.Count || statement[to + 1].Kind != SqlTokenKind.Text)
            throw Wrong(file, $"`{Shown(text, statement)}` is not COPY (SELECT …) TO 'path'", "write COPY (SELECT …) TO 's3://bucket/gold/sales/revenue'");
        var rows = statement[1].Is('(')
            ? text[statement[1].End..statement[to - 1].Start]
            : $"SELECT * FROM {text[statement[1].Start..statement[to - 1].End]}";
        return new(OfPath(own, statement[to + 1].Value) ?? throw Wrong(file, $"`{statement[to + 1].Value}` is not a table of {own.Layer.Folder}/", $"write COPY … TO '…/{own.Layer.Folder}/<domain>/<table>/…'"), rows, false);
    }

    // gold.sales_revenue, sales.revenue, revenue
    private static TableLocation Location(TableLocation own, List<string> names) => names switch
    {
        [var layer, var joined] when layer.Equals(own.Layer.Name, StringComparison.OrdinalIgnoreCase) && joined.Split('_', 2) is [{ Length: > 0 } domain, { Length: > 0 } table] =>
            new(own.Layer, NameFolding.Fold(domain), NameFolding.Fold(table)),
        [var domain, var table] when !domain.Equals("main", StringComparison.OrdinalIgnoreCase) => new(own.Layer, NameFolding.Fold(domain), NameFolding.Fold(table)),
        _ => new(own.Layer, own.Source, NameFolding.Fold(names[^1])),
    };

    // …/gold/sales/revenue/x.parquet, …/gold/sales/revenue.parquet, …/gold/revenue.parquet
    private static TableLocation? OfPath(TableLocation own, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        var names = parts[(parts.LastIndexOf(own.Layer.Folder) + 1)..];
        if (names.Count == parts.Count || names.Count == 0)
            return null;
        var (domain, table) = names is [var only] ? (own.Source!, only) : (names[0], names[1]);
        var dot = table.LastIndexOf('.');
        return TableLocation.FromFolder($"{own.Layer.Folder}/{domain}/{NameFolding.Fold(dot > 0 ? table[..dot] : table)}");
    }

    private static int LastAtTop(IReadOnlyList<SqlToken> statement, string keyword)
    {
        var (depth, found) = (0, -1);
        foreach (var (i, token) in statement.Index())
        {
            depth += token.Is('(') ? 1 : token.Is(')') ? -1 : 0;
            if (depth == 0 && token.Is(keyword))
                found = i;
        }
        return found;
    }

    private static bool Skip(IReadOnlyList<SqlToken> statement, ref int at, params ReadOnlySpan<string> keywords)
    {
        for (var i = 0; i < keywords.Length; i++)
            if (at + i >= statement.Count || !statement[at + i].Is(keywords[i]))
                return false;
        at += keywords.Length;
        return true;
    }

    private static string Shown(string text, IReadOnlyList<SqlToken> statement) => text[statement[0].Start..statement[Math.Min(3, statement.Count - 1)].End].ReplaceLineEndings(" ");

    private static UserError Wrong(string file, string what, string hint) => new(what) { Where = [("file", file)], Hint = hint, ExitCode = ExitCode.Usage };
}
