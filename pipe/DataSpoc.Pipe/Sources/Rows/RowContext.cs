using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>What the writers of one record share.</summary>
internal sealed class RowContext
{
    /// <summary>How deep a record may be nested, itself included.</summary>
    public const int MaxDepth = 511;

    private byte[] scratch = new byte[256];

    /// <summary>The text that the JSON reader reads, from its first byte.</summary>
    public ReadOnlyMemory<byte> Line { get; set; }

    /// <summary>Whether a field that the shape lacks is passed over where it is null, or an empty object or array.</summary>
    public bool SkipsEmpty { get; init; }

    /// <summary>Whether a value that its field cannot hold becomes NULL, and the record goes on.</summary>
    public bool LeavesOut { get; set; }

    /// <summary>Halves of surrogate pairs replaced so far.</summary>
    public long ReplacedSurrogates { get; set; }

    /// <summary>Dates outside the years 0001 to 9999 that became the nearest one or NULL, as the pipeline chose.</summary>
    public long FarDates { get; set; }

    /// <summary>Fields of the current record that its shape does not have.</summary>
    public List<(StructWriter Where, string SourceName)> Undeclared { get; } = [];

    /// <summary>The text of a string or property name, valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        return reader.ValueIsEscaped ? Unescape(text) : text;
    }

    /// <summary>The JSON text of the value the reader stands on; the reader moves to its end.</summary>
    public ReadOnlySpan<byte> Json(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Line.Span[start..(int)reader.BytesConsumed];
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        if (scratch.Length < text.Length)
            scratch = new byte[Math.Max(text.Length, scratch.Length * 2)];

        var replaced = ReplacedSurrogates;
        var length = EscapedText.Unescape(text, scratch, ref replaced);
        ReplacedSurrogates = replaced;
        return scratch.AsSpan(0, length);
    }
}
