using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>The columns of a table.</summary>
/// <param name="Fields">In order; names are distinct without regard to case.</param>
public sealed record DeltaSchema(IReadOnlyList<DeltaField> Fields)
{
    /// <summary>The column of that name without regard to case, or null.</summary>
    public DeltaField? Find(string name)
    {
        foreach (var field in Fields)
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                return field;
        return null;
    }

    /// <summary>Reads the text of <c>metaData.schemaString</c>.</summary>
    /// <exception cref="JsonException">It is not a schema; the message tells why.</exception>
    public static DeltaSchema Parse(string schemaString)
    {
        using var document = JsonNodes.Parse(schemaString);
        return new(DeltaSchemaJson.Read(new(document.RootElement, "schema")));
    }

    /// <summary>The text of <c>metaData.schemaString</c>.</summary>
    public string Serialize() => JsonNodes.Text(DeltaSchemaJson.Write(Fields));

    /// <inheritdoc/>
    public bool Equals(DeltaSchema? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => new StructType(Fields).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Fields.Select(field => $"{field.Name} {field.Type}"));
}

/// <summary>A column, or a part of a struct.</summary>
/// <param name="Name">As the source spells it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
public sealed record DeltaField(string Name, DeltaType Type, bool Nullable = true)
{
    /// <summary>What writers attached to the column (comments, invariants), or null where there is nothing.</summary>
    public JsonObject? Metadata { get; init; }

    /// <inheritdoc/>
    public bool Equals(DeltaField? other) => other is not null && Name == other.Name && Nullable == other.Nullable && Type.Equals(other.Type)
        && JsonNode.DeepEquals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Nullable);
}
