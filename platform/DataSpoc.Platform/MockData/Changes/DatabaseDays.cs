using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.MockData.Sinks;
using DataSpoc.Platform.MockData.Tables;
using Npgsql;
using static DataSpoc.Platform.MockData.Sinks.PostgresConnection;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>
/// Days in the tables of a PostgreSQL database: the rows that a folder would get as CSV, each inserted or, where its key is there, put in its place; new columns are added
/// first. A day is one transaction.
/// </summary>
/// <param name="target">Which database.</param>
/// <param name="changes">Where each single thing that was done on purpose is named, or null.</param>
internal sealed class DatabaseDays(NpgsqlConnectionStringBuilder target, string? changes) : IDayTarget
{
    private const string Incoming = "platform_mock_day";

    public MockFolder Read(CancellationToken cancel) => PostgresConnection.With(target, "nothing was changed", connection => PostgresState.Read(connection, target), cancel);

    public MockFolder Add(MockFolder before, SimulatedDays simulation, int number, DayRates rates, CancellationToken cancel)
    {
        var day = simulation.Date(number);
        using var temporary = new TemporaryFolder("mock");
        try
        {
            using var named = changes is null ? null : new ChangeFile(Directory.CreateDirectory(changes).FullName, day);
            var log = new ChangeLog(change => named?.Add(change));
            using var sink = new FileSink(temporary.Path, MockFormat.Csv, $"-{day:yyyy-MM-dd}", cancel);
            simulation.Write(number, sink, log, cancel);
            var files = sink.Complete();
            var after = before.With(day, rates, log);
            PostgresConnection.With(target, "days that were said to be whole are", connection => Put(connection, before, after, files, cancel), cancel);
            named?.Complete();
            return after;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"a day cannot be written: {cannot.Message}", cannot) { Where = [("folder", changes ?? temporary.Path)], Hint = "free space, or see who may write there; the database has whole days only" };
        }
    }

    private bool Put(NpgsqlConnection connection, MockFolder before, MockFolder after, IReadOnlyList<WrittenFile> files, CancellationToken cancel)
    {
        using var transaction = connection.BeginTransaction();
        PostgresState.Lock(connection);
        if (PostgresState.Read(connection, target).ToText() != before.ToText())
            throw new UserError("the mock data changed meanwhile: somebody else made it anew or added days") { Where = [("database", target.Address())], Hint = "run again to go on from there" };
        foreach (var shape in new LaterColumns(after.Seed).Shapes(after.Simulated[^1].Rates.Columns))
        {
            foreach (var column in shape.Columns.Where(c => LaterColumns.InOrder.Contains((shape.Name, c.Name))))
                connection.Execute($"ALTER TABLE {Quoted(shape.Name)} ADD COLUMN IF NOT EXISTS {Quoted(column.Name)} {TypeOf(column)}", cancel);
            if (files.FirstOrDefault(f => f.Table == shape.Name) is { } file)
                Upsert(connection, shape, file.Path, cancel);
        }
        PostgresState.Write(connection, after);
        transaction.Commit();
        return true;
    }

    private static void Upsert(NpgsqlConnection connection, TableShape shape, string file, CancellationToken cancel)
    {
        var (columns, key) = (Quoted(shape.Columns.Select(static c => c.Name)), Quoted(shape.Key));
        connection.Execute($"CREATE TEMPORARY TABLE {Incoming} (\"#\" bigint GENERATED ALWAYS AS IDENTITY, LIKE {Quoted(shape.Name)})", cancel);
        using (var reader = new StreamReader(file))
        using (var copy = connection.BeginTextImport($"COPY {Incoming} ({columns}) FROM STDIN (FORMAT csv, HEADER true)"))
        {
            var buffer = new char[64 * 1024];
            for (int read; (read = reader.Read(buffer)) > 0; cancel.ThrowIfCancellationRequested())
                copy.Write(buffer, 0, read);
        }
        // a parcel that was delivered and put right on one day has two rows: the later one counts
        connection.Execute($"""
            INSERT INTO {Quoted(shape.Name)} ({columns}) SELECT DISTINCT ON ({key}) {columns} FROM {Incoming} ORDER BY {key}, "#" DESC
            ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", shape.Columns.Select(static c => $"{Quoted(c.Name)} = EXCLUDED.{Quoted(c.Name)}"))}
            """, cancel);
        connection.Execute($"DROP TABLE {Incoming}", cancel);
    }
}
