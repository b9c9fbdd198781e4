using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using Xunit;

namespace Ml.Tests;

/// <summary>Tables made of a SELECT, without a bucket.</summary>
internal sealed class Tables : IDisposable
{
    private readonly Database _database = Database.Open(new() { Threads = 1 });

    public Tables() => Connection = _database.Connect();

    public Connection Connection { get; }

    public SourceTable Of(string select)
    {
        Connection.Execute($"CREATE OR REPLACE TABLE t AS {select}");
        return SourceTable.Describe(Connection, "raw.t", "t", TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Connection.Dispose();
        _database.Dispose();
    }
}
