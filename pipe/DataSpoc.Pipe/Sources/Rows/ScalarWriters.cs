using System.Collections.Immutable;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

internal sealed class BooleanWriter(Shape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            return Misfit(shape, Fit.NotOfType, ref reader, context);

        Column.Set(row, reader.TokenType == JsonTokenType.True);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        var value = json.TryTake("true"u8);
        if (!value && !json.TryTake("false"u8))
            return false;

        Column.Set(row, value);
        return true;
    }
}

/// <summary>Strings; the line's UTF-8 has been checked, so they are copied as they are.</summary>
internal sealed class TextWriter(Shape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        if (reader.TokenType != JsonTokenType.String)
            return Misfit(shape, Fit.NotOfType, ref reader, context);

        Column.SetValidString(row, context.Text(ref reader));
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryString(context, out var text))
            return false;

        Column.SetValidString(row, text);
        return true;
    }
}

/// <summary>Strings as they are, other values as their JSON text.</summary>
internal sealed class AnyTextWriter(ImmutableArray<int> path) : FieldWriter
{
    private readonly int depth = RowContext.MaxDepth - path.Length;

    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        Column.SetValidString(row, reader.TokenType == JsonTokenType.String ? context.Text(ref reader) : context.Json(ref reader));
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryString(context, out var text) && !json.TryValue(depth, out text))
            return false;

        Column.SetValidString(row, text);
        return true;
    }
}

/// <summary>Any value as its JSON text.</summary>
internal sealed class JsonWriter(ImmutableArray<int> path) : FieldWriter
{
    private readonly int depth = RowContext.MaxDepth - path.Length;

    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        Column.SetValidString(row, context.Json(ref reader));
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryValue(depth, out var text))
            return false;

        Column.SetValidString(row, text);
        return true;
    }
}

internal sealed class InstantWriter(InstantShape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        long microseconds = 0;
        var fit = reader.TokenType == JsonTokenType.String ? TimeText.ToMicroseconds(context.Text(ref reader), out microseconds) : Fit.NotOfType;
        if (fit == Fit.OutOfRange && shape.Far != OutOfRange.Error)
        {
            context.FarDates++;
            if (shape.Far == OutOfRange.Null)
            {
                WriteNull(row);
                return null;
            }
        }
        else if (fit != Fit.Fits)
            return Misfit(shape, fit, ref reader, context);

        Column.Set(row, microseconds);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryString(context, out var text) || TimeText.ToMicroseconds(text, out var microseconds) != Fit.Fits)
            return false;

        Column.Set(row, microseconds);
        return true;
    }
}

internal sealed class DateWriter(DateShape shape) : FieldWriter
{
    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        var days = 0;
        var fit = reader.TokenType == JsonTokenType.String ? TimeText.ToDays(context.Text(ref reader), out days) : Fit.NotOfType;
        if (fit == Fit.OutOfRange && shape.Far != OutOfRange.Error)
        {
            context.FarDates++;
            if (shape.Far == OutOfRange.Null)
            {
                WriteNull(row);
                return null;
            }
        }
        else if (fit != Fit.Fits)
            return Misfit(shape, fit, ref reader, context);

        Column.Set(row, days);
        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryString(context, out var text) || TimeText.ToDays(text, out var days) != Fit.Fits)
            return false;

        Column.Set(row, days);
        return true;
    }
}
