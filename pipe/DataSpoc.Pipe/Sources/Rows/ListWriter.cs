using System.Collections.Immutable;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>Arrays; their elements lie one after the other in the column's element vector.</summary>
internal sealed class ListWriter(ListShape shape, ImmutableArray<int> path) : FieldWriter
{
    private readonly FieldWriter item = Of(shape.Item, path.Add(ShapeGrowth.Item));

    public override void Attach(VectorWriter column)
    {
        base.Attach(column);
        item.Attach(column.Element);
    }

    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Misfit(shape, Fit.NotOfType, ref reader, context);

        Column.BeginList(row);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var position = Column.AppendElement(row);
            if (reader.TokenType == JsonTokenType.Null)
                item.WriteNull(position);
            else if (item.Write(ref reader, position, context) is { } problem)
                return problem.Within("[]");
        }

        return null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!json.TryTake((byte)'['))
            return false;

        Column.BeginList(row);
        if (json.TryTake((byte)']'))
            return true;

        do
        {
            var position = Column.AppendElement(row);
            if (json.TryTake("null"u8))
                item.WriteNull(position);
            else if (!item.TryWrite(ref json, position, context))
                return false;
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)']');
    }
}
