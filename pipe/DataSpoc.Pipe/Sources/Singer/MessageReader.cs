using System.Text.Json;
using System.Text.Unicode;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Rows;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// Reads one line at a time. Records go straight into their stream's chunk; whatever else has to happen is left to the caller
/// as a <see cref="Step"/>.
/// </summary>
/// <param name="origin">What is read, as errors call it.</param>
/// <param name="streams">The streams met so far.</param>
internal sealed partial class MessageReader(string origin, StreamTable streams)
{
    /// <summary>How deep JSON may be nested.</summary>
    public const int MaxDepth = RowContext.MaxDepth + 1;

    private static readonly JsonReaderOptions Json = new() { MaxDepth = MaxDepth };
    private static readonly JsonReaderOptions JsonOfRecords = new() { MaxDepth = RowContext.MaxDepth };

    private readonly RowContext names = new();
    private readonly KnownEnvelope known = new();
    private ReadOnlyMemory<byte> line;
    private long number;
    private MessageKind kind;
    private Member seen;
    private bool written;
    private ReadOnlyMemory<byte> value;
    private long? extractedAt;

    /// <summary>The stream of the last line, or null where it named none.</summary>
    public SingerStream? Stream { get; private set; }

    /// <summary>The <c>version</c> of the last line.</summary>
    public long? Version { get; private set; }

    /// <summary>After <see cref="Step.State"/>: the bookmark.</summary>
    public ReadOnlyMemory<byte> State => value;

    /// <summary>Where the last line is.</summary>
    public SourcePosition Position => new(origin, number, Stream?.Name);

    /// <summary>Takes in a line.</summary>
    /// <returns>What has to happen now; a line that has to be taken in again afterwards has had no effect.</returns>
    /// <exception cref="UserError">The line is not a Singer message.</exception>
    public Step Take(ReadOnlyMemory<byte> message, long lineNumber)
    {
        Begin(message, lineNumber);
        try
        {
            if (!Utf8.IsValid(message.Span))
                throw Refuse("is not UTF-8");

            return known.Match(message.Span) is var start and > 0 ? ReadKnown(start) : Read();
        }
        catch (JsonException e)
        {
            throw Refuse("is not JSON", e);
        }
    }

    /// <summary>Takes in a line of a BATCH's file: a record without its envelope.</summary>
    public Step TakeRecord(ReadOnlyMemory<byte> record, long lineNumber, SingerStream stream)
    {
        Begin(record, lineNumber);
        Stream = stream;
        kind = MessageKind.Record;
        if (stream.Ignored || record.Span.Trim(" \t\r"u8).IsEmpty)
            return Step.None;

        try
        {
            if (!Utf8.IsValid(record.Span))
                return Fail($"{Position} is not UTF-8", null);
            JsonText.RequireOne(record.Span, JsonOfRecords);
            return WriteKnown(record, out _) is var step and not Step.None ? step : ConcludeRecord();
        }
        catch (JsonException)
        {
            return Fail($"{Position} is not JSON: {ValueProblem.Cut(record.Span)}", "a batch's file holds one record, a JSON object, per line");
        }
    }

    private void Begin(ReadOnlyMemory<byte> message, long lineNumber)
    {
        line = message;
        number = lineNumber;
        kind = MessageKind.None;
        seen = Member.Other;
        written = false;
        value = default;
        Stream = null;
        Version = null;
        extractedAt = null;
    }

    private Step Read()
    {
        var reader = new Utf8JsonReader(line.Span, isFinalBlock: true, new JsonReaderState(Json));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw Refuse("is not a Singer message");

        return ReadMembers(ref reader, line) is var step and not Step.None ? step : Conclude();
    }

    /// <summary>A line that begins as the last RECORD did.</summary>
    private Step ReadKnown(int start)
    {
        kind = MessageKind.Record;
        Stream = known.Stream;
        seen = known.Seen;
        Version = known.Version;
        extractedAt = known.ExtractedAt;
        var record = line[start..];
        if (WriteKnown(record, out var length) is var step and not Step.None)
            return step;

        var rest = record[length..];
        var text = rest.Span.Trim(" \t\r"u8);
        if (text.SequenceEqual("}"u8))
            return Conclude();
        if (text.IsEmpty || text[0] != ',' || !text[1..].TrimStart(" \t"u8).StartsWith("\""u8))
            throw Refuse("is not JSON");

        var members = known.AsObject(rest.Span);
        var reader = new Utf8JsonReader(members.Span, isFinalBlock: true, new JsonReaderState(Json));
        _ = reader.Read();
        return ReadMembers(ref reader, members) is var next and not Step.None ? next : Conclude();
    }

    /// <summary>Writes the record that a text begins with.</summary>
    private Step WriteKnown(ReadOnlyMemory<byte> record, out int length)
    {
        length = 0;
        if (Stream!.Chunk is null)
            return Step.NeedsChunk;

        written = true;
        var context = Stream.Context;
        var replaced = context.ReplacedSurrogates;
        var plain = new PlainJson(record.Span);
        if (Stream.Writer!.TryWrite(ref plain, Stream.Rows, context))
        {
            length = plain.Position;
            return Step.None;
        }

        context.ReplacedSurrogates = replaced;
        var reader = new Utf8JsonReader(record.Span, isFinalBlock: true, new JsonReaderState(JsonOfRecords));
        _ = reader.Read();
        var step = Write(ref reader, record);
        length = (int)reader.BytesConsumed;
        return step;
    }

