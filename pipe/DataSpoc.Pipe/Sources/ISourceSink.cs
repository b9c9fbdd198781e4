using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources;

/// <summary>
/// Takes what a source reads. Calls come one at a time, in the source's order of each stream. The sink bounds memory by waiting in <see cref="Rent"/> or in any other call.
/// What a call is given is valid until it returns.
/// </summary>
internal interface ISourceSink
{
    /// <summary>The streams that will come, or may, where the source knows them beforehand: their tables' names then do not depend on which comes first.</summary>
    ValueTask StreamsAsync(IReadOnlyCollection<string> streams, CancellationToken cancel) => default;

    /// <summary>
    /// The stream's rows look like this from now on. Called before the stream's first row and whenever the schema changes,
    /// never twice in a row with equal schemas; all rows under the previous schema have been handed over.
    /// </summary>
    ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel);

    /// <summary>
    /// An empty chunk of the schema's types. It comes back by <see cref="RowsAsync"/>, perhaps without rows; a source has one chunk per stream at a time, or up to
    /// four of one that it reads in parallel, and few at once, however many streams it has.
    /// </summary>
    /// <param name="schema">The stream's current schema.</param>
    DataChunk Rent(StreamSchema schema, CancellationToken cancel);

    /// <summary>Rows of a stream, after those handed over before. The sink owns the chunk again.</summary>
    /// <param name="schema">The schema the chunk was rented with.</param>
    /// <param name="rows">With its count set; it may be 0.</param>
    /// <param name="version">The table version that all of these rows belong to (Singer's <c>version</c>), or null where the source has none.</param>
    ValueTask RowsAsync(StreamSchema schema, DataChunk rows, long? version, CancellationToken cancel);

    /// <summary>Whether the next bookmark should be committed, so that every row before it is to be handed over.</summary>
    bool IsCommitDue => true;

    /// <summary>
    /// The bookmark: once every row that came before it is committed, the source may go on from here. Opaque, never empty; the last one wins.
    /// </summary>
    /// <param name="state">The bookmark's JSON, byte for byte as the source sent it. Copy it to keep it.</param>
    /// <param name="complete">Whether every row before it has been handed over, so that it may be committed now; else the source still holds some, and hands them over later.</param>
    /// <param name="cancel">Stops the waiting.</param>
    ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel);

    /// <summary>Rows of all other versions of the stream are gone (Singer's ACTIVATE_VERSION). Never before the stream's schema.</summary>
    ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel);

    /// <summary>
    /// A record that the source cannot give as a row of the stream's schema: a value that does not fit, a missing key. It is not in any chunk.
    /// </summary>
    /// <returns>Whether the sink has taken it (the table's contract says quarantine), and the source goes on; else the stream fails with what is wrong.</returns>
    ValueTask<bool> RejectAsync(string stream, RejectedRecord record, CancellationToken cancel) => new(false);

    /// <summary>Whether a value that the source cannot give as its column's type is left out (the table's contract says discard), and its record goes on.</summary>
    bool LeavesOut(string stream) => false;

    /// <summary>
    /// The stream cannot be read on: nothing more of it will come, the other streams go on. Throwing <paramref name="error"/> ends the whole reading.
    /// </summary>
    ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel);

    /// <summary>Nothing more of the stream comes in this reading; the others go on. A source that knows it says so, and the stream's place is free for the next.</summary>
    ValueTask CompletedAsync(string stream, CancellationToken cancel) => default;
}
