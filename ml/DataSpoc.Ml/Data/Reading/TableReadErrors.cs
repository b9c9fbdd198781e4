using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>What DuckDB says while a table is read, as an error for people. The SQL is ours, so it is about the files or the memory.</summary>
internal static class TableReadErrors
{
    /// <summary>The error for a failure.</summary>
    public static UserError Explain(DuckDbException error, SourceTable table) => error.Error == DuckDbError.OutOfMemory
        ? new($"reading `{table.Name}` needs more memory than it may have", error)
        {
            Hint = "raise `memory_limit` in ml.yaml, or leave columns out with `--exclude`",
        }
        : new($"`{table.Name}` cannot be read", error)
        {
            Where = [("table", table.Input ?? table.From), ("reason", error.Message.Split('\n')[0])],
            Hint = "a file of it is damaged or is no Parquet: write the table's rows again",
        };
}
