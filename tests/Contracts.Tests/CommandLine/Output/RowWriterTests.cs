using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using Xunit;

namespace Contracts.Tests.CommandLine.Output;

public sealed class RowWriterTests
{
    private static readonly RowColumn[] Columns = [new("id", RowColumnKind.Number), new("name"), new("tags", RowColumnKind.Nested), new("ok", RowColumnKind.Boolean)];

    [Fact]
    public void Csv_WithOddValues_FollowsRfc4180()
    {
        Assert.Equal(
            "id,name,tags,ok\n" +
            "1,\"a,b\",\"{\"\"x\"\":[1,null]}\",true\n" +
            "-9223372036854775808,\"say \"\"hi\"\"\",,false\n" +
            ",\"two\nlines\",[],\n" +
            "0.1,\"\",[],true\n" +
            "12345678901234567890.123, padded ,[],true\n",
            Write(OutputFormat.Csv, OddRows));
    }

    [Fact]
    public void Ndjson_WithOddValues_IsOneValidObjectPerLine()
    {
        var lines = Write(OutputFormat.Ndjson, OddRows).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"id":1,"name":"a,b","tags":{"x":[1,null]},"ok":true}""", lines[0]);
        Assert.Equal("""{"id":-9223372036854775808,"name":"say \"hi\"","tags":null,"ok":false}""", lines[1]);
        Assert.Equal("""{"id":null,"name":"two\nlines","tags":[],"ok":null}""", lines[2]);
        Assert.Equal("""{"id":12345678901234567890.123,"name":" padded ","tags":[],"ok":true}""", lines[4]);
        Assert.All(lines, l => JsonDocument.Parse(l).Dispose());
    }

    [Fact]
    public void Json_IsAnArray_EvenOfNothing()
    {
        Assert.Equal("[]\n", Write(OutputFormat.Json, _ => { }));
        Assert.Equal(5, JsonDocument.Parse(Write(OutputFormat.Json, OddRows)).RootElement.GetArrayLength());
    }

    [Fact]
    public void Json_WithEveryControlCharacter_IsReadBackTheSame()
    {
        var text = string.Concat(Enumerable.Range(0, 0x100).Select(i => (char)i)) + "\u2028 ✓ 🚚 \"\\";
        var json = Write(OutputFormat.Ndjson, [new("x")], w => w.WriteRow(text));
        Assert.Equal(text, JsonDocument.Parse(json).RootElement.GetProperty("x").GetString());
        Assert.Contains("✓ 🚚", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_WithNumbersJsonLacks_NamesThemAsText()
    {
        var json = Write(OutputFormat.Ndjson, [new("a"), new("b"), new("c"), new("d")], w => w.WriteRow(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300));
        Assert.Equal("""{"a":"NaN","b":"Infinity","c":"-Infinity","d":1E+300}""" + "\n", json);
    }

    [Fact]
    public void Json_WithNamesThatOccurTwice_KeepsEveryValue()
    {
        var json = Write(OutputFormat.Ndjson, [new("a"), new("a"), new("a_1"), new("a"), new("é\"")], w => w.WriteRow(1, 2, 3, 4, 5));
        Assert.Equal("""{"a":1,"a_2":2,"a_1":3,"a_3":4,"é\"":5}""" + "\n", json);
    }

    [Fact]
    public void Markdown_WithMarkup_ShowsItAsText()
    {
        var markdown = Write(OutputFormat.Markdown, [new("n", RowColumnKind.Number), new("a|b")], w =>
        {
            w.WriteRow(1, "x | y\nz");
            w.WriteRow(null, "<b>*bold*</b> `c` [l](u) \\");
            w.WriteRow(2, "");
        });
        Assert.Equal(
            """
            | n | a\|b |
            | ---: | --- |
            | 1 | x \| y<br>z |
            | *NULL* | &lt;b&gt;\*bold\*&lt;/b&gt; \`c\` \[l\](u) \\ |
            | 2 |  |

            """,
            markdown);
    }

    [Theory]
    [InlineData(OutputFormat.Csv, "a,b\n")]
    [InlineData(OutputFormat.Ndjson, "")]
    [InlineData(OutputFormat.Markdown, "| a | b |\n| --- | --- |\n")]
    [InlineData(OutputFormat.Table, "a  b\n─  ─\n(no rows)\n")]
    public void Complete_WithoutRows_StillShowsTheColumns(OutputFormat format, string expected) =>
        Assert.Equal(expected, Write(format, [new("a"), new("b")], _ => { }));

    [Fact]
    public void Csv_WithOneColumnOfNulls_KeepsTheRows() =>
        Assert.Equal("a\n\"\"\nx\n", Write(OutputFormat.Csv, [new("a")], w => { w.WriteRow((object?)null); w.WriteRow("x"); }));

    [Theory]
    [InlineData(OutputFormat.Csv)]
    [InlineData(OutputFormat.Ndjson)]
    [InlineData(OutputFormat.Markdown)]
    [InlineData(OutputFormat.Table)]
    public void EndRow_WithAnotherNumberOfCells_IsRefused(OutputFormat format)
    {
        var writer = RowWriterFactory.Create(Stream.Null, format, [new("a"), new("b")]);
        writer.WriteInt64(1);
        Assert.Throws<InvalidOperationException>(writer.EndRow);
        writer.WriteNull();
        Assert.Throws<InvalidOperationException>(writer.WriteNull);
        writer.EndRow();
        Assert.Equal(1, writer.RowCount);
    }

    [Theory]
    [InlineData(OutputFormat.Csv)]
    [InlineData(OutputFormat.Ndjson)]
    [InlineData(OutputFormat.Markdown)]
    [InlineData(OutputFormat.Table)]
    public void Rows_ByTheHundredThousand_StreamInBoundedMemory(OutputFormat format)
    {
        var counting = new CountingStream();
        var writer = RowWriterFactory.Create(counting, format, [new("a", RowColumnKind.Number), new("b")]);
        var text = "some text of a cell"u8.ToArray();
        for (var i = 0; i < 200_000; i++)
        {
            writer.WriteInt64(i);
            writer.WriteString(text);
            writer.EndRow();
        }
        writer.Complete();
        Assert.True(counting.Total > 200_000 * 20);
        Assert.InRange(counting.Largest, 1, 200_000);
    }

    [Fact]
    public void Csv_OfAMillionCells_AllocatesNothingPerCell()
    {
        var writer = RowWriterFactory.Create(Stream.Null, OutputFormat.Csv, Columns);
        OddRows(writer);
        var text = "a,b"u8.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            writer.WriteDouble(i * 0.1);
            writer.WriteString(text);
            writer.WriteNull();
            writer.WriteBoolean(true);
            writer.EndRow();
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
    }

    private static void OddRows(IRowWriter writer)
    {
        writer.WriteInt64(1);
        writer.WriteString("a,b"u8);
        writer.WriteRawJson("""{"x":[1,null]}"""u8);
        writer.WriteBoolean(true);
        writer.EndRow();
        writer.WriteRow(long.MinValue, "say \"hi\"", null, false);
        writer.WriteNull();
        writer.WriteString("two\nlines"u8);
        writer.WriteRawJson("[]"u8);
        writer.WriteNull();
        writer.EndRow();
        writer.WriteDouble(0.1);
        writer.WriteString(""u8);
        writer.WriteRawJson("[]"u8);
        writer.WriteBoolean(true);
        writer.EndRow();
        writer.WriteNumber("12345678901234567890.123"u8);
        writer.WriteString(" padded "u8);
        writer.WriteRawJson("[]"u8);
        writer.WriteBoolean(true);
        writer.EndRow();
    }

    private static string Write(OutputFormat format, Action<IRowWriter> rows) => Write(format, Columns, rows);

    private static string Write(OutputFormat format, RowColumn[] columns, Action<IRowWriter> rows)
    {
        using var stream = new MemoryStream();
        using var writer = RowWriterFactory.Create(stream, format, columns);
        rows(writer);
        writer.Complete();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Total { get; private set; }

        public int Largest { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Total += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
        }
    }
}
