using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>Looks through JSON, without making anything of it, for fields whose numbers have more digits, or larger exponents, than a double keeps.</summary>
/// <param name="fields">The fields of records to look at; numbers deep inside of them count too.</param>
internal sealed class LongNumbers(IReadOnlySet<string> fields)
{
    // shorter numbers without an exponent always come back
    private const int Suspicious = 16;

    private static readonly JsonReaderOptions Lenient = new() { AllowMultipleValues = true, AllowTrailingCommas = true, MaxDepth = 1000 };

    private readonly (byte[] Name, string Field)[] _names = [.. fields.Select(field => (System.Text.Encoding.UTF8.GetBytes(field), field))];
    private string? _field;
    private int _recordDepth = -1;

    /// <summary>The fields in which there is one.</summary>
    public HashSet<string> Losing { get; } = new(StringComparer.Ordinal);

    /// <summary>Looks through a file of records, one after the other or in one array.</summary>
    /// <exception cref="JsonException">It is no JSON in the strict sense.</exception>
    public void Read(string path, bool gzip, CancellationToken cancel)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using Stream stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var (held, state, begins) = (0, new JsonReaderState(Lenient), true);
            _recordDepth = -1;
            while (Losing.Count < _names.Length)
            {
                cancel.ThrowIfCancellationRequested();
                var read = stream.Read(buffer, held, buffer.Length - held);
                var skipped = begins && buffer.AsSpan(0, held + read).StartsWith("\uFEFF"u8) ? 3 : 0;
                begins = false;
                var reader = new Utf8JsonReader(buffer.AsSpan(skipped, held + read - skipped), isFinalBlock: read == 0, state);
                Read(ref reader);
                if (read == 0)
                    return;
                state = reader.CurrentState;
                var consumed = skipped + (int)reader.BytesConsumed;
                held = held + read - consumed;
                if (held > buffer.Length / 2)
                    Grow(ref buffer, consumed, held);
                else
                    buffer.AsSpan(consumed, held).CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Looks through one record.</summary>
    /// <exception cref="JsonException">It is no JSON in the strict sense.</exception>
    public void Read(ReadOnlySpan<byte> record)
    {
        _recordDepth = -1;
        var reader = new Utf8JsonReader(record, isFinalBlock: true, new(Lenient));
        Read(ref reader);
    }

    private void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read())
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when _recordDepth < 0:
                    _recordDepth = reader.CurrentDepth;
                    break;
                case JsonTokenType.PropertyName when reader.CurrentDepth == _recordDepth + 1:
                    _field = FieldOf(ref reader);
                    break;
                case JsonTokenType.Number when _field is not null && (reader.ValueSpan.Length >= Suspicious || reader.ValueSpan.ContainsAny((byte)'e', (byte)'E')) && NumberText.ToDouble(reader.ValueSpan, out _) != Fit.Fits:
                    Losing.Add(_field);
                    break;
            }
    }

    private string? FieldOf(ref Utf8JsonReader reader)
    {
        foreach (var (name, field) in _names)
            if (reader.ValueIsEscaped ? reader.ValueTextEquals(name) : reader.ValueSpan.SequenceEqual(name))
                return field;
        return null;
    }

    private static void Grow(ref byte[] buffer, int consumed, int held)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(consumed, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
