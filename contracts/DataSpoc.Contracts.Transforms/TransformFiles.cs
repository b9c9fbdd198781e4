using System.Text.RegularExpressions;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Contracts.Transforms;

/// <summary>
/// Transforms as files: <c>transforms/&lt;domain&gt;/&lt;table&gt;.sql</c> makes <c>&lt;layer&gt;/&lt;domain&gt;/&lt;table&gt;</c>. The comment lines at the top are a header:
/// <c>-- mode: merge</c>, <c>-- key: order_id</c>, <c>-- check: not_null(order_id)</c> (<see cref="Transform"/>). Files of DataSpoc 1.0 (<c>transforms/01_revenue.sql</c>, with
/// <c>CREATE OR REPLACE TABLE x AS …</c> and <c>COPY … TO '…/gold/sales/x'</c>) are read too; a number before a name is no part of it.
/// </summary>
public static partial class TransformFiles
{
    /// <summary>The domain of tables whose file names none.</summary>
    public const string DefaultDomain = "main";

    /// <summary>Reads all transforms of a folder, in order of their names.</summary>
    /// <param name="folder">The folder <c>transforms</c>.</param>
    /// <param name="layer">The layer of the tables they make. Files that lie directly in the folder are tables in gold, and none in curated.</param>
    /// <exception cref="UserError">The folder is not there, or a file's name or content is not what it should be (<see cref="ExitCode.Usage"/>).</exception>
    public static IReadOnlyList<Transform> Read(string folder, Layer layer)
    {
        if (!Directory.Exists(folder))
            throw new UserError("there are no transforms here") { Where = [("folder", folder)], Hint = "write a SELECT into transforms/<domain>/<table>.sql, or name the project with `--project`", ExitCode = ExitCode.Usage };
        var transforms = Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => layer == Layer.Gold || Path.GetDirectoryName(file) != folder)
            .SelectMany(file => Read(folder, file, layer)).ToArray();
        foreach (var twice in transforms.GroupBy(transform => transform.Location.SqlName).Where(group => group.Count() > 1))
            throw new UserError($"two transforms make `{twice.Key}`") { Where = [.. twice.Select(transform => ("file", transform.File))], ExitCode = ExitCode.Usage };
        return transforms;
    }

    private static IEnumerable<Transform> Read(string folder, string file, Layer layer)
    {
        var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
        var table = Number().Replace(Path.GetFileNameWithoutExtension(file), "");
        if (parts.Length > 2 || !Name.IsValid(table) || !Name.IsValid(parts is [var first, _] ? first : DefaultDomain))
            throw Wrong(file, "a transform's path does not name a table", "write it as transforms/<domain>/<table>.sql, names in a-z, 0-9, _ and -");
        var text = File.ReadAllText(file);
        var own = new TableLocation(layer, parts is [var domain, _] ? domain : DefaultDomain, table);
        foreach (var statement in SqlScript.Read(text, own, file))
            yield return TransformHeader.Apply(new(statement.Location, statement.Select, file) { IsNamed = statement.IsNamed }, text);
    }

    private static UserError Wrong(string file, string what, string hint) => new(what) { Where = [("file", file)], Hint = hint, ExitCode = ExitCode.Usage };

    [GeneratedRegex("^[0-9]{1,3}[_-]+(?=.)")]
    private static partial Regex Number();
}
