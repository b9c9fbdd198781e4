namespace DataSpoc.Ml.Commands;

/// <summary>Reads lists of columns as they are typed.</summary>
internal static class Columns
{
    /// <summary><c>--exclude a,b --exclude c</c> are three. A name with a comma is given in double quotes: <c>"a,b"</c>.</summary>
    public static IReadOnlyList<string> Split(string[]? given) =>
        [.. (given ?? []).SelectMany(text => text is ['"', .. var quoted, '"'] ? [quoted] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
