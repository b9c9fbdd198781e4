using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Contracts.Transforms;

/// <summary>Runs unit tests of transforms in a database of their own.</summary>
/// <param name="options">How databases are opened.</param>
/// <param name="scratch">A folder for small files; they are deleted.</param>
public sealed class TransformTestRun(DatabaseOptions options, string scratch)
{
    private const int MostRows = 20;

    /// <summary>Runs a test: the given rows are tables, the SELECT reads them, what comes out is compared with the expected rows.</summary>
    /// <returns>What was found; a test that cannot be run has an error.</returns>
    public TransformTestResult Run(PlannedTransform planned, TransformTest test, CancellationToken cancel)
    {
        var result = new TransformTestResult(planned.Transform, test.Name);
        try
        {
            using var database = Database.Open(options);
            using var connection = database.Connect();
            Give(connection, planned, test, cancel);
            return Compare(connection, result, test.Expect, cancel);
        }
        catch (DuckDbException error)
        {
            return result with { Error = TransformRun.Failed(planned.Transform, error) };
        }
        catch (UserError error)
        {
            return result with { Error = error };
        }
    }

    private void Give(Connection connection, PlannedTransform planned, TransformTest test, CancellationToken cancel)
    {
        var given = test.Given.Select(table => (Name: TableName.Parse(table.Key) ?? throw Wrong(planned, $"`{table.Key}` is not the name of a table"), table.Value)).ToArray();
        foreach (var input in planned.Inputs)
        {
            var (name, rows) = given.FirstOrDefault(table => Same(table.Name, input));
            if (name is null)
                throw Wrong(planned, $"the test gives no rows of `{input}`, which the SELECT reads");
            var schema = input.Schema ?? "main";
            connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Sql.Identifier(schema)}", cancel);
            var (list, types) = rows is JsonObject described ? (described["rows"] as JsonArray ?? [], described["columns"] as JsonObject) : (rows as JsonArray ?? [], null);
            Create(connection, $"{Sql.Identifier(schema)}.{Sql.Identifier(input.Name)}", list, types?.ToDictionary(type => type.Key, type => type.Value?.ToString() ?? "VARCHAR"), cancel);
        }
        foreach (var unread in given.Where(table => !planned.Inputs.Any(input => Same(table.Name, input))))
            throw Wrong(planned, $"the test gives rows of `{unread.Name}`, which the SELECT does not read");
    }

    private TransformTestResult Compare(Connection connection, TransformTestResult result, IReadOnlyList<JsonObject> expect, CancellationToken cancel)
    {
        var select = TransformSelect.Of(connection, result.Transform);
        connection.Execute($"CREATE TABLE \"_came\" AS {select.Rows()}", cancel);
        if (expect.Count == 0)
            return result with { Unexpected = Rows(connection, "SELECT * FROM \"_came\"", cancel) };
        var came = connection.Describe("SELECT * FROM \"_came\"").ToDictionary(column => column.Name, column => column.Type.ToString(), StringComparer.OrdinalIgnoreCase);
        var columns = expect.SelectMany(row => row.Select(cell => cell.Key)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var unknown in columns.Where(column => !came.ContainsKey(column)))
            throw new UserError($"the test expects a column `{unknown}`, which the SELECT does not give") { Where = [("file", result.Transform.File), ("test", result.Test)], ExitCode = ExitCode.Usage };
        Create(connection, "\"_expected\"", new JsonArray([.. expect.Select(row => row.DeepClone())]), columns.ToDictionary(column => column, column => came[column]), cancel);
        var names = string.Join(", ", columns.Select(Sql.Identifier));
        var (is_, should) = ($"SELECT {names} FROM \"_came\"", $"SELECT {names} FROM \"_expected\"");
        return result with { Missing = Rows(connection, $"{should} EXCEPT ALL {is_}", cancel), Unexpected = Rows(connection, $"{is_} EXCEPT ALL {should}", cancel) };
    }

    // DuckDB's own reader finds the types, dates among them
    private void Create(Connection connection, string table, JsonArray rows, IReadOnlyDictionary<string, string>? types, CancellationToken cancel)
    {
        var columns = rows.OfType<JsonObject>().SelectMany(row => row.Select(cell => cell.Key)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (rows.Count == 0 || columns.Length == 0)
        {
            connection.Execute($"CREATE TABLE {table} ({string.Join(", ", (types ?? new Dictionary<string, string> { ["_"] = "INTEGER" }).Select(type => $"{Sql.Identifier(type.Key)} {type.Value}"))})", cancel);
            return;
        }
        Directory.CreateDirectory(scratch);
        var file = Path.Combine(scratch, $"{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllText(file, rows.ToJsonString(), new UTF8Encoding(false));
            var all = columns.Concat(types?.Keys ?? []).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
            var cast = string.Join(", ", all.Select(column => types?.GetValueOrDefault(column) is { } type
                ? $"CAST({(columns.Contains(column, StringComparer.OrdinalIgnoreCase) ? Sql.Identifier(column) : "NULL")} AS {type}) AS {Sql.Identifier(column)}"
                : Sql.Identifier(column)));
            connection.Execute($"CREATE TABLE {table} AS SELECT {cast} FROM read_json({Sql.Literal(file)}, format = 'array', sample_size = -1)", cancel);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Rows(Connection connection, string select, CancellationToken cancel)
    {
        var rows = new List<string>();
        using var answer = connection.Query($"SELECT CAST(to_json(r) AS VARCHAR) FROM ({select} LIMIT {MostRows}) AS r ORDER BY 1", cancel);
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                rows.Add(answer.GetText(0, row) ?? "");
        return [.. rows];
    }

    private static bool Same(TableName one, TableName other) => one.ToString().Equals(other.ToString(), StringComparison.OrdinalIgnoreCase);

    private static UserError Wrong(PlannedTransform planned, string what) => new(what) { Where = [("file", planned.Transform.File)], Hint = $"it reads {string.Join(", ", planned.Inputs.Select(input => $"`{input}`"))}", ExitCode = ExitCode.Usage };
}
