using System.Net.Sockets;
using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Tables;
using Npgsql;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>What is said to PostgreSQL about the mock tables, and how its refusals are told.</summary>
internal static class PostgresConnection
{
    public static string Address(this NpgsqlConnectionStringBuilder target) => $"{target.Host}:{target.Port}/{target.Database}";

    /// <summary>Does something with a connection of its own.</summary>
    /// <exception cref="UserError">The server cannot be reached or refuses.</exception>
    public static T With<T>(NpgsqlConnectionStringBuilder target, string kept, Func<NpgsqlConnection, T> act, CancellationToken cancel)
    {
        try
        {
            using var connection = new NpgsqlConnection(target.ConnectionString);
            connection.Open();
            return act(connection);
        }
        catch (Exception failed) when (failed is NpgsqlException or SocketException or TimeoutException)
        {
            cancel.ThrowIfCancellationRequested();
            var why = failed is PostgresException refused ? refused.MessageText : (failed.InnerException ?? failed).Message.Split('\n')[0].TrimEnd('.');
            throw new UserError($"PostgreSQL does not take the mock data: {why}", failed)
            {
                Where = [("database", target.Address())],
                Hint = failed is PostgresException { SqlState: "28P01" or "28000" } ? "give the password by PGPASSWORD, and check the user" : $"check host, port and database, and that the user may create tables; {kept}",
            };
        }
    }

    /// <summary>Runs a statement for as long as it takes.</summary>
    public static void Execute(this NpgsqlConnection connection, string sql, CancellationToken cancel = default)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        using var interrupted = cancel.Register(command.Cancel);
        command.ExecuteNonQuery();
    }

    public static bool HasTable(this NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = Quoted(table) } } };
        return (bool)command.ExecuteScalar()!;
    }

    public static string TypeOf(MockColumn column) => (column.JsonType, column.Format) switch
    {
        ("integer", _) => "bigint",
        ("number", _) => $"numeric(12,{column.Digits})",
        ("boolean", _) => "boolean",
        (_, "date-time") => "timestamptz",
        (_, "date") => "date",
        _ => "text",
    };

    public static string Quoted(string name) => $"\"{name}\"";

    public static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(Quoted));
}
