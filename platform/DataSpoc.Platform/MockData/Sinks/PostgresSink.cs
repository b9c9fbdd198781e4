using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Changes;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;
using Npgsql;
using NpgsqlTypes;
using static DataSpoc.Platform.MockData.Sinks.PostgresConnection;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>Tables in PostgreSQL, made and filled by binary COPY in one transaction: all of them are there, or none.</summary>
internal sealed class PostgresSink(NpgsqlConnectionStringBuilder target, bool replaces)
{
    /// <exception cref="UserError">The server cannot be reached, or a table is there already.</exception>
    public IReadOnlyList<WrittenFile> Write(NetworkPlan plan, ProgressLine progress, CancellationToken cancel) =>
        PostgresConnection.With<IReadOnlyList<WrittenFile>>(target, "nothing was changed", connection =>
        {
            using var transaction = connection.BeginTransaction();
            var there = MockTables.All.Where(table => connection.HasTable(table.Name)).Select(static t => t.Name).ToList();
            if (there.Count > 0 && !replaces)
            {
                throw new UserError($"{Tables(there)} in the database already")
                {
                    Where = [("database", target.Address())],
                    Hint = "`--replace` drops them with their rows; or name another database",
                    ExitCode = ExitCode.Usage,
                };
            }
            foreach (var name in there)
                connection.Execute($"DROP TABLE {Quoted(name)}", cancel);
            var written = MockTables.All.Select(table => new WrittenFile(table.Name, table.Name, Fill(connection, table, plan, progress, cancel), 0)).ToList();
            PostgresState.Write(connection, MockFolder.Of(plan, null));
            transaction.Commit();
            return written;
        }, cancel);

    private static long Fill(NpgsqlConnection connection, TableShape table, NetworkPlan plan, ProgressLine progress, CancellationToken cancel)
    {
        connection.Execute($"CREATE TABLE {Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(static c => $"{Quoted(c.Name)} {TypeOf(c)}{(c.Nullable ? "" : " NOT NULL")}"))})", cancel);
        using (var copy = connection.BeginBinaryImport($"COPY {Quoted(table.Name)} FROM STDIN (FORMAT binary)"))
        {
            var cells = new CopyCells(copy);
            new BaseNetwork(plan).Write(new OneTable(table.Name, cells), 0, progress, cancel);
            copy.Complete();
        }
        connection.Execute($"ALTER TABLE {Quoted(table.Name)} ADD PRIMARY KEY ({Quoted(table.Key)})", cancel);
        using var count = new NpgsqlCommand($"SELECT count(*) FROM {Quoted(table.Name)}", connection) { CommandTimeout = 0 };
        return (long)count.ExecuteScalar()!;
    }

    private static string Tables(List<string> names) => names.Count == 1 ? $"the table `{names[0]}` is" : $"the tables {string.Join(", ", names.Select(static n => $"`{n}`"))} are";

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
