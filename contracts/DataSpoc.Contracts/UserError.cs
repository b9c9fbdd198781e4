namespace DataSpoc.Contracts;

/// <summary>The exit codes of every DataSpoc command.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>A source, a bucket, a query or a training failed.</summary>
    Failed = 1,

    /// <summary>Wrong usage or configuration.</summary>
    Usage = 2,

    /// <summary>Refused by a data contract or a quality gate.</summary>
    Refused = 3,

    /// <summary>Not permitted by the bucket's IAM.</summary>
    NotPermitted = 4,

    /// <summary>Interrupted by Ctrl-C or SIGTERM.</summary>
    Interrupted = 130,
}

/// <summary>
/// What a person did or met that stops the command: what happened, where, and what to do.
/// Every other exception that reaches the command line is a bug and is reported as one.
/// </summary>
/// <param name="what">What happened, one sentence without a full stop; names in backticks.</param>
public sealed class UserError(string what, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>What happened: one sentence, no full stop.</summary>
    public string What => Message;

    /// <summary>Where: pairs such as <c>("file", "orders.csv, line 17")</c>, in the order they are shown.</summary>
    public IReadOnlyList<(string Label, string Value)> Where { get; init; } = [];

    /// <summary>What to do about it, or null where nothing can be advised.</summary>
    public string? Hint { get; init; }

    /// <summary>How the process ends.</summary>
    public ExitCode ExitCode { get; init; } = ExitCode.Failed;
}
