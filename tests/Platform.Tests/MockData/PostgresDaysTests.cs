using System.Text.Json;
using Xunit;

namespace Platform.Tests.MockData;

/// <summary><c>platform mock simulate --to postgres://…</c>: days that are added to a database.</summary>
public sealed class PostgresDaysTests : IDisposable
{
    private const string Time = "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'";
    private static readonly string[] Rates = ["--late", "0.1", "--corrections", "0.1", "--new-column-every", "2"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Simulate_ToPostgres_LeavesByKeyTheNewestRowOfTheFiles_AndNamesTheSameChanges()
    {
        await using var database = await TestDatabase.MakeAsync(Cancel);
        await RunAsync("mock", "--rows", "3000", "--to", database.Address);
        await RunAsync("mock", "--rows", "3000", "--out", "files");
        var said = await RunAsync(["mock", "simulate", "--days", "6", "--out", "files", "--dirty", "0", .. Rates]);

        // a day of the second run fails: all of it is undone, and the run goes on from there
        await RunAsync(["mock", "simulate", "--days", "2", "--to", database.Address, "--changes", "named", .. Rates]);
        var whole = await database.ContentAsync(Cancel);
        await database.ExecuteAsync("ALTER TABLE occupancy ADD CONSTRAINT full_up CHECK (measured_at < '2026-11-03') NOT VALID", Cancel);
        var refused = await PlatformRun.OfAsync(_folder.FullName, ["mock", "simulate", "--days", "4", "--to", database.Address, .. Rates]);
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        Assert.Contains("violates check constraint \"full_up\"", refused.Error, StringComparison.Ordinal);
        Assert.Equal(whole, await database.ContentAsync(Cancel));
        await database.ExecuteAsync("ALTER TABLE occupancy DROP CONSTRAINT full_up", Cancel);
        await RunAsync(["mock", "simulate", "--days", "4", "--to", database.Address, "--changes", "named", .. Rates]);

        Assert.Equal(Newest("deliveries", "delivery_id", "delivered_at", "distance_km", "late", "proof", "attempts"), await database.ReadAsync($"""
            SELECT concat_ws(',', delivery_id, coalesce(to_char(delivered_at AT TIME ZONE 'UTC', {Time}), ''), distance_km, coalesce(late::text, ''), coalesce(proof, ''), coalesce(attempts::text, '')) FROM deliveries ORDER BY delivery_id
            """, Cancel));
        Assert.Equal(Newest("parcels", "parcel_id", "created_at", "weight_kg", "co2_grams"), await database.ReadAsync($"""
            SELECT concat_ws(',', parcel_id, to_char(created_at AT TIME ZONE 'UTC', {Time}), coalesce(weight_kg::text, ''), coalesce(co2_grams::text, '')) FROM parcels ORDER BY parcel_id
            """, Cancel));
        Assert.Equal(Newest("customers", "customer_id", "name", "churned_on"), await database.ReadAsync("SELECT concat_ws(',', customer_id, name, coalesce(churned_on::text, '')) FROM customers ORDER BY customer_id", Cancel));
        Assert.Equal(Changes("files"), Changes("named"));
        Assert.Contains("\"kind\":\"corrected\"", Changes("named"), StringComparison.Ordinal);
        Assert.Contains("new,parcels,", said, StringComparison.Ordinal);
        // counted alike
        var state = JsonDocument.Parse((await database.ReadAsync("SELECT obj_description('parcels'::regclass, 'pg_class')", Cancel))["platform mock ".Length..]).RootElement;
        Assert.Equal(JsonDocument.Parse(await File.ReadAllTextAsync(In("files/mock.json"), Cancel)).RootElement.GetProperty("simulated").GetRawText(), state.GetProperty("simulated").GetRawText());
    }

    [Fact]
    public async Task Simulate_ToPostgres_OfWhatItCannot_SaysSoAndChangesNothing()
    {
        await using var database = await TestDatabase.MakeAsync(Cancel);
        await RefusedAsync("there is no mock data to go on with", "--to", database.Address);
        await database.ExecuteAsync("CREATE TABLE parcels (parcel_id bigint)", Cancel);
        await RefusedAsync("the table `parcels` is not one that `platform mock` wrote", "--to", database.Address);
        await database.ExecuteAsync("COMMENT ON TABLE parcels IS 'platform mock {}'", Cancel);
        await RefusedAsync("the table `parcels` is not one that `platform mock` wrote", "--to", database.Address);
        await database.ExecuteAsync("DROP TABLE parcels", Cancel);
        await RunAsync("mock", "--rows", "100", "--to", database.Address);
        await RefusedAsync("the columns of a database have types, so they cannot hold a broken record", "--to", database.Address, "--dirty", "0.1");
        await RefusedAsync("`--out` is for files, `--to` for a database", "--to", database.Address, "--out", "mock");
        await RefusedAsync("`--changes` is for a database", "--changes", "named");
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    private async Task RefusedAsync(string what, params string[] options)
    {
        var run = await PlatformRun.OfAsync(_folder.FullName, ["mock", "simulate", .. options]);
        Assert.Equal((2, ""), (run.Exit, run.Out));
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] args)
    {
        var run = await PlatformRun.OfAsync(_folder.FullName, args);
        Assert.True(run.Exit == 0, run.Error);
        return run.Out;
    }

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private string Changes(string folder) => string.Concat(Directory.GetFiles(In(folder), "changes-*.ndjson").Order(StringComparer.Ordinal).Select(File.ReadAllText));

    /// <summary>Of the newest row of each key, some columns; empty where its file did not have them yet. No value holds a comma but names, in quotes.</summary>
    private string Newest(string table, params string[] columns)
    {
        var rows = new SortedDictionary<long, string>();
        foreach (var file in Directory.GetFiles(In("files"), $"{table}*.csv").OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(file);
            var names = lines[0].Split(',');
            foreach (var line in lines.Skip(1))
            {
                var values = line.Replace(", Lda\"", "; Lda", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Split(',');
                rows[long.Parse(values[0], System.Globalization.CultureInfo.InvariantCulture)] = string.Join(',', columns.Select(c => Array.IndexOf(names, c) is >= 0 and var at ? values[at].Replace(';', ',') : ""));
            }
        }
        return string.Join('\n', rows.Values);
    }
}
