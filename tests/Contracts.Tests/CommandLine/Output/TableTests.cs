using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using Xunit;

namespace Contracts.Tests.CommandLine.Output;

public sealed class TableTests
{
    [Fact]
    public void Table_AlignsNumbersRightAndTellsNullFromEmptyAndFromTheWord()
    {
        Assert.Equal(
            """
                id  name    note
            ──────  ──────  ──────
                 1  Évora   NULL
            -12000  東京    
                 3  a\tb\n  "NULL"

            """,
            Write(new(), [new("id", RowColumnKind.Number), new("name"), new("note")], w =>
            {
                w.WriteRow(1, "Évora", null);
                w.WriteRow(-12000, "東京", "");
                w.WriteRow(3, "a\tb\n", "NULL");
            }));
    }

    [Fact]
    public void Table_WithEscapeSequencesInData_NeverSendsThemToTheTerminal()
    {
        var table = Write(new() { Color = false }, [new("x\e[2J")], w => w.WriteRow("\e]0;owned\a\u009b31m"));
        Assert.DoesNotContain('\e', table);
        Assert.DoesNotContain('\u009b', table);
        Assert.Contains("\\u001b]0;owned\\u0007", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_WiderThanTheTerminal_CutsTextAndNeverNumbers()
    {
        Assert.Equal(
            """
                              id  text
            ────────────────────  ──────────────
            12345678901234567890  the quick bro…

            """,
            Write(new() { Width = 36 }, [new("id", RowColumnKind.Number), new("text")], w => w.WriteRow(12345678901234567890UL, "the quick brown fox jumps")));
    }

    [Fact]
    public void Table_ThatFitsNoTerminal_ShowsRowsOneBelowTheOther()
    {
        var columns = Enumerable.Range(1, 6).Select(i => new RowColumn($"column_{i}")).ToArray();
        Assert.Equal(
            """
            ── row 1 ─────────────────────
            column_1  1
            column_2  a text that is longe
                      r than the line
            column_3  NULL
            column_4  
            column_5  5
            column_6  6

            """,
            Write(new() { Width = 30 }, columns, w => w.WriteRow(1, "a text that is longer than the line", null, "", 5, 6)));
    }

    [Fact]
    public void Table_WithARowLimit_SaysThatThereIsMore()
    {
        var table = Write(new() { RowLimit = 2 }, [new("n", RowColumnKind.Number)], w =>
        {
            for (var i = 1; i <= 5; i++)
                w.WriteRow(i);
            Assert.True(w.IsFull);
            Assert.Equal(5, w.RowCount);
        });
        Assert.Equal("n\n─\n1\n2\n… the first 2 rows; `-o csv` gives all\n", table);
    }

    [Fact]
    public void Table_LongerThanItsSample_GoesOnInTheSameLayout()
    {
        var lines = Write(new() { Width = 20 }, [new("n", RowColumnKind.Number), new("t")], w =>
        {
            for (var i = 1; i <= 1200; i++)
                w.WriteRow(i, i == 1000 ? "much longer than the sample" : "short");
        }).Split('\n');
        Assert.Equal("   1  short".Length, lines[2].Length + 1);
        Assert.Equal("1000  much…", lines[1001]);
    }

    [Fact]
    public void Table_InColour_IsBoldAboveAndDimWhereThereIsNothing() =>
        Assert.Equal("\e[1ma\e[0m\n────\n\e[2mNULL\e[0m\n", Write(new() { Color = true }, [new("a")], w => w.WriteRow((object?)null)));

    private static string Write(TableStyle style, RowColumn[] columns, Action<IRowWriter> rows)
    {
        using var stream = new MemoryStream();
        using var writer = RowWriterFactory.Create(stream, OutputFormat.Table, columns, style);
        rows(writer);
        writer.Complete();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
