using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>Names that a column of a file can have.</summary>
internal static class ColumnNames
{
    /// <exception cref="UserError">A name is empty, holds a NUL, or is there twice without regard to case: SQL could not tell them apart.</exception>
    internal static void Check(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var name in names)
        {
            number++;
            if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
                throw new UserError(string.Create(CultureInfo.InvariantCulture, $"column {number} has no usable name")) { Hint = "name it in the source or in the query" };
            if (!seen.Add(name))
                throw new UserError($"there are two columns `{name}`, without regard to case") { Hint = "rename one of them in the source or in the query" };
        }
    }
}
