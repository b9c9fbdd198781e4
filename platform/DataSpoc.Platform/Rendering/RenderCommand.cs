using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Rendering;

/// <summary><c>platform render</c>: the declaration as others apply it.</summary>
internal static class RenderCommand
{
    // read by people: `<` and `'` as they are
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ToolCommand Create()
    {
        var target = new Option<RenderTarget>("--to") { Description = "aws-iam, bucket-policy, terraform or minio", HelpName = "TARGET", Required = true, CustomParser = Parse };
        return new("render", "Write the policies for a place where they are applied by other means")
        {
            Example = "platform render --to terraform > lake.tf.json\nplatform render --to bucket-policy | jq '.\"acme-sales\"'\nplatform render --to minio > access.sh && bash access.sh myminio",
            Details = """
                aws-iam: per principal a policy for a user or a role of IAM, as one JSON object. bucket-policy: per bucket its policy, as one
                JSON object. terraform: a whole *.tf.json for AWS's provider. minio: a script of `mc admin policy` commands.
                Touches no bucket.
                """,
            Handler = context => Task.FromResult(Run(context, context.Value(target))),
            Options = { target },
        };
    }

    /// <summary>What is written for a target.</summary>
    public static string Text(DeclaredLake lake, RenderTarget target) => target switch
    {
        RenderTarget.AwsIam => Json(new JsonObject(PrincipalPolicies.Of(lake).Select(static pair => KeyValuePair.Create(pair.Principal.Name, (JsonNode?)pair.Policy)))),
        RenderTarget.BucketPolicy => Json(new JsonObject(lake.Buckets.Where(static bucket => bucket.Policy.Json(bucket.Name) is not null).Select(static bucket => KeyValuePair.Create(bucket.Name, JsonNode.Parse(bucket.Policy.Json(bucket.Name)!))))),
        RenderTarget.Terraform => Json(TerraformDocument.Of(lake)),
        _ => MinioScript.Of(lake),
    };

    private static ExitCode Run(CommandContext context, RenderTarget target)
    {
        var lake = LakeDeclaration.Load(context);
        if (target == RenderTarget.AwsIam)
            WarnOfSizes(context, lake);
        context.Out.Write(Text(lake, target));
        return ExitCode.Done;
    }

    private static void WarnOfSizes(CommandContext context, DeclaredLake lake)
    {
        foreach (var (principal, policy) in PrincipalPolicies.Of(lake))
        {
            var (characters, inline) = (policy.ToJsonString().Length, PrincipalPolicies.MostInline(principal));
            var most = Math.Max(inline, PrincipalPolicies.MostManaged);
            if (characters > most)
                context.Messages.Warn($"the policy of `{principal.Name}` has {Quantity.Count(characters)} characters; AWS takes {Quantity.Count(most)}", "part the principal, or use the policies of the buckets");
            else if (characters > inline)
                context.Messages.Warn($"the policy of `{principal.Name}` has {Quantity.Count(characters)} characters; AWS takes {Quantity.Count(inline)} as a user's inline policy", "make a policy of its own of it (`aws iam create-policy`), and attach that");
        }
    }

    private static string Json(JsonNode node) => node.ToJsonString(Indented) + "\n";

    private static RenderTarget Parse(System.CommandLine.Parsing.ArgumentResult result)
    {
        RenderTarget? target = result.Tokens[0].Value switch
        {
            "aws-iam" => RenderTarget.AwsIam,
            "bucket-policy" => RenderTarget.BucketPolicy,
            "terraform" => RenderTarget.Terraform,
            "minio" => RenderTarget.Minio,
            _ => null,
        };
        if (target is null)
            result.AddError($"`--to` must be aws-iam, bucket-policy, terraform or minio, not `{result.Tokens[0].Value}`");
        return target ?? default;
    }
}

/// <summary>Who applies it.</summary>
internal enum RenderTarget
{
    AwsIam,
    BucketPolicy,
    Terraform,
    Minio,
}
