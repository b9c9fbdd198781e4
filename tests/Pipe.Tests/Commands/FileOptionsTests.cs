using System.Text;

namespace Pipe.Tests.Commands;

/// <summary>What a person says of files that their names and first lines do not tell.</summary>
public sealed class FileOptionsTests : IDisposable
{
    private readonly PipeLake lake = new();

    public void Dispose() => lake.Dispose();

    [Fact]
    public async Task Ingest_CsvOfAnotherForm_IsReadAsItIsSaid()
    {
        File.WriteAllText(Path.Combine(lake.Folder, "odd.csv"), "id~name~zip\n1~'O~Neil'~01234\n2~NA~-\n", Encoding.Latin1);
        await lake.DoAsync("ingest ./odd.csv --to $B --table s/odd --delimiter ~ --quote ' --null NA --null - --type zip=string");
        Assert.Equal(["1|O~Neil|01234", "2|NULL|NULL"], lake.Rows("select id, name, zip from $files order by id", "raw/s/odd"));
    }

    [Theory]
    [InlineData("latin-1")]
    [InlineData("utf-16")]
    public async Task Ingest_OtherEncoding_IsReadAsText(string encoding)
    {
        File.WriteAllText(Path.Combine(lake.Folder, "e.csv"), "id,city\n1,São Paulo\n", encoding == "utf-16" ? new UnicodeEncoding(false, false) : Encoding.Latin1);
        await lake.DoAsync($"ingest ./e.csv --to $B --table s/e --encoding {encoding} --delimiter ,");
        Assert.Equal(["1|São Paulo"], lake.Rows("select id, city from $files", "raw/s/e"));
    }

    [Fact]
    public async Task Ingest_LinesWithNumberSign_AreDataUnlessSaidToBeComments()
    {
        lake.Write("codes.csv", "a,b\n#1,x\n#2,y\n3,z\n");
        await lake.DoAsync("ingest ./codes.csv --to $B --table s/codes");
        Assert.Equal(["#1|x", "#2|y", "3|z"], lake.Rows("select a, b from $files order by b", "raw/s/codes"));
        lake.Write("notes.csv", "# written by hand\na,b\n1,x\n# a note\n2,y\n");
        var refused = await lake.RunAsync("ingest ./notes.csv --to $B --table s/notes");
        Assert.True(refused.ExitCode == 1 && refused.Error.Contains("notes.csv, line", StringComparison.Ordinal), refused.Error);
        await lake.DoAsync("ingest ./notes.csv --to $B --table s/notes --comment #");
        Assert.Equal(["1|x", "2|y"], lake.Rows("select a, b from $files order by a", "raw/s/notes"));
    }

    [Theory]
    [InlineData("--comment //")]
    [InlineData("--quote ab")]
    public async Task Ingest_MoreThanOneCharacter_IsSaidToBeTooMuch(string option)
    {
        lake.Write("o.csv", "a,b\n1,x\n");
        var refused = await lake.RunAsync($"ingest ./o.csv --to $B --table s/o {option}");
        Assert.True(refused.ExitCode == 2 && refused.Error.Contains("is one character", StringComparison.Ordinal), refused.Error);
    }

    [Fact]
    public async Task Ingest_AFileThatAProgramHoldsForItself_IsReadAsItIs()
    {
        var path = lake.Write("held.csv", "a;b\n1;x\n");
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await lake.DoAsync("ingest ./held.csv --to $B --table s/held");
        Assert.Equal(["1|x"], lake.Rows("select a, b from $files", "raw/s/held"));
    }

    [Fact]
    public async Task Ingest_Zstandard_CommentsAreNotItsFirstLine()
    {
        using (var database = DataSpoc.Contracts.DuckDb.Database.Open(new()))
        using (var connection = database.Connect())
            connection.Execute($"COPY (SELECT unnest(['# one, two', 'a;b', '1;x']) AS line) TO '{lake.Folder}/z.csv.zst' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\t', COMPRESSION zstd)", TestContext.Current.CancellationToken);
        await lake.DoAsync("ingest ./z.csv.zst --to $B --table s/z --comment #");
        Assert.Equal(["1|x"], lake.Rows("select a, b from $files", "raw/s/z"));
    }

    [Theory]
    [InlineData("31/12/2026", "31/12/2026 23:59:01")]
    [InlineData("2026-12-31", "2026-12-31T23:59:01")]
    public async Task Ingest_DatesAsTheyAreFound_AreDates(string date, string moment)
    {
        lake.Write("d.csv", $"d,at\r\n{date},{moment}\r\n{date},{moment}");
        await lake.DoAsync("ingest ./d.csv --to $B --table s/d");
        Assert.Equal(["DATE|2026-12-31|2026-12-31 23:59:01", "DATE|2026-12-31|2026-12-31 23:59:01"], lake.Rows("select typeof(d), d, \"at\" from $files", "raw/s/d"));
    }

    [Fact]
    public async Task Ingest_FileNameAndRowNumber_BecomeColumns()
    {
        lake.Write("a.csv", "id\n10\n20\n");
        lake.Write("b.csv", "id\n30\n");
        lake.Write("c.ndjson", "{\"id\": 40}\n");
        await lake.DoAsync("ingest ./a.csv ./b.csv ./c.ndjson --to $B --table s/t --file-name source_file --row-number source_row");
        Assert.Equal(["10|a.csv|1", "20|a.csv|2", "30|b.csv|1", "40|c.ndjson|1"], lake.Rows("select id, regexp_extract(source_file, '[^/]+$'), source_row from $files order by id", "raw/s/t"));
        await lake.DoAsync("ingest ./a.csv ./b.csv --to $B --table s/u --file-name source_file");
        Assert.Equal(["10|a.csv", "20|a.csv", "30|b.csv"], lake.Rows("select id, regexp_extract(source_file, '[^/]+$') from $files order by id", "raw/s/u"));
    }

    [Fact]
    public async Task Ingest_PipelineFile_SaysTheSame()
    {
        lake.Write("orders/1.csv", "id;at;amount\n1;31.12.2026;1,5\n");
        lake.Write("pipe.yaml", "");
        lake.Write("pipelines/orders.yaml", $$"""
            source:
              files: [./orders/*.csv]
              name: s
              csv: { delimiter: ";", date_format: "%d.%m.%Y" }
              types: { at: date, amount: string }
              row_number: line
            destination: { bucket: "{{lake.Bucket}}" }
            """);
        await lake.DoAsync("ingest orders");
        Assert.Equal(["1|2026-12-31|1,5|1"], lake.Rows("select id, \"at\", amount, line from $files", "raw/s/orders"));
    }

    [Fact]
    public async Task Ingest_TypeOfAColumnThatIsNotThere_IsAnError()
    {
        lake.Write("a.csv", "id\n1\n");
        var run = await lake.RunAsync("ingest ./a.csv --to $B --table s/a --type zip=string");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("the files have no column `zip`", run.Error, StringComparison.Ordinal);
    }
}
