using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary>A plan as people read it, or as rows for machines.</summary>
internal static class PlanText
{
    /// <summary>Rows where a format was asked for, text otherwise.</summary>
    public static void Write(CommandContext context, LakePlan plan)
    {
        if (context.OutputGiven)
            WriteRows(context, plan);
        else
            WriteText(context.Out, plan);
    }

    public static void WriteText(TextWriter text, LakePlan plan)
    {
        foreach (var bucket in plan.Buckets.Where(static bucket => bucket.Change != BucketChange.None))
        {
            text.WriteLine(bucket.Change switch
            {
                BucketChange.Create => $"+ {bucket.Name}   new bucket of team {bucket.Declared!.Team}",
                BucketChange.Change => $"~ {bucket.Name}   of team {bucket.Declared!.Team}",
                _ => $"- {bucket.Name}   is removed{(plan.Lake.Buckets.Count > 0 ? ": platform.yaml does not have it" : "")}{Held(bucket)}",
            });
            foreach (var difference in bucket.Differences)
                text.WriteLine($"    {Line(plan, bucket, difference)}");
            text.WriteLine();
        }
        foreach (var account in plan.Accounts.Where(static account => account.Differences.Count > 0))
        {
            text.WriteLine($"~ {account.Actual.Account.Principal}   by the policy `{account.Policy}`");
            foreach (var difference in account.Differences)
                text.WriteLine($"    {difference.What}: {difference.Before} → {difference.After}");
            text.WriteLine();
        }
        text.WriteLine(Summary(plan));
    }

    /// <summary>Says who has access that is not from <c>platform.yaml</c> and stays.</summary>
    public static void Warn(CommandContext context, LakePlan plan)
    {
        foreach (var account in plan.Accounts)
        {
            foreach (var (other, bucket) in account.Actual.Others.SelectMany(other => plan.Lake.Buckets.Where(bucket => other.Reaches(bucket.Name)).Take(1).Select(bucket => (other, bucket))))
                context.Messages.Warn($"{account.Actual.Account} also has the policy `{other.Name}`, which may reach `{bucket.Name}`, is not from platform.yaml, and stays", $"`platform verify` shows what that comes to; `mc admin policy detach ALIAS {other.Name} --{(account.Actual.Account.IsGroup ? "group" : "user")} {account.Actual.Account.Name}` takes it away");
        }
    }

    /// <summary>One line: how much of what.</summary>
    public static string Summary(LakePlan plan)
    {
        if (plan.IsEmpty)
            return $"nothing to change: {Quantity.Count(plan.Lake.Buckets.Count, "bucket")} of `{plan.Lake.Name}` {(plan.Lake.Buckets.Count == 1 ? "is" : "are")} as declared";
        var (gain, lose) = (Principals(plan, Difference.Gains), Principals(plan, Difference.Loses));
        var policies = plan.Accounts.Count(static account => account.Differences.Count > 0);
        return $"plan: {plan.Count(BucketChange.Create)} to create, {plan.Count(BucketChange.Change)} to change, {plan.Count(BucketChange.Remove)} to remove; {Quantity.Count(gain, "principal")} {(gain == 1 ? "gains" : "gain")}, {lose} {(lose == 1 ? "loses" : "lose")}{(policies > 0 ? $"; {Quantity.Count(policies, "policy", "policies")} to put right" : "")}";
    }

    public static string Held(BucketPlan bucket) => bucket.Actual?.Objects switch
    {
        null or 0 => "",
        >= 1000 => "; it holds 1000 objects or more",
        { } some => $"; it holds {Quantity.Count(some, "object")}",
    };

    private static string Line(LakePlan plan, BucketPlan bucket, Difference difference)
    {
        if (difference.Principal is { } principal)
            return $"{(difference.What == Difference.Gains ? '+' : '-')} {Named(plan, principal)} {difference.What} {difference.Before ?? difference.After}";
        var before = bucket.Change == BucketChange.Create ? "" : $"{difference.Before} → ";
        return $"{difference.What}: {before}{difference.After}";
    }

    private static string Named(LakePlan plan, string arn) => plan.Lake.Principals.TryGetValue(arn, out var known) ? $"{known.Name} ({string.Join(", ", known.Roles)})" : plan.Shown(arn);

    private static long Principals(LakePlan plan, string what) =>
        plan.Buckets.SelectMany(static bucket => bucket.Differences).Where(difference => difference.What == what).Select(static difference => difference.Principal).Distinct().Count();

    private static void WriteRows(CommandContext context, LakePlan plan)
    {
        using var rows = context.Rows([new("bucket"), new("change"), new("what"), new("principal"), new("before"), new("after")]);
        foreach (var bucket in plan.Buckets.Where(static bucket => bucket.Change != BucketChange.None))
        {
            var change = bucket.Change.ToString().ToLowerInvariant();
            if (bucket.Differences.Count == 0)
                rows.WriteRow(bucket.Name, change, "bucket", null, null, null);
            foreach (var difference in bucket.Differences)
                rows.WriteRow(bucket.Name, change, difference.What, difference.Principal is { } arn ? plan.Shown(arn) : null, difference.Before, difference.After);
        }
        foreach (var account in plan.Accounts)
        {
            foreach (var difference in account.Differences)
                rows.WriteRow(null, "change", difference.What, account.Actual.Account.Principal, difference.Before, difference.After);
        }
        rows.Complete();
    }
}
