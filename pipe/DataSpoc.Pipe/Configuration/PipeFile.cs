using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Pipe.Configuration;

/// <summary><c>pipe.yaml</c>; <c>config.yaml</c> in a folder of DataSpoc 1.0.</summary>
internal sealed record PipeFile
{
    /// <summary>The bucket of pipelines that name none.</summary>
    public string? Bucket { get; init; }

    /// <summary>Of 1.0.</summary>
    public DefaultSettings? Defaults { get; init; }

    /// <summary>The bucket that was named on the command line, or else the project's.</summary>
    /// <exception cref="UserError">Neither is named (<see cref="ExitCode.Usage"/>).</exception>
    public static string BucketOf(CommandContext context, string? named) => named ?? context.Project.Load<PipeFile>().Bucket
        ?? throw new UserError("no bucket is named: `--bucket` is missing") { ExitCode = ExitCode.Usage, Hint = "--bucket file:///data/lake, or `bucket:` in pipe.yaml" };
}

/// <summary>What pipelines of 1.0 had in common. The layout of a bucket is fixed since, so that it changes nothing.</summary>
internal sealed record DefaultSettings
{
    public string? Compression { get; init; }

    public string? PartitionBy { get; init; }
}
