using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Transforms;

/// <summary>The file <c>transforms/&lt;domain&gt;/&lt;table&gt;.test.yaml</c>.</summary>
public sealed record TransformTests
{
    /// <summary>The tests.</summary>
    public IReadOnlyList<TransformTest> Tests { get; init; } = [];
}

/// <summary>A unit test of a transform: what its SELECT makes of given rows. No bucket is read.</summary>
public sealed record TransformTest
{
    /// <summary>What it shows, in words.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The rows of each table that the SELECT reads: a list of mappings; or a mapping of <c>rows</c> and <c>columns</c>, the type of each in SQL where it is not told by the values.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode> Given { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>The rows that come out, in any order; only the columns that are named are compared.</summary>
    public IReadOnlyList<JsonObject> Expect { get; init; } = [];
}

/// <summary>What a unit test found.</summary>
/// <param name="Transform">The transform.</param>
/// <param name="Test">The test's name.</param>
public sealed record TransformTestResult(Transform Transform, string Test)
{
    /// <summary>Rows that were expected and did not come, each as JSON.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Rows that came and were not expected.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Why it could not be run, or null.</summary>
    public UserError? Error { get; init; }

    /// <summary>Whether what came is what was expected.</summary>
    public bool Passed => Error is null && Missing.Count == 0 && Unexpected.Count == 0;
}
