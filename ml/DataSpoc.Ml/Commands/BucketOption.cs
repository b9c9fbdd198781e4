using System.CommandLine;

namespace DataSpoc.Ml.Commands;

/// <summary>Options that several commands have.</summary>
internal static class BucketOption
{
    /// <summary>Which bucket.</summary>
    public static Option<string> Create() => new("--bucket") { Description = "s3://bucket or file:///folder (default: `bucket` in ml.yaml)", HelpName = "URI" };
}
