using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Rows;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>What is said of lines that cannot be taken in.</summary>
internal sealed partial class MessageReader
{
    /// <summary>After <see cref="Step.Failed"/>: the record that is the reason, where it is one record; valid until the next step.</summary>
    public RejectedRecord? Rejected { get; private set; }

    /// <summary>After <see cref="Step.Failed"/>: why the stream cannot be read on.</summary>
    public UserError? Failure { get; private set; }

    private Step Fail(ValueProblem problem, ReadOnlyMemory<byte> record)
    {
        // without the value: the column may be one that is masked
        var reason = $"{(problem.Path.Length == 0 ? $"the record of `{Stream!.Name}`" : $"`{Stream!.Name}.{problem.Path}`")} {problem.Sentence}";
        Fail($"{reason} in {Position}{(problem.Value is null ? "" : ": " + problem.Value)}", problem.Hint);
        Rejected = new(record, reason, number);
        return Step.Failed;
    }

    private Step Fail(string what, string? hint)
    {
        (Failure, Rejected) = (Position.Error(what, hint), null);
        return Step.Failed;
    }

    private UserError Refuse(string sentence, Exception? inner = null) => Position.Error(
        line.Span.Trim(" \t\r"u8).IsEmpty ? $"line {number} of {origin} is empty" : $"line {number} of {origin} {sentence}: {ValueProblem.Cut(line.Span)}",
        "a tap writes nothing but Singer messages to its stdout, one per line; logs belong on stderr",
        inner);
}
