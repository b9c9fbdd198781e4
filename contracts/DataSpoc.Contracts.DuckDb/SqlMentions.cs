using DataSpoc.Contracts.DuckDb.Guarding;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// The names that a SQL text could mean tables by, whatever kind of statement it is and whether or not it is valid: every word, every quoted name,
/// and the words inside texts (<c>query_table('raw.orders')</c>). Of a bucket of thousands of tables, only those mentioned need to be mounted.
/// </summary>
public sealed class SqlMentions
{
    // Answering from these needs all tables, whether mentioned or not.
    private static readonly string[] Catalogs = ["information_schema", "pg_catalog", "sqlite_master", "show", "pg_class", "pg_tables", "pg_views", "pg_attribute"];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);

    private SqlMentions()
    {
    }

    /// <summary>Whether the text asks what tables there are (SHOW, information_schema, duckdb_tables …), so that all of them have to be known.</summary>
    public bool NeedsCatalog { get; private set; }

    /// <summary>Reads a SQL text.</summary>
    public static SqlMentions In(string sql)
    {
        var tokens = SqlLexer.Read(sql);
        var result = new SqlMentions();
        foreach (var token in tokens)
            if (token.IsName)
                result.names.Add(token.Value);
            else if (token.Kind == SqlTokenKind.Text)
                result.AddText(token.Value);
        result.NeedsCatalog = tokens.Count(t => !t.Is(';')) == 1
            || result.names.Any(n => n.StartsWith("duckdb_", StringComparison.OrdinalIgnoreCase) || Catalogs.Contains(n, StringComparer.OrdinalIgnoreCase));
        return result;
    }

    /// <summary>Whether a name, without its schema, is mentioned; without regard to case.</summary>
    public bool Contains(string name) => names.Contains(name);

    private void AddText(string text)
    {
        names.Add(text);
        if (text.Length > 1000)
            return;
        foreach (var inner in SqlLexer.Read(text))
            if (inner.IsName)
                names.Add(inner.Value);
    }
}
