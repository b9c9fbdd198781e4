namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// How the last RECORD began, up to its record. A tap begins the records of a stream with the same bytes every time, and what the same
/// bytes say need not be read again.
/// </summary>
internal sealed class KnownEnvelope
{
    private byte[] prefix = [];
    private int length;
    private byte[] rest = new byte[256];

    /// <summary>Whose record follows, or null.</summary>
    public SingerStream? Stream { get; private set; }

    /// <summary>The members that came before the record, and itself.</summary>
    public Member Seen { get; private set; }

    /// <summary>The <c>version</c>, where it came before the record.</summary>
    public long? Version { get; private set; }

    /// <summary>The <c>time_extracted</c>, where it came before the record.</summary>
    public long? ExtractedAt { get; private set; }

    /// <summary>Where the record begins in a line that begins like the last one; 0 where it does not.</summary>
    public int Match(ReadOnlySpan<byte> line) =>
        Stream is { Ignored: false } && line.Length > length && line[length] == '{' && line.StartsWith(prefix.AsSpan(0, length)) ? length : 0;

    public void Remember(ReadOnlySpan<byte> beginning, SingerStream stream, Member seen, long? version, long? extractedAt)
    {
        if (prefix.Length < beginning.Length)
            prefix = new byte[beginning.Length * 2];
        beginning.CopyTo(prefix);
        length = beginning.Length;
        Stream = stream;
        Seen = seen;
        Version = version;
        ExtractedAt = extractedAt;
    }

    /// <summary>What follows the record, a comma and more members, as an object of its own.</summary>
    public ReadOnlyMemory<byte> AsObject(ReadOnlySpan<byte> members)
    {
        if (rest.Length < members.Length)
            rest = new byte[members.Length * 2];
        members.CopyTo(rest);
        rest[members.IndexOf((byte)',')] = (byte)'{';
        return rest.AsMemory(0, members.Length);
    }
}
