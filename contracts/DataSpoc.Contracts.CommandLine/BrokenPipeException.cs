namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// The reader of stdout has gone (<c>lens sql … | head</c>). Not an error: the command ends quietly with exit code 0,
/// as nobody wants what is left.
/// </summary>
public sealed class BrokenPipeException() : IOException("the reader of stdout has gone");
