using System.Text.RegularExpressions;
using EndToEnd.Tests.Architecture;
using Xunit;

namespace EndToEnd.Tests.Images;

/// <summary>What can be said of the images without an engine to build them; `docker/check` goes further.</summary>
public sealed partial class DockerfileTests
{
    [Theory]
    [InlineData("pipe")]
    [InlineData("lens")]
    [InlineData("ml")]
    [InlineData("platform")]
    public void Dockerfile_CopiesWhatIsThere_AndRunsAsNobodySpecial(string tool)
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, "docker", $"{tool}.Dockerfile"));
        var copied = Copy().Matches(text).SelectMany(static match => match.Groups[1].Value.Split(' ')).ToArray();
        Assert.Contains(tool, copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Sources.Root, path)), $"{tool} copies {path}"));
        // .dockerignore lets in nothing that it does not name
        var let = File.ReadAllLines(Path.Combine(Sources.Root, ".dockerignore")).Where(static line => line.StartsWith('!')).Select(static line => line[1..]).ToHashSet();
        Assert.All(copied, path => Assert.Contains(path, let));
        // no tool's image holds another's code
        Assert.Empty(copied.Intersect(Sources.Tools.Where(other => other != tool)));
        var project = Publish().Match(text).Groups[1].Value;
        Assert.True(Directory.Exists(Path.Combine(Sources.Root, project)), project);
        Assert.Matches(@"\nUSER [1-9]\d*:[1-9]\d*\n", text);
        Assert.EndsWith($"ENTRYPOINT [\"/app/{tool}\"]\n", text, StringComparison.Ordinal);
        // an engine gives an empty volume the owner of the folder it covers: /work is the tool's user's
        Assert.Contains("\nCOPY --from=build --chown=1654:1654 /work /work\n", text, StringComparison.Ordinal);
        Assert.Contains($" . {tool} {project.Split('/')[1]} ", text, StringComparison.Ordinal);
        Assert.Contains("\nCOPY --from=build /licenses /licenses\n", text, StringComparison.Ordinal);
        // every base image is an argument, so that it can be pinned by digest
        Assert.All(From().Matches(text), static match => Assert.StartsWith("${", match.Groups[1].Value, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"^RUN dotnet publish (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Publish();

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
