namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>The one shape that holds values of each of several without loss.</summary>
internal static class ShapeUnion
{
    private const int DigitsOfInt64 = 19;

    /// <param name="shapes">At least one, no two alike.</param>
    public static Shape Of(IReadOnlyList<Shape> shapes)
    {
        if (shapes.Count == 1)
            return shapes[0];

        if (shapes.All(s => s is IntegerShape or NumberShape or DecimalShape { Quoted: false }))
            return shapes.Any(s => s is NumberShape) ? new NumberShape() : Widest(shapes);

        return shapes.Any(s => s is JsonShape or StructShape or ListShape) ? new JsonShape()
            : shapes.All(s => s is TextShape or InstantShape or DateShape) ? new TextShape()
            : new AnyTextShape();
    }

    private static Shape Widest(IReadOnlyList<Shape> numbers)
    {
        var scale = numbers.Max(n => n is DecimalShape d ? d.Scale : 0);
        var whole = numbers.Max(n => n is DecimalShape d ? d.Precision - d.Scale : DigitsOfInt64);
        return whole + scale <= Text.Digits.Most ? new DecimalShape(whole + scale, scale, Quoted: false) : new NumberShape();
    }
}
