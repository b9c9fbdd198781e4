using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Rows;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>A stream between its messages: its schema, the chunk that is being filled, and what was counted.</summary>
internal sealed class SingerStream(string name, SingerOptions options)
{
    private readonly List<string> undeclared = [];
    private VectorWriter? versions;
    private VectorWriter? extractions;
    private bool hasVersions;
    private long bytes;

    public string Name => name;

    public RowContext Context { get; } = new() { SkipsEmpty = options.SkipsEmpty };

    /// <summary>Null before the first SCHEMA.</summary>
    public SingerSchema? Declared { get; private set; }

    /// <summary>What the sink knows.</summary>
    public StreamSchema? Schema { get; private set; }

    /// <summary>Writes records; null before the first SCHEMA.</summary>
    public StructWriter? Writer { get; private set; }

    /// <summary>The chunk that is being filled, or null.</summary>
    public DataChunk? Chunk { get; private set; }

    /// <summary>Rows in <see cref="Chunk"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>The version of the rows in <see cref="Chunk"/>.</summary>
    public long? Version { get; set; }

    /// <summary>When the record that is being taken in was extracted, in microseconds since 1970; null where it does not say.</summary>
    public long? ExtractedAt { get; set; }

    /// <summary>The version of the last ACTIVATE_VERSION: records that name none belong to it.</summary>
    public long? Active { get; set; }

    /// <summary>The ACTIVATE_VERSION that came before the first SCHEMA, as real taps send it, or null.</summary>
    public long? EarlyVersion { get; set; }

    /// <summary>Records handed over.</summary>
    public long Records { get; private set; }

    /// <summary>Nothing more of it is taken: it is not selected, or it has failed.</summary>
    public bool Ignored { get; set; }

    /// <summary>When its chunk was rented, in chunks rented before.</summary>
    public long Turn { get; private set; }

    public StreamSummary Summary => new(Name, Records) { UndeclaredFields = undeclared, ReplacedSurrogates = Context.ReplacedSurrogates, FarDates = Context.FarDates };

    /// <summary>Whether a row of this version needs the column of versions, which the stream does not have yet.</summary>
    public bool LacksVersions(long? version) => version is not null && !hasVersions;

    /// <summary>Takes up a SCHEMA; there must be no rows in the chunk.</summary>
    /// <returns>Whether the sink has to be told.</returns>
    public bool Declare(SingerSchema schema)
    {
        Declared = schema;
        return Become(schema.Shape);
    }

    /// <summary>From now on the rows have a column of versions (<see cref="SingerMetadata.Version"/>); there must be no rows in the chunk.</summary>
    /// <returns>Whether the sink has to be told.</returns>
    public bool AddVersions()
    {
        hasVersions = true;
        return Become(Writer!.Shape);
    }

    /// <summary>Takes up the undeclared fields that the last record brought; there must be no rows in the chunk.</summary>
    /// <exception cref="UserError">The schema forbids them, or they are too many.</exception>
    public void Grow(int most, SourcePosition position)
    {
        var shape = Writer!.Shape;
        foreach (var group in Context.Undeclared.GroupBy(u => u.Where))
        {
            var way = ShapeGrowth.Describe(Writer.Shape, group.Key.Path);
            var fields = new List<(string, Shape)>();
            foreach (var field in group.Select(u => u.SourceName).Distinct())
            {
                var path = way + field;
                fields.Add((field, SingerMetadata.Includes(path) ? new AnyTextShape() : group.Key.Shape.Others ?? throw position.Error(
                    $"`{Name}.{path}` in {position} is not in the schema of `{Name}`, which allows no other fields",
                    "have the tap declare it, or take `additionalProperties: false` out of its catalog")));
                if (!undeclared.Contains(path))
                    undeclared.Add(path);
            }

            shape = (StructShape)ShapeGrowth.Add(shape, group.Key.Path.AsSpan(), fields);
        }

        if (undeclared.Count > most)
        {
            throw position.Error(
                $"records of `{Name}` have more than {most} fields that its schema does not declare, up to {position}",
                "declare the object that has them without `properties`, and it is kept as JSON text");
        }

        Context.Undeclared.Clear();
        Become(shape);
    }

    public void Begin(DataChunk chunk, long turn)
    {
        Chunk = chunk;
        Turn = turn;
        Rows = 0;
        bytes = 0;
        Writer!.Attach(chunk);
        versions = extractions = null;
        for (var column = Writer.Shape.Fields.Length; column < chunk.Types.Count; column++)
            if (chunk.Types[column].Kind == LogicalKind.TimestampTz)
                extractions = chunk.Writer(column);
            else
                versions = chunk.Writer(column);
    }

    /// <summary>The row after the last one is written, and counts.</summary>
    /// <param name="length">Bytes it took in the source.</param>
    /// <returns>Whether the chunk is full.</returns>
    public bool Count(int length)
    {
        WriteMetadata(Rows);
        bytes += length;
        return ++Rows == options.ChunkRows || bytes >= options.ChunkBytes;
    }

    /// <summary>Rows that were written all at once, the first of the chunk.</summary>
    public void CountAll(int rows)
    {
        ExtractedAt = null;
        for (var row = 0; row < rows; row++)
            WriteMetadata(row);
        Rows = rows;
    }

    /// <summary>Gives the chunk away with its rows.</summary>
    public DataChunk End()
    {
        var chunk = Chunk!;
        chunk.Count = Rows;
        Records += Rows;
        Chunk = null;
        Rows = 0;
        return chunk;
    }

    private void WriteMetadata(int row)
    {
        if (ExtractedAt is { } moment)
            extractions?.Set(row, moment);
        else
            extractions?.SetNull(row);
        if (Version is { } version)
            versions?.Set(row, version);
        else
            versions?.SetNull(row);
    }

    private bool Become(StructShape shape)
    {
        var keys = Declared!.KeyProperties;
        Writer = new StructWriter(shape, [], [.. Enumerable.Range(0, shape.Fields.Length).Where(i => keys.Contains(shape.Fields[i].SourceName))]);
        var schema = Declared.Columns(Name, shape, hasVersions, options.ExtractedAt) with { Replaces = options.Replaces };
        if (schema.Equals(Schema))
            return false;

        Schema = schema;
        return true;
    }
}
