namespace DataSpoc.Pipe.Ingestion;

/// <summary>What happens to what a table does not have room for.</summary>
internal enum Reaction
{
    /// <summary>The table grows: a column is added, a type widens (int → bigint → decimal → double).</summary>
    Evolve,

    /// <summary>The stream is refused, exit code 3.</summary>
    Freeze,

    /// <summary>The record goes to <c>quarantine/</c>, the others go on.</summary>
    Quarantine,

    /// <summary>The value is left out, the record goes on.</summary>
    Discard,
}

/// <summary>The contract about a table's columns. It holds from the table's first commit on.</summary>
internal sealed record SchemaContract
{
    /// <summary>For columns that the table does not have.</summary>
    public Reaction Columns { get; init; }

    /// <summary>For values that are not of the column's type.</summary>
    public Reaction Types { get; init; }

    /// <summary>Whether what is there matters even where the table is written anew.</summary>
    public bool Binds => Columns != Reaction.Evolve || Types != Reaction.Evolve;
}
