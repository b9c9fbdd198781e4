using System.Globalization;
using System.Text;

namespace DataSpoc.Platform.Minio;

/// <summary>
/// The name of the one policy that a lake has for an account: <c>dataspoc-acme~user~ana</c>. A lake's name has no <c>~</c>, and in an account's it is written
/// as all that is neither letter, digit, <c>.</c>, <c>_</c>, <c>@</c> nor <c>-</c>: <c>~</c> and the byte in hexadecimal. So no two lakes or accounts share a name, and the account can be read from it.
/// </summary>
internal static class MinioPolicyName
{
    /// <summary>The server keeps a policy under its name in a file system.</summary>
    public const int MostCharacters = 255;

    public static string Of(string lake, MinioAccount account) => $"{Start(lake, account.IsGroup)}{Escaped(account.Name)}";

    /// <summary>Whose policy of the lake it is, or null where it is none of it.</summary>
    public static MinioAccount? Read(string lake, string name)
    {
        foreach (var isGroup in new[] { false, true })
        {
            if (name.StartsWith(Start(lake, isGroup), StringComparison.Ordinal) && Unescaped(name[Start(lake, isGroup).Length..]) is { Length: > 0 } account)
                return new(account, isGroup);
        }
        return null;
    }

    private static string Start(string lake, bool isGroup) => $"dataspoc-{lake}~{(isGroup ? "group" : "user")}~";

    private static string Escaped(string name)
    {
        var text = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || (char)value is '.' or '_' or '@' or '-')
                text.Append((char)value);
            else
                text.Append('~').Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    private static string? Unescaped(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '~')
                bytes.Add((byte)text[at]);
            else if (at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                (bytes, at) = ([.. bytes, value], at + 2);
            else
                return null;
        }
        var name = Encoding.UTF8.GetString([.. bytes]);
        // what we would not have written is not ours
        return Escaped(name) == text ? name : null;
    }
}
