using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Publishing;
using Xunit;

namespace Lens.Tests.Publishing;

/// <summary>Engines that cannot be started here: their grammars accept what is published for them, whatever tables are called.</summary>
public sealed class GrammarTests
{
    [Theory]
    [InlineData("Trino", "trino")]
    [InlineData("Spark", "spark")]
    [InlineData("Athena", "hive")]
    public async Task Statements_OfAnyNames_AreAcceptedByTheEnginesGrammar(string engine, string grammar)
    {
        var tables = new[]
        {
            Table("company-lake", Layer.Raw, "shop", "web-orders"), Table("2026", Layer.Curated, "3d", "select"),
            Table("lake", Layer.Predictions, null, "select"), Table("lake", Layer.Features, null, "order"), Table("lake", Layer.Quarantine, "group", "by"),
        };

        var script = string.Concat(PublishedDialects.Statements(Enum.Parse<Dialect>(engine), tables, table => table.Folder()).Select(statement => statement + ";\n"));

        Assert.Equal("", await SqlGrammar.MistakesAsync(grammar, script));
    }

    [Fact]
    public async Task Grammar_FindsAMistake() => Assert.StartsWith("2: ", await SqlGrammar.MistakesAsync("trino", "CREATE SCHEMA there;\nCREATE SCHEMA IF NOT here;\n"), StringComparison.Ordinal);

    private static PublishedTable Table(string bucket, Layer layer, string? source, string name)
    {
        var location = new TableLocation(layer, source, name);
        return new(bucket, layer.Name, location.SqlTable, BucketUri.Parse("s3://company/it's here"), location);
    }
}
