using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary>Options that say how files are written, where their names and first lines do not tell.</summary>
internal sealed class FileOptions
{
    public Option<string?> Delimiter { get; } = new("--delimiter") { Description = "what separates the fields of CSV; else the one the first line has most of", HelpName = "text" };

    public Option<string?> Quote { get; } = new("--quote") { Description = "what quotes the fields of CSV", HelpName = "character" };

    public Option<string?> Comment { get; } = new("--comment") { Description = "the character that begins a line of CSV that is left out; else every line is data", HelpName = "character" };

    public Option<string?> Encoding { get; } = new("--encoding") { Description = "of CSV: utf-8, utf-16 or latin-1", HelpName = "name" };

    public Option<string[]> NullStrings { get; } = new("--null") { Description = "a text of CSV that means NULL, such as NA", HelpName = "text" };

    public Option<string[]> Types { get; } = new("--type") { Description = "the type of a column: zip=string", HelpName = "column=type" };

    public Option<string?> FileName { get; } = new("--file-name") { Description = "a column that gets each record's file", HelpName = "column" };

    public Option<string?> RowNumber { get; } = new("--row-number") { Description = "a column that gets each record's number in its file", HelpName = "column" };

    public FileReading Of(CommandContext context) => new()
    {
        Delimiter = context.Value(Delimiter) is { } delimiter ? delimiter.Replace("\\t", "\t", StringComparison.Ordinal) : null,
        Quote = context.Value(Quote) ?? FileReading.Usual.Quote,
        Comment = context.Value(Comment),
        Encoding = context.Value(Encoding) ?? FileReading.Usual.Encoding,
        NullStrings = context.Value(NullStrings) ?? [],
        Types = (context.Value(Types) ?? []).Select(Pair).ToDictionary(pair => pair.Column, pair => pair.Type, StringComparer.Ordinal),
        FileName = context.Value(FileName),
        RowNumber = context.Value(RowNumber),
    };

    private static (string Column, string Type) Pair(string text) => text.LastIndexOf('=') is var at and > 0
        ? (text[..at], text[(at + 1)..])
        : throw new UserError($"`--type {text}` does not say column=type") { Hint = "write --type zip=string", ExitCode = ExitCode.Usage };
}
