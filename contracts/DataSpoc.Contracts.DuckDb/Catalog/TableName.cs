using System.Text;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>A table as SQL names it. Names are compared without regard to case.</summary>
/// <param name="Bucket">The database: a bucket's name; null where it is not written.</param>
/// <param name="Schema">The schema: a layer; null where it is not written.</param>
/// <param name="Name">The table.</param>
public sealed record TableName(string? Bucket, string? Schema, string Name)
{
    /// <summary>Reads <c>orders</c>, <c>raw.orders</c> or <c>bronze.raw.orders</c>, each part bare or in double quotes.</summary>
    /// <returns>Null where the text is no such name.</returns>
    public static TableName? Parse(string text)
    {
        var parts = new List<string>(3);
        for (var at = 0; ;)
        {
            if (Part(text, ref at) is not { } part)
                return null;
            parts.Add(part);
            if (at == text.Length)
                break;
            if (text[at++] != '.')
                return null;
        }
        return parts switch
        {
            [var name] => new(null, null, name),
            [var schema, var name] => new(null, schema, name),
            [var bucket, var schema, var name] => new(bucket, schema, name),
            _ => null,
        };
    }

    /// <summary>As it is written in SQL: parts in double quotes where they need them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var part in new[] { Bucket, Schema })
            if (part is not null)
                text.Append(Spelled(part)).Append('.');
        return text.Append(Spelled(Name)).ToString();
    }

    /// <summary>A part as it is written: bare where that is enough.</summary>
    internal static string Spelled(string part)
    {
        var bare = part.Length > 0 && !char.IsAsciiDigit(part[0]);
        foreach (var c in part)
            bare &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_';
        return bare ? part : Sql.Identifier(part);
    }

    // up to the next dot or the end
    private static string? Part(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
            return Quoted(text, ref at);
        var begin = at;
        while (at < text.Length && text[at] is not ('.' or '"'))
            at++;
        return at == begin ? null : text[begin..at].Trim() is { Length: > 0 } part ? part : null;
    }

    private static string? Quoted(string text, ref int at)
    {
        var part = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
                part.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                part.Append(text[at++]);
            else
            {
                at++;
                return part.Length == 0 ? null : part.ToString();
            }
        }
        return null;
    }
}
