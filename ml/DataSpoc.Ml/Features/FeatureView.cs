using System.Security.Cryptography;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Configuration;

namespace DataSpoc.Ml.Features;

/// <summary>A feature view as it is defined.</summary>
/// <param name="Name">The view.</param>
/// <param name="Entity">The columns that name the entity, at least one.</param>
/// <param name="Timestamp">The column with the moment from which on a row was known.</param>
/// <param name="Ttl">How long a row counts; null: until the entity's next.</param>
/// <param name="Sql">One SELECT.</param>
internal sealed record FeatureView(string Name, IReadOnlyList<string> Entity, string Timestamp, TimeSpan? Ttl, string Sql)
{
    /// <summary>The table of which only what was appended is read, as the SQL names it; null: all is computed anew.</summary>
    public string? Incremental { get; init; }

    /// <summary>The project's folder of views.</summary>
    public const string Folder = "features";

    /// <summary>Its file in the project.</summary>
    public string File => $"{Folder}/{Name}.yaml";

    /// <summary>Its table.</summary>
    public TableLocation Location => new(Layer.Features, null, Name);

    /// <summary>
    /// The definition among the inputs of the table, as transforms name theirs: <c>features/customers.yaml@3f2a…</c>. The ttl does not
    /// decide the table's rows, but which of them are joined.
    /// </summary>
    public string Definition =>
        $"{File}@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join(',', Entity)} {Timestamp}\n{Sql.Trim().TrimEnd(';')}")))[..12]}";

    /// <summary>Reads the views of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="names">Which; none for all.</param>
    /// <exception cref="UserError">There is no such view, or its file is wrong (<see cref="ExitCode.Usage"/>).</exception>
    public static IReadOnlyList<FeatureView> Load(Project project, IReadOnlyList<string> names) =>
        [.. (names.Count > 0 ? names.Distinct(StringComparer.Ordinal) : project.Names(Folder)).Select(name => Of(Contracts.Names.Name.Require(name, "view"), project.Load<FeatureViewFile>(Folder, name)))];

    private static FeatureView Of(string name, FeatureViewFile file)
    {
        var view = new FeatureView(name, file.Entity, file.Timestamp, file.Ttl, file.Sql) { Incremental = file.Incremental };
        if (file.Entity.Count == 0)
            throw view.Wrong("`entity` names no column", "write entity: [customer]");
        if (file.Entity.Append(file.Timestamp).GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw view.Wrong($"`{twice.Key}` is named twice by `entity` and `timestamp`", null);
        return file.Ttl is { } ttl && ttl <= TimeSpan.Zero ? throw view.Wrong("`ttl` must be more than 0", "leave it out where a row counts until the next") : view;
    }

    /// <summary>What is wrong with the definition.</summary>
    public UserError Wrong(string what, string? hint, ExitCode code = ExitCode.Usage, Exception? inner = null) =>
        new($"feature view `{Name}`: {what}", inner) { Where = [("file", File)], Hint = hint, ExitCode = code };
}
