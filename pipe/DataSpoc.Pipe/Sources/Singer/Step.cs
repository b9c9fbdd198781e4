namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>What has to happen after a line was taken in.</summary>
internal enum Step
{
    /// <summary>Nothing: the line is done.</summary>
    None,

    /// <summary>The line is done, and its stream's chunk is full.</summary>
    ChunkFull,

    /// <summary>The stream needs a chunk; then the line is taken in again.</summary>
    NeedsChunk,

    /// <summary>The record belongs to another table version than the rows before it: they are handed over, then the line is taken in again.</summary>
    NewVersion,

    /// <summary>The record is the stream's first of a table version: the rows before it are handed over, the schema gets a column for it, then the line is taken in again.</summary>
    FirstVersion,

    /// <summary>The record has fields that its schema lacks: the rows before it are handed over, the schema grows, then the line is taken in again.</summary>
    NewFields,

    /// <summary>The line is a SCHEMA.</summary>
    Schema,

    /// <summary>The line is a bookmark.</summary>
    State,

    /// <summary>The line is an ACTIVATE_VERSION.</summary>
    ActivateVersion,

    /// <summary>The line is a BATCH.</summary>
    Batch,

    /// <summary>The stream cannot be read on.</summary>
    Failed,
}
