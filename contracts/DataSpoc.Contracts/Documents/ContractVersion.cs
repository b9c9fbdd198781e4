using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>The version of the bucket contract: what is written, and what is read (CONTRACT section 3).</summary>
public static class ContractVersion
{
    /// <summary>The version that this suite writes.</summary>
    public const string Current = "1.1";

    /// <summary>Accepts any 1.x and gives it back; a document of a newer minor version keeps its version when it is rewritten.</summary>
    /// <exception cref="UserError">Another major version; names both (<see cref="ExitCode.Refused"/>).</exception>
    internal static string Accept(JsonMembers document, string key, string what)
    {
        var version = document.Find("version") switch
        {
            null => "1.0",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => throw document.Wrong("version", "a version such as 1.1"),
        };
        var parts = version.Split('.');
        if (!parts.All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw document.Wrong("version", "a version such as 1.1");
        return int.Parse(parts[0], CultureInfo.InvariantCulture) == 1 ? version : throw new UserError($"the {what} `{key}` is of version {version}, and this tool reads 1.x (it writes {Current})")
        {
            Where = [("file", key)],
            Hint = "install a version of the tool that knows this contract",
            ExitCode = ExitCode.Refused,
        };
    }

    /// <summary>The newer of a version that was read and <see cref="Current"/>.</summary>
    internal static string AtLeastCurrent(string read) => Minor(read) > Minor(Current) ? read : Current;

    private static int Minor(string version) => version.Split('.') is [_, var minor, ..] ? int.Parse(minor, CultureInfo.InvariantCulture) : 0;
}
