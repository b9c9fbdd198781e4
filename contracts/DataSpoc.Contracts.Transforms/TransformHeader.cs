using System.Text.RegularExpressions;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Contracts.Transforms;

/// <summary>The comment lines at the top of a transform's file: <c>-- key: order_id</c>.</summary>
internal static partial class TransformHeader
{
    private const string Comment = "--";
    private static readonly string[] Known = ["mode", "key", "deduplicate", "incremental", "partition", "check", "checks"];

    /// <summary>The transform with what the lines at the top of <paramref name="text"/> say. Other comments are left alone.</summary>
    /// <exception cref="UserError">A line says what cannot be, or nearly is a known one (<see cref="ExitCode.Usage"/>).</exception>
    public static Transform Apply(Transform transform, string text)
    {
        foreach (var (number, line) in text.Split('\n').Select(line => line.Trim()).TakeWhile(line => line.Length == 0 || line.StartsWith(Comment, StringComparison.Ordinal)).Index())
            if (Setting().Match(line) is { Success: true } setting)
                transform = With(transform, setting.Groups["name"].Value, setting.Groups["value"].Value.Trim(), number + 1);
        return transform.Mode == TransformMode.Merge && transform.Key.Count == 0 ? throw Wrong(transform, 1, "`mode: merge` needs a key", "add `-- key: id`")
            : transform.Deduplicate is not null && transform.Key.Count == 0 ? throw Wrong(transform, 1, "`deduplicate` needs a key", "add `-- key: id`")
            : transform;
    }

    private static Transform With(Transform transform, string name, string value, int line)
    {
        switch (name)
        {
            case "mode":
                return transform with { Mode = Mode(transform, value, line) };
            case "key":
                return transform with { Key = [.. value.Split(',').Select(column => column.Trim().Trim('"')).Where(column => column.Length > 0)] };
            case "deduplicate":
                return transform with { Deduplicate = value.Trim('"') };
            case "partition":
                return transform with { Partition = value.Trim('"') };
            case "incremental":
                return transform with { Incremental = TableName.Parse(value) ?? throw Wrong(transform, line, $"`{value}` is not the name of a table", "write `-- incremental: raw.shop_orders`") };
            case "check" or "checks":
                return transform with { Checks = [.. transform.Checks, Check(transform, value, line)] };
            default:
                return Known.FirstOrDefault(known => IsNearly(name, known)) is { } near
                    ? throw Wrong(transform, line, $"a transform's header has no `{name}`", $"did you mean `{near}`? A comment that is no setting is written without a colon after its first word")
                    : transform;
        }
    }

    private static TransformMode Mode(Transform transform, string value, int line) => value switch
    {
        "overwrite" => TransformMode.Overwrite,
        "append" => TransformMode.Append,
        "merge" => TransformMode.Merge,
        "overwrite_partition" => TransformMode.OverwritePartition,
        _ => throw Wrong(transform, line, $"`{value}` is not a mode of transforms", "overwrite, append, merge or overwrite_partition"),
    };

    private static Check Check(Transform transform, string value, int line)
    {
        try
        {
            return Checks.Check.Parse(value);
        }
        catch (UserError error)
        {
            throw Wrong(transform, line, error.What, error.Hint);
        }
    }

    // one letter left out, added, doubled or exchanged
    private static bool IsNearly(string name, string known)
    {
        var same = name.Zip(known).TakeWhile(pair => pair.First == pair.Second).Count();
        var (rest, expected) = (name[same..], known[same..]);
        return same > 0 && rest.Length + expected.Length > 0 && (rest.Length > 0 && rest[1..] == expected || expected.Length > 0 && expected[1..] == rest
            || rest.Length > 0 && expected.Length > 0 && rest[1..] == expected[1..]);
    }

    private static UserError Wrong(Transform transform, int line, string what, string? hint) => new(what) { Where = [("file", $"{transform.File}:{line}")], Hint = hint, ExitCode = ExitCode.Usage };

    [GeneratedRegex(@"^--\s*(?<name>[a-z_]+)\s*:(?<value>.*)$")]
    private static partial Regex Setting();
}
