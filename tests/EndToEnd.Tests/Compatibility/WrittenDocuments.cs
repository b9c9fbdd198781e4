using System.Security.Cryptography;
using Contracts.Tests.Documents;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using Xunit;

namespace EndToEnd.Tests.Compatibility;

/// <summary>Watches what each run of a tool writes into a bucket on this machine: only below its own prefixes, and documents that fit their schemas.</summary>
internal sealed class WrittenDocuments(Lake lake)
{
    private Dictionary<string, string> _before = Content(lake.Path);

    /// <summary>Documents that were checked.</summary>
    public int Checked { get; private set; }

    public async Task<string> DoAsync(WritingTool? tool, params string[] arguments)
    {
        var output = await lake.DoAsync(arguments[0], arguments[1..]);
        var after = Content(lake.Path);
        foreach (var key in after.Keys.Where(key => _before.GetValueOrDefault(key) != after[key]).Concat(_before.Keys.Except(after.Keys)))
        {
            if (key.StartsWith(".dataspoc/locks/", StringComparison.Ordinal))
                continue;
            Assert.True(tool is not null && WrittenPrefixes.WriterOf(key) == tool, $"`{string.Join(' ', arguments)}` changed `{key}`, which is not its own");
            if (ContractSchemas.ForKey(key) is { } schema && after.ContainsKey(key))
                Check(key, schema);
        }
        _before = after;
        return output;
    }

    private void Check(string key, string schemaName)
    {
        var schema = new JsonSchema(ContractSchemas.Text(schemaName));
        var text = File.ReadAllText(Path.Combine(lake.Path, key));
        foreach (var document in schemaName == "delta-log-line" ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [text])
        {
            Assert.True(schema.Faults(document) is { Count: 0 }, $"`{key}` is no {schemaName}: {string.Join("; ", schema.Faults(document))}\n{document}");
            Checked++;
        }
    }

    private static Dictionary<string, string> Content(string folder) => !Directory.Exists(folder) ? [] : Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
}
