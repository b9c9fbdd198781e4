using System.Text;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Pipe.Tests.Sources.Text;

public sealed class EscapedTextTests
{
    [Theory]
    [InlineData("plain", "plain", 0)]
    [InlineData("\\\" \\\\ \\/ \\n\\t\\r\\b\\f", "\" \\ / \n\t\r\b\f", 0)]
    [InlineData("\\u006D\\u0101\\u20ac", "m\u0101\u20ac", 0)]
    [InlineData("a\\u0000b", "a\0b", 0)]
    [InlineData("\\\\u0041", "\\u0041", 0)]
    [InlineData("\\ud83d\\ude00", "\U0001F600", 0)]
    [InlineData("cut \\ud83d", "cut \uFFFD", 1)]
    [InlineData("\\ud83dx", "\uFFFDx", 1)]
    [InlineData("\\ude00\\ud83d", "\uFFFD\uFFFD", 2)]
    [InlineData("\\ud83d\\u0041", "\uFFFDA", 1)]
    [InlineData("\\ud83d\\ud83d\\ude00", "\uFFFD\U0001F600", 1)]
    [InlineData("\\uDBFF\\uDFFF", "\U0010FFFF", 0)]
    public void Unescape_Escapes_AreTheirCharacters(string escaped, string expected, long halves)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        var target = new byte[bytes.Length];
        var replaced = 0L;
        var length = EscapedText.Unescape(bytes, target, ref replaced);
        Assert.Equal(expected, Encoding.UTF8.GetString(target, 0, length));
        Assert.Equal(halves, replaced);
    }

    [Fact]
    public void Unescape_AnyStringAsJsonWritesIt_IsTheString() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(text ?? "");
            var target = new byte[json.Length];
            var replaced = 0L;
            var length = EscapedText.Unescape(json.AsSpan(1, json.Length - 2), target, ref replaced);
            return Encoding.UTF8.GetString(target, 0, length) == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
