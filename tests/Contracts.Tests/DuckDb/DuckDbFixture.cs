using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>A database, a connection and a folder for one test.</summary>
public abstract class DuckDbFixture : IDisposable
{
    protected DuckDbFixture()
    {
        Database = Database.Open(new() { Threads = 2 });
        Connection = Database.Connect();
    }

    protected Database Database { get; }

    protected Connection Connection { get; }

    protected TempFolder Temp { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Connection.Dispose();
        Database.Dispose();
        Temp.Dispose();
        GC.SuppressFinalize(this);
    }

    protected object? One(string sql, params object?[] parameters) => Rows(sql, parameters)[0][0];

    protected List<object?[]> Rows(string sql, params object?[] parameters)
    {
        var result = new List<object?[]>();
        using var reader = Connection.Query(sql, parameters);
        while (reader.NextChunk())
            for (var row = 0; row < reader.Chunk.Count; row++)
                result.Add([.. Enumerable.Range(0, reader.Columns.Count).Select(column => reader.GetValue(column, row))]);
        return result;
    }
}
