using System.Collections.Immutable;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>Puts more fields into an object somewhere inside a shape.</summary>
internal static class ShapeGrowth
{
    /// <summary>The step of a path from a list to its item; every other step is the position of a field.</summary>
    public const int Item = -1;

    /// <param name="shape">The whole.</param>
    /// <param name="path">The way to the object that grows.</param>
    /// <param name="fields">What it does not have yet.</param>
    public static Shape Add(Shape shape, ReadOnlySpan<int> path, IReadOnlyList<(string SourceName, Shape Shape)> fields) => shape switch
    {
        ListShape list => new ListShape(Add(list.Item, path[1..], fields)),
        StructShape end when path.IsEmpty => end.With(fields),
        StructShape inner => inner.With(path[0], Add(inner.Fields[path[0]].Shape, path[1..], fields)),
        _ => throw new ArgumentException("the path does not lead to an object", nameof(path)),
    };

    /// <summary>The way to an object as people write it: empty, <c>address.</c>, <c>lines[].product.</c>.</summary>
    public static string Describe(Shape shape, ImmutableArray<int> path)
    {
        var text = "";
        foreach (var step in path)
        {
            if (step == Item)
            {
                text = text[..^1] + "[].";
                shape = ((ListShape)shape).Item;
            }
            else
            {
                var field = ((StructShape)shape).Fields[step];
                text += field.SourceName + ".";
                shape = field.Shape;
            }
        }

        return text;
    }
}
