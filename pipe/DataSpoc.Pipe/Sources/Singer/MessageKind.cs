namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>What a line says (Singer specification 0.3.0, and Meltano's BATCH).</summary>
internal enum MessageKind
{
    None,
    Record,
    Schema,
    State,
    ActivateVersion,
    Batch,
    Unknown,
}

/// <summary>Names of messages and of their members.</summary>
internal static class MessageKinds
{
    private const int LongestType = 16;

    /// <summary>Case does not matter, as the specification says.</summary>
    public static MessageKind Of(ReadOnlySpan<byte> type)
    {
        if (type.SequenceEqual("RECORD"u8))
            return MessageKind.Record;

        if (type.Length > LongestType)
            return MessageKind.Unknown;

        Span<byte> upper = stackalloc byte[LongestType];
        for (var i = 0; i < type.Length; i++)
            upper[i] = type[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(type[i] - 32) : type[i];

        upper = upper[..type.Length];
        return upper.SequenceEqual("RECORD"u8) ? MessageKind.Record
            : upper.SequenceEqual("SCHEMA"u8) ? MessageKind.Schema
            : upper.SequenceEqual("STATE"u8) ? MessageKind.State
            : upper.SequenceEqual("ACTIVATE_VERSION"u8) ? MessageKind.ActivateVersion
            : upper.SequenceEqual("BATCH"u8) ? MessageKind.Batch
            : MessageKind.Unknown;
    }
}
