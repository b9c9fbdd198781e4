using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Declaration;

/// <summary><c>platform validate</c>: what the file asks for, or everything that is wrong with it.</summary>
internal static class ValidateCommand
{
    public static ToolCommand Create() => new("validate", "Check `platform.yaml` without touching a bucket, and show who may do what")
    {
        Example = "platform validate\nplatform validate --env prod -o json",
        Details = """
            Refuses wildcards, boundaries that overlap, names that S3 does not take, roles that could write what another
            tool writes, unknown teams and roles, and policies beyond 20 KB. All errors are shown, not only the first.
            """,
        Handler = static context => Task.FromResult(Run(context)),
    };

    private static ExitCode Run(CommandContext context)
    {
        var lake = LakeDeclaration.Load(context);
        using var rows = context.Rows([new("bucket"), new("principal"), new("roles"), new("actions"), new("prefixes")]);
        foreach (var bucket in lake.Buckets)
        {
            foreach (var group in bucket.Grants.All.GroupBy(static grant => (grant.Principal, grant.Actions)))
                rows.WriteRow(bucket.Name, lake.Shown(group.Key.Principal), string.Join(", ", lake.Principals[group.Key.Principal].Roles), group.Key.Actions.Words(), string.Join(' ', group.Select(static grant => grant.Prefix.Length == 0 ? "(whole bucket)" : grant.Prefix)));
        }
        rows.Complete();
        context.Messages.Success($"`platform.yaml` is right: {Quantity.Count(lake.Buckets.Count, "bucket")}, {Quantity.Count(lake.Principals.Count, "principal")}; the largest policy has {Quantity.Count(lake.Policies.Select(static policy => policy.Bytes).DefaultIfEmpty().Max())} of {Quantity.Count(BucketPolicy.MostBytes)} bytes");
        return ExitCode.Done;
    }
}
