using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>Values that are written as text: strings, decimals, times, and nested values as JSON.</summary>
internal sealed class TextCells(bool iso) : ResultCells
{
    private readonly Utf8Text _text = new();
    private readonly Utf8Text _scratch = new();
    private readonly int[] _ends = new int[DataChunk.Capacity + 1];
    private readonly TextForm[] _forms = new TextForm[DataChunk.Capacity];

    protected override void TakeValues(VectorReader vector)
    {
        _text.Clear();
        for (var row = 0; row < vector.Count; row++)
        {
            if (!vector.IsNull(row))
                _forms[row] = Append(vector, row);
            _ends[row + 1] = _text.Length;
        }
    }

    protected override void WriteValue(IRowWriter writer, int row)
    {
        var text = _text[_ends[row].._ends[row + 1]];
        switch (_forms[row])
        {
            case TextForm.Number: writer.WriteNumber(text); break;
            case TextForm.Json: writer.WriteRawJson(text); break;
            default: writer.WriteString(text); break;
        }
    }

    private TextForm Append(VectorReader vector, int row)
    {
        if (!vector.Type.IsNested)
            return ScalarText.Append(_text, vector, row, iso);
        JsonValueText.Append(_text, vector, row, _scratch);
        return TextForm.Json;
    }
}
