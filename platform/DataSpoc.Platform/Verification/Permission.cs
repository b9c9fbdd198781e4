using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Verification;

/// <summary>How a try ended.</summary>
internal enum Outcome
{
    /// <summary>It could not be told without touching what is there.</summary>
    NotTried,
    Allowed,
    Denied,
}

/// <summary>One field of the matrix.</summary>
/// <param name="Principal">Its ARN; empty for anybody, without credentials.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Place">The prefix or document.</param>
/// <param name="Action">A single action.</param>
/// <param name="Expected">Whether it should be allowed.</param>
/// <param name="Outcome">How the try ended.</param>
internal sealed record Permission(string Principal, string Bucket, string Place, Actions Action, bool Expected, Outcome Outcome)
{
    public bool IsWrong => Outcome != Outcome.NotTried && Expected != (Outcome == Outcome.Allowed);

    /// <summary>As the matrix shows it.</summary>
    public string Shown => (Outcome, IsWrong) switch
    {
        (Outcome.NotTried, _) => "-",
        (Outcome.Allowed, false) => "yes",
        (Outcome.Denied, false) => "no",
        (Outcome.Allowed, true) => "YES, should be no",
        _ => "NO, should be yes",
    };
}
