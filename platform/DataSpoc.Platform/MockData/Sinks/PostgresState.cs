using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Changes;
using Npgsql;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>
/// Which network a database holds and which days were simulated with it: what <c>mock.json</c> says of a folder, as the comment of the table <c>parcels</c>. There it
/// changes in the same transaction as the rows, goes when the table goes, and is no table that a pipeline would take in.
/// </summary>
internal static class PostgresState
{
    private const string Table = "parcels";
    private const string Mark = "platform mock ";

    public static void Write(NpgsqlConnection connection, MockFolder mock) =>
        connection.Execute($"COMMENT ON TABLE {PostgresConnection.Quoted(Table)} IS '{(Mark + mock.ToText()).Replace("'", "''", StringComparison.Ordinal)}'");

    /// <exception cref="UserError">There is none, or it is not one that <c>platform mock</c> wrote (<see cref="ExitCode.Usage"/>).</exception>
    public static MockFolder Read(NpgsqlConnection connection, NpgsqlConnectionStringBuilder target)
    {
        if (!connection.HasTable(Table))
            throw new UserError("there is no mock data to go on with") { Where = [("database", target.Address()), ("missing", Table)], Hint = "platform mock --to postgres://…", ExitCode = ExitCode.Usage };
        using var command = new NpgsqlCommand("SELECT obj_description(to_regclass($1), 'pg_class')", connection) { Parameters = { new() { Value = PostgresConnection.Quoted(Table) } } };
        return command.ExecuteScalar() is string text && text.StartsWith(Mark, StringComparison.Ordinal) && MockFolder.Parse(text[Mark.Length..]) is { Format: null } mock
            ? mock
            : throw new UserError($"the table `{Table}` is not one that `platform mock` wrote: its comment does not say which network it is")
            {
                Where = [("database", target.Address())],
                Hint = "make the mock data anew: platform mock --to postgres://… --replace",
                ExitCode = ExitCode.Usage,
            };
    }

    /// <summary>Makes others wait who would add days, until the transaction ends.</summary>
    public static void Lock(NpgsqlConnection connection) => connection.Execute($"LOCK TABLE {PostgresConnection.Quoted(Table)} IN SHARE ROW EXCLUSIVE MODE");
}
