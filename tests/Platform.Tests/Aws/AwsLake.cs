using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Rendering;
using DataSpoc.Platform.Verification;
using Platform.Tests.Provisioning;

namespace Platform.Tests.Aws;

/// <summary>A lake of two teams on AWS, with all roles, some own ones, and principals of another account.</summary>
internal sealed class AwsLake : IDisposable
{
    public const string Account = "123456789012", Partner = "arn:aws:iam::999999999999:role/partner", PartnersUser = "arn:aws:iam::999999999999:user/tv", Run = "0192";

    private const string Lake = $$"""
        lake: shop
        server: aws
        account: "{{Account}}"
        roles:
          board: [{ prefix: gold/sales/, allow: [read, list] }]
          sensor: [{ prefix: raw/in/, allow: [write] }]
        teams:
          sales: { data_engineer: [role/pipe], analyst: [ana], data_scientist: [user/dan], service: [role/serve], auditor: [audrey], board: [board, "{{PartnersUser}}"], sensor: [sensor] }
          web: { data_engineer: [role/pipe-web], analyst: [wim] }
          partner: { analyst: ["{{Partner}}"] }
        buckets:
          shop-sales: { team: sales, layers: [raw, curated, gold, ml], readers: { partner: [analyst] } }
          shop-web: { team: web, layers: [raw, gold] }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    public AwsLake()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "platform.yaml"), Lake);
        Declaration = Declared.In(_folder.FullName);
    }

    public DeclaredLake Declaration { get; }

    public string Folder => _folder.FullName;

    public IEnumerable<string> Principals => Declaration.Principals.Keys;

    /// <summary>The policies that <c>apply</c> puts.</summary>
    public IReadOnlyDictionary<string, string?> BucketPolicies => Declaration.Buckets.ToDictionary(static bucket => bucket.Name, static bucket => bucket.Policy.Json(bucket.Name));

    public IReadOnlyDictionary<string, string?> NoBucketPolicies => Declaration.Buckets.ToDictionary(static bucket => bucket.Name, static _ => (string?)null);

    /// <summary>What <c>render --to aws-iam</c> writes, by ARN.</summary>
    public JsonObject PrincipalPolicies
    {
        get
        {
            var written = JsonNode.Parse(RenderCommand.Text(Declaration, RenderTarget.AwsIam))!.AsObject();
            return new(Declaration.Principals.Values.Select(principal => KeyValuePair.Create(principal.Arn, written[principal.Name]?.DeepClone())));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    public static bool IsOfOtherAccount(string arn) => !arn.Contains(Account, StringComparison.Ordinal);

    /// <summary>Who calls: a role is never itself there, but a session of it; null is somebody without credentials.</summary>
    public static string? Caller(string arn)
    {
        if (arn.Length == 0)
            return null;
        return arn.Contains(":role/", StringComparison.Ordinal)
            ? arn.Replace(":iam:", ":sts:", StringComparison.Ordinal).Replace(":role/", ":assumed-role/", StringComparison.Ordinal) + "/session"
            : arn;
    }

    /// <summary>The matrix that <c>platform verify</c> expects, asked of S3's actions.</summary>
    /// <param name="principal">An ARN; empty for anybody.</param>
    /// <param name="identity">Whether the principal has its rendered policy attached.</param>
    public IEnumerable<AwsQuestion> Matrix(string principal, bool identity) =>
        from bucket in Declaration.Buckets
        from field in ExpectedPermissions.Of(bucket, principal, Run)
        from action in S3Names(field.Action)
        let lists = field.Action == Actions.List
        let key = field.Action is Actions.Delete ? PermissionProbe.Key(field.Place, Run) : PermissionProbe.Readable(field.Place, Run)
        select new AwsQuestion(Caller(principal), identity ? principal : null, bucket.Name, action, lists ? null : key, lists ? field.Place : null, field.Expected);

    // what the tools call by each of ours: named here once more, not taken from the code that is tested
    private static string[] S3Names(Actions action) => action switch
    {
        Actions.Read => ["s3:GetObject"],
        Actions.List => ["s3:ListBucket"],
        Actions.Write => ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        _ => ["s3:DeleteObject"],
    };
}
