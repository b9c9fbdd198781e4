using System.Buffers;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>
/// RFC 4180 with a header line; lines end in LF so that Unix tools see clean last fields. A null is an empty field, an
/// empty text is <c>""</c>.
/// </summary>
internal sealed class CsvRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns) : LineRowWriter(stdout, columns)
{
    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create(",\"\r\n"u8);

    protected override void Begin(int cell)
    {
        if (cell > 0)
            Out.Append((byte)',');
    }

    protected override void End() => Out.Append((byte)'\n');

    protected override void Null()
    {
        // the only field of a row left empty would make an empty line, which readers skip: a lost row is worse than a lost null
        if (Columns.Count == 1)
            Out.Append("\"\""u8);
    }

    protected override void Text(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty && utf8.IndexOfAny(NeedsQuotes) < 0)
        {
            Out.Append(utf8);
            return;
        }
        Out.Append((byte)'"');
        for (int quote; (quote = utf8.IndexOf((byte)'"')) >= 0; utf8 = utf8[(quote + 1)..])
        {
            Out.Append(utf8[..(quote + 1)]);
            Out.Append((byte)'"');
        }
        Out.Append(utf8);
        Out.Append((byte)'"');
    }
}
