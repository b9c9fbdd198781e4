using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Postgres;
using DataSpoc.Pipe.Sources.Sqlite;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>A database to read.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Settings">What is read; streams and bookmark are given when it is opened.</param>
internal sealed record DatabasePlan(DatabaseAddress Address, DatabaseSettings Settings)
{
    /// <summary>The source. Nothing is connected yet.</summary>
    /// <param name="streams">Names and globs of tables; empty: every table.</param>
    /// <param name="state">Where the last run stopped, or empty.</param>
    /// <param name="anew">Whether what is read begins anew.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="UserError">The address is wrong (<see cref="ExitCode.Usage"/>).</exception>
    public IDiscoverableSource Open(IReadOnlyCollection<string> streams, ReadOnlyMemory<byte> state, bool anew, Func<string, string?> variable)
    {
        var settings = Settings with { Streams = streams, State = state, Anew = anew };
        return Address.Kind == "sqlite" ? new SqliteSource(Address.Text, settings) : new PostgresSource(PostgresAddress.Parse(Address.Text, variable), settings);
    }

    /// <summary>The database's name, as bookmarks hold it.</summary>
    public string NameIn(Func<string, string?> variable) => Address.Kind == "sqlite" ? Path.GetFileName(Address.Text) : PostgresAddress.Parse(Address.Text, variable).Database!;
}
