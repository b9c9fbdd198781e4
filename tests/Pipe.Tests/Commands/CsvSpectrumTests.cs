using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using Pipe.Tests.Sources;

namespace Pipe.Tests.Commands;

/// <summary>The odd CSV files of csv-spectrum end as the rows that the suite gives as JSON; an empty field is NULL.</summary>
public sealed class CsvSpectrumTests : IDisposable
{
    private readonly PipeLake lake = new();

    public void Dispose() => lake.Dispose();

    [Fact]
    public async Task Ingest_OddFile_GivesTheRowsOfItsJson()
    {
        var suite = SharedData.Require("csv/csv-spectrum");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(suite, "csvs"), "*.csv").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (name == "location_coordinates")
                continue; // its JSON is of another phone
            File.Copy(file, Path.Combine(lake.Folder, name + ".csv"));
            await lake.DoAsync($"ingest ./{name}.csv --to $B --table odd/{name}");
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(suite, "json", name + ".json"), TestContext.Current.CancellationToken));
            var expected = json.RootElement.EnumerateArray().Select(row => string.Join('|', row.EnumerateObject().Select(field => field.Value.GetString() is { Length: > 0 } text ? text : "NULL"))).ToArray();
            var columns = string.Join(", ", json.RootElement[0].EnumerateObject().Select(field => $"CAST({Sql.Identifier(field.Name)} AS VARCHAR)"));
            Assert.Equal(expected, lake.Rows($"SELECT {columns} FROM $files", $"raw/odd/{name}"));
        }
    }

    [Fact]
    public async Task Ingest_CoordinatesWithQuotes_KeepsThem()
    {
        var suite = SharedData.Require("csv/csv-spectrum");
        File.Copy(Path.Combine(suite, "csvs/location_coordinates.csv"), Path.Combine(lake.Folder, "location_coordinates.csv"));
        await lake.DoAsync("ingest ./location_coordinates.csv --to $B --table odd/place");
        var row = Assert.Single(lake.Rows("SELECT * EXCLUDE (dt) FROM $files", "raw/odd/place")).Split('|');
        Assert.Equal(["2095257564", "Modesto", "Stanislaus"], [row[0], row[2], row[3]]);
        Assert.Equal("37\uFFFD36'37.8\"N 121\uFFFD2'17.9\"W", row[1]);
    }
}
