using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>Some of a table's rows, in their order, chosen by seed and position: the same each time, whatever the machine.</summary>
internal static class RowSample
{
    private const string Position = "sample position";

    /// <summary>About this share of the rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="share">Above 0 and below 1; null: all.</param>
    /// <param name="seed">Another seed chooses other rows.</param>
    public static SourceTable Of(SourceTable table, double? share, long seed) => share is not { } some ? table : table with
    {
        From = $"(SELECT * EXCLUDE ({Sql.Identifier(Position)}) FROM (SELECT *, row_number() OVER () AS {Sql.Identifier(Position)} FROM {table.From}) "
            + string.Create(CultureInfo.InvariantCulture, $"WHERE md5_number_lower('{seed} ' || {Sql.Identifier(Position)}) % 1000000 < {(long)Math.Round(some * 1e6)})"),
    };
}
