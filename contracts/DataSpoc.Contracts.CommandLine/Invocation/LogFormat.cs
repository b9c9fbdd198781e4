namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>How stderr is written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
