using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using DataSpoc.Platform.Rendering;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Rendering;

/// <summary>What is rendered of one declaration, byte for byte.</summary>
public sealed partial class RenderTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Rendering", "golden");

    [Theory]
    [InlineData("aws-iam", "aws-iam.json")]
    [InlineData("bucket-policy", "bucket-policy.json")]
    [InlineData("terraform", "lake.tf.json")]
    [InlineData("minio", "minio.sh")]
    public async Task Render_IsAsReviewed(string target, string file)
    {
        var run = await PlatformRun.OfAsync(Golden, "render", "--to", target);
        Assert.Equal((0, File.ReadAllText(Path.Combine(Golden, file))), (run.Exit, run.Out));
    }

    [Fact]
    public void Terraform_RefersOnlyToWhatItDeclares()
    {
        var text = TerraformText();
        using var document = JsonDocument.Parse(text);
        var resources = document.RootElement.GetProperty("resource");
        var references = Reference().Matches(text).Select(static match => (Type: match.Groups[1].Value, Name: match.Groups[2].Value)).Distinct().ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Equal(JsonValueKind.Object, resources.GetProperty(reference.Type).GetProperty(reference.Name).ValueKind));
        // the syntax: every type holds blocks by name, and every block is an object (Terraform, "JSON Configuration Syntax")
        Assert.All(resources.EnumerateObject(), static type => Assert.All(type.Value.EnumerateObject(), static block => Assert.Equal(JsonValueKind.Object, block.Value.ValueKind)));
    }

    [Fact]
    public async Task Minio_IsAScriptThatBashReads()
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", Path.Combine(Golden, "minio.sh")]) { RedirectStandardError = true })!;
        Assert.Equal("", await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "warning: the policy of `ana` has 2\u202f052 characters; AWS takes 2\u202f048 as a user's inline policy\n  hint: make a policy of its own of it")]
    [InlineData(7, "characters; AWS takes 6\u202f144\n  hint: part the principal")]
    public async Task AwsIam_OfAUserWithMoreThanAwsTakes_SaysSo(int buckets, string? warning)
    {
        var folder = Directory.CreateTempSubdirectory("platform-");
        var names = Enumerable.Range(0, buckets).Select(static i => i == 0 ? "shop-sales" : $"shop-{(char)('a' + i)}");
        File.WriteAllText(Path.Combine(folder.FullName, "platform.yaml"), "lake: shop\nserver: aws\naccount: \"123456789012\"\nteams: { sales: { analyst: [ana] } }\nbuckets: { "
            + string.Join(", ", names.Select(static name => $"{name}: {{ team: sales, layers: [raw, curated, gold, ml] }}")) + " }\n");
        var error = (await PlatformRun.OfAsync(folder.FullName, "render", "--to", "aws-iam")).Error;
        folder.Delete(recursive: true);
        if (warning is null)
            Assert.Equal("", error);
        else
            Assert.Contains(warning, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_ToSomewhereElse_SaysWhatThereIs() =>
        Assert.Contains("`--to` must be aws-iam, bucket-policy, terraform or minio, not `azure`", (await PlatformRun.OfAsync(Golden, "render", "--to", "azure")).Error, StringComparison.Ordinal);

    private static string TerraformText() => RenderCommand.Text(Declared.In(Golden), RenderTarget.Terraform);

    [GeneratedRegex(@"\b(aws_\w+)\.(b_\w+)")]
    private static partial Regex Reference();
}
