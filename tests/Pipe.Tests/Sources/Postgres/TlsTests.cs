using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>Reading over TLS, and refusing to read without.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_OverTls_ReadsWhereTheCertificateIsTrusted()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 10000) i;");
        await using var door = new TlsDoor(database.Address.Host!, database.Address.Port);
        var address = $"postgres://postgres@127.0.0.1:{door.Port}/{database.Name}";
        var root = _lake.Write("root.crt", door.Pem);

        await _lake.DoAsync($"ingest {address}?sslmode=require --to $B");
        await _lake.DoAsync($"ingest {address}?sslmode=verify-full&sslrootcert={root} --to $B");
        Assert.Equal(["10000"], _lake.Rows("SELECT count(*) FROM $files", "raw/postgres/t"));
        Assert.True(door.Encrypted >= 2);

        var stranger = await _lake.RunAsync($"ingest {address}?sslmode=verify-full --to $B");
        Assert.Equal(1, stranger.ExitCode);
        Assert.Contains("the TLS connection to PostgreSQL failed", stranger.Error, StringComparison.Ordinal);
        Assert.Contains("sslrootcert", stranger.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_FromAServerWithoutTls_ThatIsRequired_IsRefused()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE t (id int);");
        var run = await _lake.RunAsync($"ingest {database.Uri}?sslmode=require --to $B");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the TLS connection to PostgreSQL failed", run.Error, StringComparison.Ordinal);
        Assert.Contains("sslmode", run.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("postgres", "t"));
    }
}
