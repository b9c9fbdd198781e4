using System.Diagnostics;
using System.Text.RegularExpressions;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Pipe.Tests.Commands;
using Pipe.Tests.Sources.Http;
using Pipe.Tests.Sources.Postgres;
using Pipe.Tests.Sources.Sqlite;

namespace Pipe.Tests;

/// <summary>What the README supposes is there: a bucket, a database, an API, an SQLite file, a tap, a crontab; each a real one under a name of the README's.</summary>
internal sealed partial class ReadmePlace : IAsyncDisposable
{
    private const string Bucket = "s3://company-bronze";
    private const string LocalBucket = "file:///data/lake";
    private const string Address = "postgres://reader@db.example/shop";
    private const string ApiUrl = "https://api.shop.example/v1";

    private readonly PipeLake _lake = new() { IsTerminal = true };
    private readonly S3Bucket? _bucket;
    private readonly PostgresDatabase? _database;
    private readonly ApiServer _api;

    private ReadmePlace(S3Bucket? bucket, PostgresDatabase? database)
    {
        (_bucket, _database) = (bucket, database);
        _api = new(request => request.Headers["Authorization"] != "Bearer secret" ? new("who are you?", 401) : request.RawUrl switch
        {
            "/v1/customers" => new("""{"data": [{"id": 1, "name": "Ann", "updated_at": "2026-01-01T00:00:00Z"}, {"id": 2, "name": "Bob", "updated_at": "2026-01-02T00:00:00Z"}], "next": "c2"}"""),
            "/v1/customers?after=c2" => new("""{"data": [{"id": 3, "name": "Cid", "updated_at": "2026-01-03T00:00:00Z"}]}"""),
            "/v1/customers?updated_since=2026-01-03T00%3A00%3A00Z" => new("""{"data": []}"""),
            _ => new("no such endpoint", 404),
        });
        _lake.OpenStore = (uri, options) => uri.ToString() != Bucket ? ObjectStores.Open(uri, options) : _bucket?.Open() ?? ObjectStores.Open(BucketUri.Parse(_lake.Bucket), options);
        SqliteFile.Execute(Path.Combine(_lake.Folder, "shop.db"), "CREATE TABLE visits (id INTEGER PRIMARY KEY, updated_at DATETIME); INSERT INTO visits VALUES (1, '2026-01-01 08:00:00'), (2, '2026-01-02 08:00:00')");
        Program("crontab", "here=$(dirname \"$0\")\ncase $1 in\n-l) [ -e \"$here/tab\" ] && cat \"$here/tab\" || { echo 'no crontab for me' >&2; exit 1; } ;;\n-) cat > \"$here/tab\" ;;\nesac\n");
        Program("tap-shop", """
            case "$*" in *--discover*) echo '{"streams": [{"tap_stream_id": "orders", "schema": {"properties": {"id": {"type": "integer"}}}}, {"tap_stream_id": "items", "schema": {"properties": {"id": {"type": "integer"}}}}]}'; exit ;; esac
            echo '{"type": "SCHEMA", "stream": "orders", "schema": {"properties": {"id": {"type": "integer"}}}, "key_properties": ["id"]}'
            echo '{"type": "SCHEMA", "stream": "items", "schema": {"properties": {"id": {"type": "integer"}}}, "key_properties": ["id"]}'
            echo '{"type": "RECORD", "stream": "orders", "record": {"id": 1}}'
            echo '{"type": "RECORD", "stream": "items", "record": {"id": 7}}'
            echo '{"type": "STATE", "value": {"orders": 1}}'

            """);
        _lake.Variables["PATH"] = $"{_lake.Folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
    }

    public static async Task<ReadmePlace> MakeAsync()
    {
        var bucket = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DATASPOC_TEST_S3_ENDPOINT")) ? null : new S3Bucket();
        if (bucket is not null)
            await bucket.MakeAsync();
        var database = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DATASPOC_TEST_POSTGRES")) ? null
            : await PostgresDatabase.CreateAsync("CREATE TABLE customers (id int PRIMARY KEY, name text); INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bob'); CREATE TABLE orders (id int PRIMARY KEY, amount numeric(9,2)); INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)");
        return new(bucket, database);
    }

    public void Write(string file, string text) => _lake.Write(file, text.Replace(ApiUrl, _api.Url + "/v1", StringComparison.Ordinal).Replace("tap: tap-shop", $"tap: {_lake.Folder}/bin/tap-shop", StringComparison.Ordinal));

    /// <summary>Whether what a command needs is there.</summary>
    public bool CanType(string command) => _database is not null || !command.Contains(Address, StringComparison.Ordinal) || command.Contains("--no-probe", StringComparison.Ordinal);

    /// <summary>Types a command, and tells what is seen.</summary>
    public async Task<(int ExitCode, string Said)> TypeAsync(string command)
    {
        if (command.StartsWith("export ", StringComparison.Ordinal))
        {
            _lake.Variables[command["export ".Length..command.IndexOf('=', StringComparison.Ordinal)]] = "secret";
            return (0, "");
        }
        // `cat file | pipe …`: the file is what comes on stdin
        var (input, typed) = command.Split(" | ") is [var cat, var rest] ? (await File.ReadAllTextAsync(Path.Combine(_lake.Folder, cat.Split(' ')[1])), rest) : ("", command);
        string[] words = [.. Words().Matches(Here(typed)).Select(word => word.Value.Trim('\'', '"'))];
        if (words[0] == "lens")
            return await LensAsync(words[1..]);
        Assert.Equal("pipe", words[0]);
        var run = await _lake.RunWordsAsync(words[1..], input);
        return (run.ExitCode, There(run.Said));
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        if (_bucket is not null)
            await _bucket.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _lake.Dispose();
    }

    private string OwnBucket => _bucket is null ? _lake.Bucket : $"s3://{_bucket.Name}";

    private string Here(string text) => text.Replace(LocalBucket, $"file://{_lake.Folder}/data/lake", StringComparison.Ordinal).Replace(Address, _database?.Uri ?? Address, StringComparison.Ordinal);

    private string There(string text) => text.Replace(OwnBucket, Bucket, StringComparison.Ordinal).Replace($"file://{_lake.Folder}/data/lake", LocalBucket, StringComparison.Ordinal).Replace(_lake.Folder, "/home/ana", StringComparison.Ordinal);

    private async Task<(int ExitCode, string Said)> LensAsync(string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "lens"), [.. words.Select(word => word.Replace(Bucket, OwnBucket, StringComparison.Ordinal)), "-o", "table"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _lake.Folder,
        };
        start.Environment["HOME"] = _lake.Folder;
        foreach (var (name, value) in _bucket?.Server.EnvironmentOf(_bucket.Server.Alice) ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using var lens = Process.Start(start)!;
        var said = lens.StandardError.ReadToEndAsync();
        var rows = await lens.StandardOutput.ReadToEndAsync();
        await lens.WaitForExitAsync();
        return (lens.ExitCode, There(await said + rows));
    }

    private void Program(string name, string script)
    {
        using var chmod = Process.Start("chmod", ["+x", _lake.Write($"bin/{name}", "#!/bin/sh\n" + script)]);
        chmod.WaitForExit();
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
