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

    [Fact]
    public async Task Render_ToSomewhereElse_SaysWhatThereIs() =>
        Assert.Contains("`--to` must be aws-iam, bucket-policy, terraform or minio, not `azure`", (await PlatformRun.OfAsync(Golden, "render", "--to", "azure")).Error, StringComparison.Ordinal);

    private static string TerraformText() => RenderCommand.Text(Declared.In(Golden), RenderTarget.Terraform);

    [GeneratedRegex(@"\b(aws_\w+)\.(b_\w+)")]
    private static partial Regex Reference();
}
