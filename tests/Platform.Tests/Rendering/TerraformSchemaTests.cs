using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Platform.Rendering;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Rendering;

/// <summary>What is rendered for Terraform against the schema of its provider for AWS (<c>provider/extract.mjs</c>): the provider itself comes from a registry that is not reached here.</summary>
public sealed class TerraformSchemaTests
{
    // of every resource, whatever its type (Terraform, "Meta-Arguments")
    private static readonly string[] Meta = ["depends_on", "count", "for_each", "provider", "lifecycle"];
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Rendering");
    private readonly JsonObject _schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "provider", "aws.json")))!.AsObject();

    [Fact]
    public void Resources_HaveTheArgumentsThatTheProviderDeclares() => Assert.Empty(Mistakes(Rendered()));

    [Fact]
    public void Mistakes_AreFound()
    {
        var resources = Rendered();
        var bucket = resources["aws_s3_bucket"]!.AsObject().First().Value!.AsObject();
        bucket["encrypted"] = true;
        bucket["tags"] = "none";
        resources["aws_s3_bucket_policy"]!.AsObject().First().Value!.AsObject().Remove("policy");

        Assert.Equal(["aws_s3_bucket.encrypted is no argument", "aws_s3_bucket.tags is no map", "aws_s3_bucket_policy.policy is missing"], Mistakes(resources).Order(StringComparer.Ordinal));
    }

    private static JsonObject Rendered() => JsonNode.Parse(RenderCommand.Text(Declared.In(Path.Combine(Folder, "golden")), RenderTarget.Terraform))!["resource"]!.AsObject();

    private IEnumerable<string> Mistakes(JsonObject resources) => resources.SelectMany(type => _schema[type.Key] is JsonObject declared
        ? type.Value!.AsObject().SelectMany(resource => OfBlock(type.Key, declared, resource.Value!.AsObject()))
        : [$"{type.Key} is no resource"]);

    private static IEnumerable<string> OfBlock(string place, JsonObject declared, JsonObject block) =>
    [
        .. block.Where(argument => !Meta.Contains(argument.Key)).SelectMany(argument => declared[argument.Key] is JsonObject one ? OfArgument($"{place}.{argument.Key}", one, argument.Value!) : [$"{place}.{argument.Key} is no argument"]),
        .. declared.Where(argument => (bool)argument.Value!["required"]! && !block.ContainsKey(argument.Key)).Select(argument => $"{place}.{argument.Key} is missing"),
    ];

    private static IEnumerable<string> OfArgument(string place, JsonObject declared, JsonNode value)
    {
        if (declared["block"] is JsonObject block)
            return (value as JsonArray ?? [value.DeepClone()]).SelectMany(one => OfBlock(place, block, one!.AsObject()));
        var type = (string)declared["type"]!;
        var fits = (type, value.GetValueKind()) is ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("list", JsonValueKind.Array) or ("map", JsonValueKind.Object);
        return fits ? [] : [$"{place} is no {type}"];
    }
}
