namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>A value that still knows where it was written, for errors that are found only later.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">Where it stands.</param>
public sealed record Located<T>(T Value, ConfigurationPlace Place)
{
    /// <summary>An error about this value (<see cref="ExitCode.Usage"/>).</summary>
    public UserError Wrong(string what, string? hint = null) => new(what) { Where = [Place.Where], Hint = hint, ExitCode = ExitCode.Usage };
}
