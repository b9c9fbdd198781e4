using System.Text;

namespace DataSpoc.Contracts.DuckDb.Guarding;

/// <summary>
/// Puts values into a SQL text where it says <c>$name</c>, as quoted texts, which DuckDB takes for whatever type stands beside them. A value is never SQL.
/// </summary>
public static class SqlParameters
{
    /// <summary>The text with every <c>$name</c> outside of texts and comments replaced.</summary>
    /// <param name="sql">A query.</param>
    /// <param name="values">Name without dollar → value.</param>
    /// <exception cref="UserError">A name has no value, or a value is used nowhere (<see cref="ExitCode.Usage"/>).</exception>
    public static string Fill(string sql, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder();
        var unused = values.Keys.ToHashSet(StringComparer.Ordinal);
        var tokens = SqlLexer.Read(sql);
        var copied = 0;
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var (dollar, name) = (tokens[i], tokens[i + 1]);
            if (!dollar.Is('$') || name.Kind is not (SqlTokenKind.Word or SqlTokenKind.Number) || name.Start != dollar.End)
                continue;
            if (!values.TryGetValue(name.Value, out var value))
                throw new UserError($"the query asks for `${name.Value}`, which has no value") { Hint = $"give it one with `--param {name.Value}=VALUE`", ExitCode = ExitCode.Usage };
            unused.Remove(name.Value);
            filled.Append(sql, copied, dollar.Start - copied).Append(Sql.Literal(value));
            copied = name.End;
        }
        foreach (var name in unused.Order(StringComparer.Ordinal))
            throw new UserError($"the query does not ask for `${name}`") { Hint = $"write ${name} where the value belongs, or leave `--param {name}=…` out", ExitCode = ExitCode.Usage };
        return copied == 0 ? sql : filled.Append(sql, copied, sql.Length - copied).ToString();
    }
}
