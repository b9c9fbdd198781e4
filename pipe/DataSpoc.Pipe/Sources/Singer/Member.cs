namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>Members of a message that matter when it is read.</summary>
[Flags]
internal enum Member
{
    Other = 0,
    Type = 1,
    Stream = 2,
    Record = 4,
    Value = 8,
    Version = 16,
    TimeExtracted = 32,
}

/// <summary>Members by their names.</summary>
internal static class Members
{
    public static Member Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("type"u8) => Member.Type,
        5 when name.SequenceEqual("value"u8) => Member.Value,
        6 when name.SequenceEqual("record"u8) => Member.Record,
        6 when name.SequenceEqual("stream"u8) => Member.Stream,
        7 when name.SequenceEqual("version"u8) => Member.Version,
        14 when name.SequenceEqual("time_extracted"u8) => Member.TimeExtracted,
        _ => Member.Other,
    };
}
