using System.Buffers;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>A GitHub table (GFM §4.10): pipes and backslashes escaped, line ends as <c>&lt;br&gt;</c>, markup characters escaped.</summary>
internal sealed class MarkdownRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns) : LineRowWriter(stdout, columns)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("|\\`*_[]<>&\r\n"u8);

    protected override void Begin(int cell) => Out.Append(cell == 0 ? "| "u8 : " | "u8);

    protected override void End() => Out.Append(" |\n"u8);

    protected override void Null() => Out.Append("*NULL*"u8);

    protected override void AfterHeader()
    {
        foreach (var column in Columns)
            Out.Append(column.Kind == RowColumnKind.Number ? "| ---: "u8 : "| --- "u8);
        Out.Append("|\n"u8);
    }

    protected override void Text(ReadOnlySpan<byte> utf8)
    {
        for (int at; (at = utf8.IndexOfAny(Special)) >= 0; utf8 = utf8[(at + 1)..])
        {
            Out.Append(utf8[..at]);
            switch (utf8[at])
            {
                case (byte)'\r': break;
                case (byte)'\n': Out.Append("<br>"u8); break;
                case (byte)'<': Out.Append("&lt;"u8); break;
                case (byte)'>': Out.Append("&gt;"u8); break;
                case (byte)'&': Out.Append("&amp;"u8); break;
                case var special:
                    Out.Append((byte)'\\');
                    Out.Append(special);
                    break;
            }
        }
        Out.Append(utf8);
    }
}
