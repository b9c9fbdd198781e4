using System.Collections.Frozen;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>What a pipeline may choose about the columns that a JSON Schema becomes.</summary>
internal sealed record ShapeRules
{
    /// <summary>The usual ones: nested values as nested types, and a date that no column can hold is an error.</summary>
    public static ShapeRules Usual { get; } = new();

    /// <summary>Names, in lower case, that no column may have: <c>dt</c> is the partition, which lies in the path only.</summary>
    public IReadOnlySet<string> Reserved { get; init; } = FrozenSet.Create("dt");

    /// <summary>Whether objects and arrays inside a record are kept as their JSON text, whatever the schema says of them.</summary>
    public bool NestedAsJson { get; init; }

    /// <summary>What becomes of a date or date-time outside the years 0001 to 9999.</summary>
    public OutOfRange FarDates { get; init; }
}
