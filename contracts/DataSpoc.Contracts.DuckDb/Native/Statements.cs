namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>The statements of one SQL text, parsed but not yet bound.</summary>
internal sealed class Statements : IDisposable
{
    private Statements(ExtractedHandle handle, ulong count) => (Handle, Count) = (handle, count);

    internal ExtractedHandle Handle { get; }

    internal ulong Count { get; }

    internal static Statements From(ExtractedHandle handle, ulong count)
    {
        var error = NativeMethods.ExtractStatementsError(handle);
        if (error == 0)
            return new(handle, count);
        using (handle)
        {
            var message = NativeText.Borrowed(error);
            throw new DuckDbException(message, DuckDbException.KindOf(message));
        }
    }

    public void Dispose() => Handle.Dispose();
}
