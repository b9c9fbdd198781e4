using System.Globalization;
using System.Text.Json;

namespace DataSpoc.Tests.PipeUnderFaults;

/// <summary>
/// A Singer tap with three streams that hold the numbers 1, 2, 3 … up to its configuration's <c>until</c>. It goes on after the number in its bookmark.
/// </summary>
internal static class NumbersTap
{
    private static readonly string[] Streams = ["one", "two", "three"];

    public static int Run(string[] args, TextWriter output)
    {
        var until = JsonDocument.Parse(File.ReadAllText(Following(args, "--config")!)).RootElement.GetProperty("until").GetInt64();
        var from = Following(args, "--state") is { } state ? JsonDocument.Parse(File.ReadAllText(state)).RootElement.GetProperty("n").GetInt64() : 0;
        foreach (var stream in Streams)
            output.WriteLine($$$"""{"type":"SCHEMA","stream":"{{{stream}}}","schema":{"properties":{"n":{"type":"integer"},"text":{"type":"string"} } },"key_properties":["n"]}""");
        for (var n = from + 1; n <= until; n++)
            foreach (var stream in Streams)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"RECORD","stream":"{{{stream}}}","record":{"n":{{{n}}},"text":"{{{stream}}} {{{n}}}"}}"""));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"STATE\",\"value\":{{\"n\":{Math.Max(from, until)}}}}}"));
        return 0;
    }

    private static string? Following(string[] args, string option) => Array.IndexOf(args, option) is var at and >= 0 ? args[at + 1] : null;
}
