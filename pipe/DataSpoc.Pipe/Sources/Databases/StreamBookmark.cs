using System.Text.Json.Serialization;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>Where a table's reading stopped.</summary>
/// <param name="Cursor">The column.</param>
internal sealed record StreamBookmark(string Cursor)
{
    /// <summary>Every row up to this value is read, the value included, in the database's spelling; while <see cref="Part"/> is set, those of the parts before it only.</summary>
    public required string Value { get; init; }

    /// <summary>The first reading is under way: the part of the table (an object id) in which it goes on.</summary>
    public long? Part { get; init; }

    /// <summary>The part's file, which is another one once the table was rewritten.</summary>
    public long? File { get; init; }

    /// <summary>The page of the part where it goes on.</summary>
    public long? Page { get; init; }
}

/// <summary>How bookmarks are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamBookmark))]
internal sealed partial class BookmarkJson : JsonSerializerContext;
