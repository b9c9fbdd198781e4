using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>
/// Reads JSON the way machines write it, faster than <see cref="Utf8JsonReader"/>: names and values that are expected, in place. It never accepts what
/// is not JSON (RFC 8259); what it does not recognise, a method answers with false, and the text has to be read by the full reader from the start.
/// </summary>
internal ref struct PlainJson(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> EndOfPlainString = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> text = text;
    private int at;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => at;

    /// <summary>Passes over spaces and then this character.</summary>
    public bool TryTake(byte expected)
    {
        SkipSpace();
        if (at >= text.Length || text[at] != expected)
            return false;

        at++;
        return true;
    }

    /// <summary>Passes over spaces and then this text, for example <c>null</c> or <c>"id":</c>.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        SkipSpace();
        if (!text[at..].StartsWith(expected))
            return false;

        at += expected.Length;
        return true;
    }

    /// <summary>The name of a field and its colon.</summary>
    public bool TryName(out ReadOnlySpan<byte> name) => TryPlainString(out name) && TryTake((byte)':');

    /// <summary>A string's text.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    public bool TryString(RowContext context, out ReadOnlySpan<byte> value)
    {
        if (TryPlainString(out value))
            return true;
        if (at >= text.Length || text[at] != '"')
            return false;

        var reader = new Utf8JsonReader(text[at..]);
        _ = reader.Read();
        value = context.Text(ref reader);
        at += (int)reader.BytesConsumed;
        return true;
    }

    /// <summary>A number's text; whether it is one is for the caller to find out.</summary>
    public bool TryNumber(out ReadOnlySpan<byte> number)
    {
        SkipSpace();
        var start = at;
        while (at < text.Length && (text[at] is (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'e' or (byte)'E'))
            at++;
        number = text[start..at];
        return at > start;
    }

    /// <summary>Any value's JSON text.</summary>
    /// <param name="depth">How deep an object or array may be nested.</param>
    /// <param name="value">Its bytes as they are.</param>
    /// <exception cref="JsonException">Not JSON, or nested deeper.</exception>
    public bool TryValue(int depth, out ReadOnlySpan<byte> value)
    {
        SkipSpace();
        value = default;
        if (at >= text.Length)
            return false;

        var start = at;
        if (text[at] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            var reader = new Utf8JsonReader(text[at..], new JsonReaderOptions { MaxDepth = depth });
            _ = reader.Read();
            reader.Skip();
            at += (int)reader.BytesConsumed;
        }
        else if (!TryTake("true"u8) && !TryTake("false"u8) && !TryTake("null"u8) && !(TryNumber(out var number) && Digits.TryRead(number, out _)))
        {
            return false;
        }

        value = text[start..at];
        return true;
    }

    private bool TryPlainString(out ReadOnlySpan<byte> value)
    {
        SkipSpace();
        value = default;
        if (at >= text.Length || text[at] != '"')
            return false;

        var rest = text[(at + 1)..];
        var length = rest.IndexOfAny(EndOfPlainString);
        if (length < 0 || rest[length] != '"')
            return false;

        value = rest[..length];
        at += length + 2;
        return true;
    }

    /// <summary>Mostly there is one space, or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        if ((uint)at < (uint)text.Length && text[at] == ' ')
            at++;
        if ((uint)at < (uint)text.Length && text[at] <= ' ')
            SkipSpaces();
    }

    private void SkipSpaces()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            at++;
    }
}
