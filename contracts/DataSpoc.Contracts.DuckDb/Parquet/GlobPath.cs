using System.Text;

namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>File names for functions that read globs.</summary>
public static class GlobPath
{
    /// <summary>A pattern that matches exactly this path: DuckDB has no escape in globs, but a class of one character is one.</summary>
    public static string Literal(string path)
    {
        var result = new StringBuilder(path.Length);
        foreach (var c in path)
            if (c is '*' or '?' or '[')
                result.Append('[').Append(c).Append(']');
            else
                result.Append(c);
        return result.ToString();
    }
}
