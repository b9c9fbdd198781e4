using System.CommandLine;

namespace DataSpoc.Lens.Catalog;

/// <summary><c>--bucket</c>, the same for all commands.</summary>
internal static class BucketOption
{
    public static Option<string[]> Create() => new("--bucket", "-b")
    {
        Description = "file:///folder or s3://bucket, also NAME=URI or a name of lens.yaml; may be given several times",
        HelpName = "BUCKET",
    };
}
