namespace DataSpoc.Contracts.Layout;

/// <summary>Identifies a run: a UUIDv7 without dashes, 32 hexadecimal digits in lower case that sort by time.</summary>
public static class RunId
{
    /// <summary>A new run id of now.</summary>
    public static string New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Whether it is a run id.</summary>
    public static bool IsValid(string? text) => text is { Length: 32 } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');
}
