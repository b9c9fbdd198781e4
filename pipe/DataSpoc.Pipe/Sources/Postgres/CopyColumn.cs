using DataSpoc.Pipe.Sources.Postgres.Decoding;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>A column of a binary COPY.</summary>
/// <param name="Name">As the table in the bucket calls it.</param>
/// <param name="SourceName">As the database calls it.</param>
/// <param name="Decoder">Reads its values.</param>
internal sealed record CopyColumn(string Name, string SourceName, ValueDecoder Decoder);
