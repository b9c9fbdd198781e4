namespace DataSpoc.Contracts.DuckDb;

/// <summary>A STRUCT's value: fields in their order.</summary>
/// <param name="Fields">Name and value; values as of <see cref="ResultReader.GetValue"/>.</param>
public sealed record StructValue(IReadOnlyList<KeyValuePair<string, object?>> Fields)
{
    /// <summary>As DuckDB writes it: <c>{'a': 1, 'b': x}</c>.</summary>
    public override string ToString() => Values.ValueText.Of(this);
}

/// <summary>A MAP's value: pairs in their order.</summary>
/// <param name="Pairs">Key and value; both as of <see cref="ResultReader.GetValue"/>.</param>
public sealed record MapValue(IReadOnlyList<KeyValuePair<object, object?>> Pairs)
{
    /// <summary>As DuckDB writes it: <c>{a=1, b=2}</c>.</summary>
    public override string ToString() => Values.ValueText.Of(this);
}

/// <summary>A UNION's value.</summary>
/// <param name="Member">The name of the member that it is.</param>
/// <param name="Value">Its value, as of <see cref="ResultReader.GetValue"/>.</param>
public sealed record UnionValue(string Member, object? Value)
{
    /// <summary>As DuckDB writes it: the value alone.</summary>
    public override string ToString() => Values.ValueText.Of(this);
}
