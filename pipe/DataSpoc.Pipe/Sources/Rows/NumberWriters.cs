using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

internal sealed class IntegerWriter(Shape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        long value = 0;
        var fit = reader.TokenType == JsonTokenType.Number ? NumberText.ToInt64(reader.ValueSpan, out value) : Fit.NotOfType;
        if (fit != Fit.Fits)
            return Misfit(shape, fit, ref reader, context);

        Column.Set(row, value);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryNumber(out var text) || NumberText.ToInt64(text, out var value) != Fit.Fits)
            return false;

        Column.Set(row, value);
        return true;
    }
}

internal sealed class DoubleWriter(Shape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        double value = 0;
        var fit = reader.TokenType == JsonTokenType.Number ? NumberText.ToDouble(reader.ValueSpan, out value) : Fit.NotOfType;
        if (fit != Fit.Fits)
            return Misfit(shape, fit, ref reader, context);

        Column.Set(row, value);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryNumber(out var text) || NumberText.ToDouble(text, out var value) != Fit.Fits)
            return false;

        Column.Set(row, value);
        return true;
    }
}

/// <summary>Decimals; DuckDB stores up to 4 digits in 2 bytes, 9 in 4, 18 in 8 and 38 in 16.</summary>
internal sealed class DecimalWriter(DecimalShape shape) : FieldWriter
{
    private readonly int width = shape.Type.ByteWidth;

    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        Int128 value = 0;
        var fit = reader.TokenType == JsonTokenType.Number || (shape.Quoted && reader.TokenType == JsonTokenType.String)
            ? NumberText.ToDecimal(reader.ValueIsEscaped ? context.Text(ref reader) : reader.ValueSpan, shape.Precision, shape.Scale, out value)
            : Fit.NotOfType;
        if (fit != Fit.Fits)
            return Misfit(shape, fit, ref reader, context);

        UnscaledDecimal.Set(Column, width, row, value);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryNumber(out var text) && !(shape.Quoted && json.TryString(context, out text)))
            return false;
        if (NumberText.ToDecimal(text, shape.Precision, shape.Scale, out var value) != Fit.Fits)
            return false;

        UnscaledDecimal.Set(Column, width, row, value);
        return true;
    }
}
