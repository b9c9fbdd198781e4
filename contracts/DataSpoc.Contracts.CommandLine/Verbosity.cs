namespace DataSpoc.Contracts.CommandLine;

/// <summary>How much is said on stderr. Errors and warnings always are.</summary>
public enum Verbosity
{
    /// <summary><c>-q</c>: warnings and errors only.</summary>
    Quiet,

    /// <summary>What was done, and progress.</summary>
    Normal,

    /// <summary><c>-v</c>: also how, and the stack trace of an error.</summary>
    Verbose,
}
