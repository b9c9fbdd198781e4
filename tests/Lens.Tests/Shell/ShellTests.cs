using DataSpoc.Lens.Shell;
using Lens.Tests.Guard;
using Xunit;

namespace Lens.Tests.Shell;

public sealed class ShellTests
{
    [Fact]
    public async Task Shell_FromAPipe_RunsStatementsAndCommands()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var lens = new LensProcess();
        lens.Write("more.sql", "select 3 as c;\nselect 4 as d");
        lens.Input = ".mode csv\nselect id as a\nfrom raw.shop_orders;\nselect ';' as b; -- .quit\n.schema orders\n.read more.sql\n.export out.ndjson\nselect 5 as e;\n.quit\nselect 6 as f;";

        var outcome = await lens.RunAsync("shell", "--bucket", lake.Uri);

        Assert.Equal((0, "a\n1\nb\n;\ncolumn,type,nullable,key,partition\nid,INTEGER,true,false,false\nc\n3\nd\n4\n"), (outcome.Exit, outcome.Out));
        Assert.Equal("{\"e\":5}\n", await File.ReadAllTextAsync(lens.PathOf("out.ndjson"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Shell_AfterAnError_GoesOnAndSaysSoAtItsEnd()
    {
        using var lens = new LensProcess { Input = "select nonsense;\n.nothing\n.read missing.sql\nselect 1 as a;\n" };

        var outcome = await lens.RunAsync("shell");

        Assert.Equal((2, "a\n1\n"), (outcome.Exit, outcome.Out));
        Assert.Equal(3, outcome.Error.Split("error: ").Length - 1);
    }

    [Fact]
    public async Task Shell_EveryAttack_IsRefused()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var attacks = new Attacks(lake);
        using var lens = new LensProcess { Input = string.Concat(attacks.Statements.Select(attack => attack + ";\n")) + "select id from raw.shop_orders;" };

        var outcome = await lens.RunAsync("shell", "--bucket", $"lake={lake.Uri}");

        Assert.NotEqual(0, outcome.Exit);
        Assert.EndsWith("id\n1\n", outcome.Out, StringComparison.Ordinal);
        Assert.Null(attacks.Harm(outcome.Out + outcome.Error));
        Assert.DoesNotContain("has a bug", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select 1; select 2", new[] { "select 1" }, "select 2")]
    [InlineData(".tables\nselect ';';", new[] { ".tables", "select ';'" }, "")]
    [InlineData("select \";\" /* ; */ -- ;\n;", new[] { "select \";\" /* ; */ -- ;" }, "")]
    [InlineData("select $$;$$", new string[0], "select $$;$$")]
    [InlineData(" ;; ", new string[0], "")]
    public void Split_Text_GivesStatements(string text, string[] complete, string rest)
    {
        var split = Statements.Split(text);

        Assert.Equal(complete, split.Complete);
        Assert.Equal(rest, split.Left);
    }

    [Fact]
    public void Pager_ShowsWhatFitsAtOnce_AndHandsOnWhatDoesNot()
    {
        using var folder = new LensProcess();
        using var terminal = new MemoryStream();
        using (var pager = new Pager(terminal, $"cat > {folder.PathOf("paged")}", 3))
        {
            pager.Write("a\nb\n"u8);
            pager.Flush();
            Assert.Equal(0, terminal.Length);
        }
        Assert.Equal("a\nb\n"u8, terminal.ToArray());
        using (var pager = new Pager(terminal, $"cat > {folder.PathOf("paged")}", 3))
            for (var i = 0; i < 5; i++)
                pager.Write("line\n"u8);
        Assert.Equal((4, "line\nline\nline\nline\nline\n"), ((int)terminal.Length, File.ReadAllText(folder.PathOf("paged"))));
        Assert.Equal((null, null, "most"), (Pager.CommandOf(_ => " "), Pager.CommandOf(name => name == "PAGER" ? "cat" : null), Pager.CommandOf(_ => "most")));
    }

    [Fact]
    public void Buffer_Keys_EditSeveralLinesAndRecallHistory()
    {
        var buffer = new LineBuffer(["one;", "two;"]);
        buffer.Insert("ab\ncd");
        buffer.Up();
        buffer.Home();
        buffer.Insert("x");
        Assert.Equal(("xab\ncd", 1), (buffer.Text, buffer.Cursor));
        buffer.Up();
        Assert.Equal("two;", buffer.Text);
        buffer.Up();
        Assert.Equal("one;", buffer.Text);
        buffer.Down();
        buffer.Down();
        Assert.Equal("xab\ncd", buffer.Text);
        buffer.DeleteWord();
        Assert.Equal("xab\n", buffer.Text);
        buffer.Backspace();
        buffer.Left();
        buffer.DeleteToEnd();
        Assert.Equal(("xa", 2), (buffer.Text, buffer.Cursor));
        buffer.Complete(0, "select ");
        Assert.Equal(("select ", 7), (buffer.Text, buffer.Cursor));
    }
}
