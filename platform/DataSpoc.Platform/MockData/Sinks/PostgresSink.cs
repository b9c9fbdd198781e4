using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;
using Npgsql;
using NpgsqlTypes;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>Tables in PostgreSQL, made and filled by binary COPY in one transaction: all of them are there, or none.</summary>
internal sealed class PostgresSink(NpgsqlConnectionStringBuilder target, bool replaces)
{
    private string Address => $"{target.Host}:{target.Port}/{target.Database}";

    /// <exception cref="UserError">The server cannot be reached, or a table is there already.</exception>
    public IReadOnlyList<WrittenFile> Write(NetworkPlan plan, ProgressLine progress, CancellationToken cancel)
    {
        try
        {
            using var connection = new NpgsqlConnection(target.ConnectionString);
            connection.Open();
            using var transaction = connection.BeginTransaction();
            var there = MockTables.All.Where(table => IsThere(connection, table.Name)).Select(static t => t.Name).ToList();
            if (there.Count > 0 && !replaces)
            {
                throw new UserError($"{Tables(there)} in the database already")
                {
                    Where = [("database", Address)],
                    Hint = "`--replace` drops them with their rows; or name another database",
                    ExitCode = ExitCode.Usage,
                };
            }
            foreach (var name in there)
                Execute(connection, $"DROP TABLE {Quoted(name)}");
            var written = MockTables.All.Select(table => new WrittenFile(table.Name, table.Name, Fill(connection, table, plan, progress, cancel), 0)).ToList();
            transaction.Commit();
            return written;
        }
        catch (Exception failed) when (failed is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            cancel.ThrowIfCancellationRequested();
            var why = failed is PostgresException refused ? refused.MessageText : (failed.InnerException ?? failed).Message.Split('\n')[0].TrimEnd('.');
            throw new UserError($"PostgreSQL does not take the mock data: {why}", failed)
            {
                Where = [("database", Address)],
                Hint = failed is PostgresException { SqlState: "28P01" or "28000" } ? "give the password by PGPASSWORD, and check the user" : "check host, port and database, and that the user may create tables; nothing was changed",
            };
        }
    }

    private static long Fill(NpgsqlConnection connection, TableShape table, NetworkPlan plan, ProgressLine progress, CancellationToken cancel)
    {
        Execute(connection, $"CREATE TABLE {Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(static c => $"{Quoted(c.Name)} {TypeOf(c)}{(c.Nullable ? "" : " NOT NULL")}"))})");
        using (var copy = connection.BeginBinaryImport($"COPY {Quoted(table.Name)} FROM STDIN (FORMAT binary)"))
        {
            var cells = new CopyCells(copy);
            new BaseNetwork(plan).Write(new OneTable(table.Name, cells), 0, progress, cancel);
            copy.Complete();
        }
        Execute(connection, $"ALTER TABLE {Quoted(table.Name)} ADD PRIMARY KEY ({string.Join(", ", table.Key.Select(Quoted))})");
        using var count = new NpgsqlCommand($"SELECT count(*) FROM {Quoted(table.Name)}", connection) { CommandTimeout = 0 };
        return (long)count.ExecuteScalar()!;
    }

    private static bool IsThere(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = Quoted(table) } } };
        return (bool)command.ExecuteScalar()!;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    private static string TypeOf(MockColumn column) => (column.JsonType, column.Format) switch
    {
        ("integer", _) => "bigint",
        ("number", _) => $"numeric(12,{column.Digits})",
        ("boolean", _) => "boolean",
        (_, "date-time") => "timestamptz",
        (_, "date") => "date",
        _ => "text",
    };

    private static string Tables(List<string> names) => names.Count == 1 ? $"the table `{names[0]}` is" : $"the tables {string.Join(", ", names.Select(static n => $"`{n}`"))} are";

    private static string Quoted(string name) => $"\"{name}\"";

    /// <summary>Takes the rows of one table only: a connection copies one at a time.</summary>
    private sealed class OneTable(string name, ICellWriter cells) : ITableSink
    {
        public ICellWriter? Open(TableShape shape) => shape.Name == name ? cells : null;

        public void DayBegins(DateOnly day)
        {
            // one transaction, whatever the day
        }

        public void DayEnds(DateOnly day)
        {
            // one transaction, whatever the day
        }
    }

    private sealed class CopyCells(NpgsqlBinaryImporter copy) : ICellWriter
    {
        private bool _inRow;

        public long Rows { get; private set; }

        public void WriteNull() => Row().WriteNull();

        public void WriteFlag(bool value) => Row().Write(value, NpgsqlDbType.Boolean);

        public void WriteWhole(long value) => Row().Write(value, NpgsqlDbType.Bigint);

        public void WriteNumber(double value, int digits) => Row().Write(Math.Round((decimal)value, digits), NpgsqlDbType.Numeric);

        public void WriteText(string value) => Row().Write(value, NpgsqlDbType.Text);

        public void WriteDay(DateOnly value) => Row().Write(value, NpgsqlDbType.Date);

        public void WriteTime(DateTime value) => Row().Write(value, NpgsqlDbType.TimestampTz);

        public void EndRow()
        {
            _inRow = false;
            Rows++;
        }

        private NpgsqlBinaryImporter Row()
        {
            if (!_inRow)
                copy.StartRow();
            _inRow = true;
            return copy;
        }
    }
}