    private Step ReadMembers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Of(names.Text(ref reader));
            if ((seen & member) != 0)
                throw Refuse("is not a Singer message: it has a member twice");

            seen |= member;
            reader.Read();
            if (member == Member.Record && kind == MessageKind.Record && Stream is { Writer: not null, Ignored: false })
            {
                known.Remember(text.Span[..(int)reader.TokenStartIndex], Stream, seen, Version, extractedAt);
                if (Write(ref reader, text) is var step and not Step.None)
                    return step;
            }
            else
            {
                Note(member, ref reader, text);
            }
        }

        // nothing may follow the object
        _ = reader.Read();
        return Step.None;
    }

    private void Note(Member member, ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        switch (member)
        {
            case Member.Type:
                kind = reader.TokenType == JsonTokenType.String ? MessageKinds.Of(names.Text(ref reader)) : MessageKind.Unknown;
                break;
            case Member.Stream when reader.TokenType == JsonTokenType.String:
                Stream = streams.Get(names.Text(ref reader));
                break;
            case Member.Stream:
                throw Refuse("is not a Singer message: its stream is not a name");
            case Member.Version when reader.TokenType == JsonTokenType.Number && NumberText.ToInt64(reader.ValueSpan, out var version) == Fit.Fits:
                Version = version;
                break;
            case Member.Version when reader.TokenType != JsonTokenType.Null:
                throw Refuse("is not a Singer message: its version is not a whole number");
            case Member.TimeExtracted when reader.TokenType == JsonTokenType.String && TimeText.ToMicroseconds(names.Text(ref reader), out var moment) == Fit.Fits:
                extractedAt = moment;
                break;
            case Member.TimeExtracted when reader.TokenType != JsonTokenType.Null && streams.KeepsExtraction:
                throw Refuse("has a time_extracted that is no time");
            case Member.Record or Member.Value:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                value = text[start..(int)reader.BytesConsumed];
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private Step Conclude()
    {
        switch (kind)
        {
            case MessageKind.None:
                throw Refuse("is not a Singer message: it has no type");
            case MessageKind.Unknown:
                throw Refuse("is a message of a type that Singer does not have");
            case MessageKind.State:
                return value.IsEmpty ? throw Refuse("is a STATE without a value") : JsonText.IsEmpty(value.Span) ? Step.None : Step.State;
        }

        if (Stream is null)
            throw Refuse($"is a {kind.ToString().ToUpperInvariant()} without a stream");

        return Stream.Ignored ? Step.None : kind switch
        {
            MessageKind.Schema => Step.Schema,
            MessageKind.Record => ConcludeRecord(),
            MessageKind.ActivateVersion when Version is null => throw Refuse("is an ACTIVATE_VERSION without a version"),
            MessageKind.ActivateVersion => Step.ActivateVersion,
            _ when Stream.Writer is null => Fail($"BATCH of `{Stream.Name}` before its SCHEMA in {Position}", "a tap announces every stream by a SCHEMA first"),
            _ => Step.Batch,
        };
    }

    private Step ConcludeRecord()
    {
        if (Stream!.Writer is null)
            return Fail($"RECORD of `{Stream.Name}` before its SCHEMA in {Position}", "a tap announces every stream by a SCHEMA first");

        if (!written)
        {
            if (value.IsEmpty)
                throw Refuse("is a RECORD without a record");

            var reader = new Utf8JsonReader(value.Span, isFinalBlock: true, new JsonReaderState(JsonOfRecords));
            _ = reader.Read();
            if (Write(ref reader, value) is var step and not Step.None)
                return step;
        }

        if (Stream.Context.Undeclared.Count > 0)
            return Step.NewFields;

        var version = Version ?? Stream.Active;
        if (Stream.LacksVersions(version))
            return Step.FirstVersion;

        if (version != Stream.Version)
        {
            if (Stream.Rows > 0)
                return Step.NewVersion;

            Stream.Version = version;
        }

        Stream.ExtractedAt = extractedAt;
        return Stream.Count(line.Length) ? Step.ChunkFull : Step.None;
    }

    /// <summary>Writes the record the reader stands on into the stream's next row, which does not count yet.</summary>
    private Step Write(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        if (Stream!.Chunk is null)
            return Step.NeedsChunk;

        written = true;
        Stream.Context.Line = text;
        var whole = reader;
        if (Stream.Writer!.Write(ref reader, Stream.Rows, Stream.Context) is not { } problem)
            return Step.None;
        var start = (int)whole.TokenStartIndex;
        whole.Skip();
        Stream.Context.Undeclared.Clear();
        return Fail(problem, text[start..(int)whole.BytesConsumed]);
    }
}
