using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Shell;

/// <summary>What may follow in a statement: DuckDB's own suggestions over empty tables of the buckets' names and columns.</summary>
internal sealed class Completions : IDisposable
{
    private readonly Database _database;
    private readonly Connection _connection;

    private Completions(Database database)
    {
        _database = database;
        _connection = database.Connect();
    }

    /// <summary>SQL's words, in lower case.</summary>
    public IReadOnlySet<string> Keywords { get; private set; } = new HashSet<string>();

    /// <summary>Reads the catalogs; tables of which nobody told the columns are known by name only.</summary>
    public static async Task<Completions> ReadAsync(BucketSet buckets, CancellationToken cancel)
    {
        var completions = new Completions(Database.Open(new() { Threads = 1 }));
        try
        {
            var tables = await new TableResolver(buckets).ListAsync(cancel);
            var views = tables.Select(table => TableMounts.Named(table.Table.Declared ?? new(table.Table.Schema, table.Table.Name, [new("dt", LogicalType.Varchar)], []), table)).ToArray();
            TableViews.Declare(completions._connection, views);
            if (views.Length > 0)
                completions._connection.Execute($"SET search_path = {Contracts.DuckDb.Sql.Literal(string.Join(',', views.Select(view => $"{Contracts.DuckDb.Sql.Identifier(view.Bucket!)}.{Contracts.DuckDb.Sql.Identifier(view.Schema)}").Distinct()))}", cancel);
        }
        catch (UserError)
        {
            // a bucket that cannot be read is told of by the first query; words are suggested all the same
        }
        Lockdown.Apply(completions._connection, []);
        completions.Keywords = completions.Texts("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')").Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        return completions;
    }

    /// <summary>Suggestions for the end of a text, and where what they replace begins.</summary>
    public IReadOnlyList<(string Text, int Start)> Of(string text)
    {
        try
        {
            return Texts($"SELECT suggestion, suggestion_start FROM sql_auto_complete({Contracts.DuckDb.Sql.Literal(text)})");
        }
        catch (DuckDbException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private List<(string Text, int Start)> Texts(string sql)
    {
        var found = new List<(string, int)>();
        using var answer = _connection.Query(sql);
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                found.Add(((string)answer.GetValue(0, row)!, answer.Columns.Count > 1 ? Convert.ToInt32(answer.GetValue(1, row), System.Globalization.CultureInfo.InvariantCulture) : 0));
        return found;
    }
}
