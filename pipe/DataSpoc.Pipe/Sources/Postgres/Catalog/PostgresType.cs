namespace DataSpoc.Pipe.Sources.Postgres.Catalog;

/// <summary>A type, as <c>pg_type</c> has it.</summary>
/// <param name="Oid">Fixed for built-in types.</param>
/// <param name="Schema">Where it lies.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Kind"><c>typtype</c>: b base, c composite, d domain, e enum, p pseudo, r range, m multirange.</param>
internal sealed record PostgresType(long Oid, string Schema, string Name, char Kind)
{
    /// <summary>The type of an array's elements, of a domain's values, of a range's bounds, of a multirange's ranges; 0 otherwise.</summary>
    public long Inner { get; init; }

    /// <summary>Whether it is an array.</summary>
    public bool IsArray { get; init; }

    /// <summary>A domain's modifier (<c>numeric(5,2)</c>), or -1.</summary>
    public int Modifier { get; init; } = -1;

    /// <summary>A domain's declared dimensions, where its values are arrays.</summary>
    public int Dimensions { get; init; }

    /// <summary>A composite type's fields.</summary>
    public IReadOnlyList<PostgresColumn> Fields { get; init; } = [];
}

/// <summary>A column of a table or a field of a composite type.</summary>
/// <param name="Name">Any text.</param>
/// <param name="Type">Its type's oid.</param>
/// <param name="Modifier"><c>atttypmod</c>, or -1.</param>
internal sealed record PostgresColumn(string Name, long Type, int Modifier)
{
    public bool NotNull { get; init; }

    /// <summary>An array's dimensions, as declared.</summary>
    public int Dimensions { get; init; }

    /// <summary>Whether this user may read it.</summary>
    public bool IsReadable { get; init; } = true;
}
