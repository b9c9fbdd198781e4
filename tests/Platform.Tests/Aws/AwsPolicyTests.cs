using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;
using Xunit;

namespace Platform.Tests.Aws;

/// <summary>What AWS would answer, by a simulator of its rules that is not ours, is what <c>platform verify</c> expects.</summary>
public sealed class AwsPolicyTests : IDisposable
{
    // what no role has: the owner's business, and what would undo a retention
    private static readonly string[] OfBucket = ["s3:GetBucketLocation", "s3:ListBucketVersions", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:DeleteBucket"];
    private static readonly string[] OfObject = ["s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"];

    private readonly AwsLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task BucketPolicies_LetInWhomTheMatrixSays_AndOfAnotherAccountNobodyByThemselves()
    {
        var questions = _lake.Principals.Where(static principal => !AwsLake.IsOfOtherAccount(principal)).Append("").SelectMany(principal => _lake.Matrix(principal, identity: false)).ToList();
        var allowed = questions.Where(static question => question.Expected).ToArray();
        Assert.True(questions.Count > 2000 && allowed.Length > 200, $"{questions.Count} questions, {allowed.Length} allowed");
        // nothing without TLS, whoever asks
        questions.AddRange(allowed.Select(static question => question with { Tls = false, Expected = false }));
        questions.AddRange(_lake.Principals.Append("").SelectMany(Beyond));
        // another account has to let its own in, too
        var others = _lake.Principals.Where(AwsLake.IsOfOtherAccount).ToArray();
        Assert.Equal(2, others.Length);
        questions.AddRange(others.SelectMany(principal => _lake.Matrix(principal, identity: false)).Where(static question => question.Expected).Select(static question => question with { Expected = false }));
        questions.AddRange(others.SelectMany(principal => _lake.Matrix(principal, identity: true)));
        Assert.Equal("", await AwsSimulator.DifferencesAsync(AwsLake.Account, _lake.BucketPolicies, _lake.PrincipalPolicies, questions));
    }

    [Fact]
    public async Task PoliciesOfPrincipals_WithoutThoseOfBuckets_LetInWhomTheMatrixSays()
    {
        var questions = _lake.Principals.SelectMany(principal => _lake.Matrix(principal, identity: true).Select(question => AwsLake.IsOfOtherAccount(principal) ? question with { Expected = false } : question))
            // the other names of writing stand in one statement with this one
            .Where(static question => question.Action is not ("s3:AbortMultipartUpload" or "s3:ListMultipartUploadParts")).ToList();
        var allowed = questions.Where(static question => question.Expected).ToArray();
        Assert.True(allowed.Length > 150, $"{allowed.Length} allowed");
        questions.AddRange(allowed.Select(static question => question with { Tls = false, Expected = false }));
        Assert.Equal("", await AwsSimulator.DifferencesAsync(AwsLake.Account, _lake.NoBucketPolicies, _lake.PrincipalPolicies, questions));
    }

    [Fact]
    public async Task EveryToolsCalls_AreAllowedToItsRole()
    {
        var questions = new List<AwsQuestion>();
        Calls("role/pipe", ["raw/orders/p.parquet", "curated/shop/_delta_log/00.json", "quarantine/orders/p.ndjson", ".dataspoc/manifest.json", ".dataspoc/state/orders/current.json", ".dataspoc/logs/orders/1.ndjson"], []);
        Ask("role/pipe", "s3:ListBucketMultipartUploads", null, null);
        Calls("user/ana", ["gold/sales/p.parquet", ".dataspoc/lens/manifest.json", ".dataspoc/lens/state/a.json", ".dataspoc/lens/logs/a"],
            ["raw/orders/p.parquet", "curated/shop/p.parquet", "ml/predictions/late/p.parquet", "ml/features/c/p.parquet", "ml/monitoring/late/p.parquet", ".dataspoc/manifest.json", ".dataspoc/ml/manifest.json"]);
        Calls("user/dan", ["ml/models/late/1/model.ubj", "ml/predictions/late/p.parquet", "ml/features/c/p.parquet", ".dataspoc/ml/manifest.json", ".dataspoc/ml/state/a.json", ".dataspoc/ml/logs/a"],
            ["raw/orders/p.parquet", "curated/shop/p.parquet", "gold/sales/p.parquet", ".dataspoc/manifest.json", ".dataspoc/lens/manifest.json"]);
        foreach (var key in new[] { "ml/models/late/aliases.json", "ml/features/c/p.parquet", "ml/predictions/late/p.parquet" })
            Reads("role/serve", key);
        foreach (var key in new[] { "ml/monitoring/late_requests/p.parquet", ".dataspoc/ml/state/requests-late/current.json", ".dataspoc/ml/manifest.json" })
            Writes("role/serve", key);
        Assert.Equal("", await AwsSimulator.DifferencesAsync(AwsLake.Account, _lake.BucketPolicies, [], questions));

        void Calls(string name, string[] written, string[] read)
        {
            foreach (var key in written)
            {
                Writes(name, key);
                Ask(name, "s3:DeleteObject", key, null);
            }
            foreach (var key in read)
                Reads(name, key);
        }

        // GetObject and HeadObject; of a key that is not there they tell so only to who may list with it as prefix
        void Reads(string name, string key)
        {
            Ask(name, "s3:GetObject", key, null);
            Ask(name, "s3:ListBucket", null, key);
            if (key.Contains('/', StringComparison.Ordinal) && !key.EndsWith("manifest.json", StringComparison.Ordinal))
                Ask(name, "s3:ListBucket", null, key[..(key.LastIndexOf('/') + 1)]);
        }

        // PutObject (If-Match wants GetObject, too), CreateMultipartUpload, UploadPart, CompleteMultipartUpload; ListParts; AbortMultipartUpload
        void Writes(string name, string key)
        {
            Reads(name, key);
            foreach (var action in new[] { "s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload" })
                Ask(name, action, key, null);
        }

        void Ask(string name, string action, string? key, string? prefix) =>
            questions.Add(new(AwsLake.Caller($"arn:aws:iam::{AwsLake.Account}:{name}"), null, "shop-sales", action, key, prefix, Expected: true));
    }

    [Fact]
    public async Task PolicyOfADeployedModel_IsWhatServingItNeeds_AndNothingElse()
    {
        var run = await PlatformRun.OfAsync(_lake.Folder, "deploy", "late@prod", "--bucket", "s3://shop-sales", "--render", "aws-iam", "--log", "--features", "customers");
        Assert.True(run.Exit == 0, run.Error);
        string[] read = ["ml/models/late/aliases.json", "ml/features/customers/p.parquet"];
        string[] written = ["ml/monitoring/late_requests/p.parquet", ".dataspoc/ml/state/requests-late/current.json", ".dataspoc/ml/manifest.json"];
        string[] others = ["ml/models/later/aliases.json", "ml/features/other/p.parquet", "ml/monitoring/late/p.parquet", ".dataspoc/ml/state/train-late/current.json", ".dataspoc/manifest.json", "raw/orders/p.parquet", "gold/x"];
        var questions = new List<AwsQuestion>();
        foreach (var key in read.Concat(written).Concat(others))
        {
            var (reads, writes) = (!others.Contains(key), written.Contains(key));
            Ask("s3:GetObject", key, null, reads);
            // told that a key is missing only who may list it
            Ask("s3:ListBucket", null, key, reads);
            Ask("s3:PutObject", key, null, writes);
            Ask("s3:AbortMultipartUpload", key, null, writes);
            Ask("s3:ListMultipartUploadParts", key, null, writes);
            Ask("s3:DeleteObject", key, null, false);
        }
        Assert.Equal("", await AwsSimulator.DifferencesAsync(AwsLake.Account, _lake.NoBucketPolicies, new() { ["late"] = JsonNode.Parse(run.Out) }, questions));

        void Ask(string action, string? key, string? prefix, bool expected) =>
            questions.Add(new(AwsLake.Caller($"arn:aws:iam::{AwsLake.Account}:role/late"), "late", "shop-sales", action, key, prefix, expected));
    }

    [Fact]
    public async Task WholeAccount_LetsInWhomItsAdministratorLetsInToo_AsValidateWarns()
    {
        var grants = new Grants([new($"arn:aws:iam::{AwsLake.Account}:root", "gold/", Actions.Read)]);
        var buckets = new Dictionary<string, string?> { ["shop-sales"] = new BucketPolicy(grants, TlsOnly: true, []).Json("shop-sales") };
        var question = new AwsQuestion($"arn:aws:iam::{AwsLake.Account}:user/ana", null, "shop-sales", "s3:GetObject", "gold/x", null, Expected: false);
        var attached = UserPolicy.Document(UserPolicy.Statements("shop-sales", grants));
        Assert.Equal("", await AwsSimulator.DifferencesAsync(AwsLake.Account, buckets, new() { ["own"] = attached }, [question, question with { Identity = "own", Expected = true }]));
        foreach (var principal in _lake.Principals)
            Assert.Equal(AwsLake.IsOfOtherAccount(principal), PrincipalName.NeedsOwnPolicyOnAws(principal, AwsLake.Account) is not null);
    }

    [Fact]
    public async Task Simulator_FindsAPolicyThatAllowsMoreOrLess_AndOneThatAwsWouldNotTake()
    {
        var policy = _lake.BucketPolicies["shop-sales"]!;
        var buckets = new Dictionary<string, string?>
        {
            ["shop-sales"] = policy,
            ["shop-less"] = policy.Replace("shop-sales", "shop-less", StringComparison.Ordinal).Replace("raw/*", "row/*", StringComparison.Ordinal),
            ["shop-none"] = policy.Replace("shop-sales", "shop-none", StringComparison.Ordinal).Replace("\"Allow\"", "\"Permit\"", StringComparison.Ordinal),
        };
        var question = new AwsQuestion($"arn:aws:iam::{AwsLake.Account}:user/ana", null, "shop-sales", "s3:GetObject", "raw/x", null, Expected: true);
        var differences = await AwsSimulator.DifferencesAsync(AwsLake.Account, buckets, [],
            [question, question with { Expected = false }, question with { Bucket = "shop-less" }, question with { Bucket = "shop-none" }, question with { Prefix = "raw/" }]);
        Assert.Collection(differences.Split('\n'),
            static line => Assert.StartsWith("true: ", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("false: ", line, StringComparison.Ordinal),
            static line => Assert.Contains("policy.errors", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("\"s3:GetObject does not know s3:prefix\"", line, StringComparison.Ordinal));
    }

    private IEnumerable<AwsQuestion> Beyond(string principal)
    {
        foreach (var bucket in _lake.Declaration.Buckets)
        {
            var grants = bucket.Grants;
            foreach (var action in OfBucket)
                yield return new(AwsLake.Caller(principal), null, bucket.Name, action, null, null, Expected: false);
            foreach (var action in OfObject)
                yield return new(AwsLake.Caller(principal), null, bucket.Name, action, "gold/x", null, Expected: false);
            yield return new(AwsLake.Caller(principal), null, bucket.Name, "s3:ListBucketMultipartUploads", null, null, !AwsLake.IsOfOtherAccount(principal) && (grants.Of(principal, "") & Actions.Uploads) != 0);
            // the whole bucket, and what only begins alike
            foreach (var prefix in new[] { null, "", "gold", "golden/", "raw", ".dataspoc/", "gold/*" })
                yield return new(AwsLake.Caller(principal), null, bucket.Name, "s3:ListBucket", null, prefix, prefix is not null && !AwsLake.IsOfOtherAccount(principal) && (grants.Of(principal, prefix) & Actions.List) != 0);
            foreach (var key in new[] { "golden/x", "raw", ".dataspoc/x", "_platform-verify/x", ".dataspoc/manifest.json.bak" })
                yield return new(AwsLake.Caller(principal), null, bucket.Name, "s3:GetObject", key, null, !AwsLake.IsOfOtherAccount(principal) && (grants.Of(principal, key) & Actions.Read) != 0);
        }
    }
}
