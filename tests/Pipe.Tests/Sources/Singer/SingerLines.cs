using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.Singer;
using Xunit;

namespace Pipe.Tests.Sources.Singer;

/// <summary>Reads lines as a tap would send them.</summary>
internal static class SingerLines
{
    public static readonly SingerOptions Options = new() { Origin = "tap-test" };

    public static Task<SourceSummary> ReadAsync(RecordingSink sink, params string[] lines) => ReadAsync(sink, Options, lines);

    public static async Task<SourceSummary> ReadAsync(RecordingSink sink, SingerOptions options, params string[] lines) =>
        await ReadAsync(sink, options, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public static async Task<SourceSummary> ReadAsync(RecordingSink sink, SingerOptions options, byte[] bytes)
    {
        using var input = new MemoryStream(bytes);
        return await new SingerReader(input, options).ReadAsync(sink, TestContext.Current.CancellationToken);
    }

    public static async Task<UserError> RefusalAsync(params string[] lines) =>
        await Assert.ThrowsAsync<UserError>(() => ReadAsync(new RecordingSink(), lines));

    /// <summary>A SCHEMA of stream <c>s</c> with one property beside its key <c>id</c>.</summary>
    public static string Schema(string property, string schema) => Schema($"\"{property}\": {schema}");

    public static string Schema(string properties) =>
        """{"type": "SCHEMA", "stream": "s", "key_properties": [], "schema": {"type": "object", "properties": {""" + properties + "}}}";

    public static string Record(string json) => $$"""{"type": "RECORD", "stream": "s", "record": {{json}}}""";
}
