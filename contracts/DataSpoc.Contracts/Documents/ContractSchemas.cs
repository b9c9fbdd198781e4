using System.Text;

namespace DataSpoc.Contracts.Documents;

/// <summary>The JSON Schemas of the contract's documents (draft 2020-12), as they lie in <c>contracts/schemas</c>.</summary>
public static class ContractSchemas
{
    private const string Prefix = "schemas/";

    /// <summary>The names of all schemas: <c>manifest</c>, <c>run-record</c>, <c>run-log</c>, <c>state</c>, <c>delta-log-line</c>, <c>model-aliases</c>, …</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(ContractSchemas).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^".json".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The text of a schema.</summary>
    /// <exception cref="ArgumentException">There is no schema of that name.</exception>
    public static string Text(string name)
    {
        using var stream = typeof(ContractSchemas).Assembly.GetManifestResourceStream($"{Prefix}{name}.json")
            ?? throw new ArgumentException($"no schema `{name}`; there are {string.Join(", ", Names)}", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The schema that the document under a key of the bucket must fit, or null where the key is no JSON document of the contract.</summary>
    public static string? ForKey(string key) => key.Split('/') switch
    {
        [".dataspoc", "manifest.json"] or [".dataspoc", "lens" or "ml", "manifest.json"] => "manifest",
        [".dataspoc", "state", _, "run.json"] or [".dataspoc", "lens" or "ml", "state", _, "run.json"] => "run-record",
        [".dataspoc", "state", _, "state.json"] => "state",
        [".dataspoc", "logs", _, _] or [".dataspoc", "lens" or "ml", "logs", _, _] => "run-log",
        ["ml", "models", _, "aliases.json"] => "model-aliases",
        ["ml", "models", _, .., "features.json"] => "model-features",
        ["ml", "models", _, .., "metrics.json"] => "model-metrics",
        ["ml", "models", _, "versions", _, "run.json"] => "model-run",
        [.., "_delta_log", var name] when name.EndsWith(".json", StringComparison.Ordinal) => "delta-log-line",
        _ => null,
    };
}
