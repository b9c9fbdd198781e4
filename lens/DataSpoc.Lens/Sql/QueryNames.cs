using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Lens.Sql;

/// <summary>What a query names, found without binding or running anything.</summary>
/// <param name="Tables">What stands in FROM, without the names of WITH queries; null where only <paramref name="Mentions"/> can tell (EXPLAIN, PIVOT, query_table).</param>
/// <param name="Mentions">Every name in the text.</param>
internal sealed record QueryNames(IReadOnlyList<TableName>? Tables, SqlMentions Mentions)
{
    /// <summary>Whether it asks what tables there are.</summary>
    public bool AsksForCatalog => Mentions.NeedsCatalog;

    /// <summary>Finds the names. Of a text that is not SQL there are none: running it will say why.</summary>
    public static QueryNames In(Connection connection, string sql)
    {
        var mentions = SqlMentions.In(sql);
        if (mentions.Contains("query_table"))
            return new(null, mentions);
        try
        {
            return new([.. connection.TableNames(sql).Select(TableName.Parse).OfType<TableName>()], mentions);
        }
        catch (DuckDbException error) when (error.Error == DuckDbError.Parser)
        {
            return new(error.Message.Contains("Only SELECT statements", StringComparison.Ordinal) ? null : [], mentions);
        }
    }
}
