using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Does what a plan says, step by step, and looks afterwards whether it is so.</summary>
/// <param name="server">The server.</param>
/// <param name="say">Told what is done before each step.</param>
internal sealed class Apply(LakeServer server, Action<Step> say)
{
    /// <summary>Steps that are done.</summary>
    public int Done { get; private set; }

    public int Total { get; private set; }

    /// <summary>Before anything is touched: whether what it would destroy may be destroyed.</summary>
    /// <exception cref="UserError">A bucket to be removed holds data and is not named (<see cref="ExitCode.Refused"/>), or one is named that is not removed.</exception>
    public static void CheckLoss(LakePlan plan, IReadOnlySet<string> mayLoseData)
    {
        foreach (var bucket in plan.Buckets.Where(static bucket => bucket.Change == BucketChange.Remove))
        {
            if (bucket.Actual!.Objects is not 0 && !mayLoseData.Contains(bucket.Name))
                throw S3BucketAdministration.HoldsData(bucket.Name, bucket.Actual.Objects is { } some and < 1000 ? Quantity.Count(some, "object") : "1000 objects or more");
        }
        foreach (var name in mayLoseData.Order(StringComparer.Ordinal))
        {
            if (!plan.Buckets.Any(bucket => bucket.Name == name && bucket.Change == BucketChange.Remove))
                throw new UserError($"`--allow-data-loss {name}` names a bucket that this plan does not remove") { Hint = "leave it out, or check the name", ExitCode = ExitCode.Usage };
        }
    }

    /// <summary>Before anything is touched: whether everybody is there who is to have access, on a server that gives it by policies of users.</summary>
    /// <exception cref="UserError">Somebody is not (<see cref="ExitCode.Usage"/>).</exception>
    public void CheckAccounts(LakePlan plan)
    {
        if (plan.Accounts.Where(static account => account.LacksAccount).Select(static account => account.Actual.Account.ToString()).ToArray() is { Length: > 0 } missing)
            throw MinioErrors.NoSuchAccount(missing, server.Accounts!.Endpoint);
    }

    /// <exception cref="UserError">A step failed, or somebody else changed the buckets meanwhile; what is done stays, and another apply goes on from there.</exception>
    public async Task RunAsync(LakePlan plan, IReadOnlySet<string> mayLoseData, CancellationToken cancel)
    {
        var steps = Steps.Of(plan, mayLoseData);
        Total = steps.Count;
        foreach (var step in steps)
        {
            cancel.ThrowIfCancellationRequested();
            say(step);
            await step.Do(server, cancel);
            Done++;
        }
        var left = LakePlan.Of(plan.Lake, await LakeReader.ReadAsync(plan.Lake, server, cancel));
        if (!left.IsEmpty)
        {
            var (what, where, differences) = left.Buckets.FirstOrDefault(static bucket => bucket.Change != BucketChange.None) is { } bucket
                ? ($"bucket `{bucket.Name}`", ("bucket", $"s3://{bucket.Name}"), bucket.Differences)
                : left.Accounts.Where(static account => !account.IsEmpty).Select(static account => ($"the access of {account.Actual.Account}", ("policy", account.Policy), account.Differences)).First();
            throw new UserError($"{what} is not as declared after all steps")
            {
                Where = [where, .. differences.Take(3).Select(static difference => (difference.What, $"{difference.Before ?? "-"} → {difference.After ?? "-"}"))],
                Hint = "somebody else may be applying at the same time, or the server does not keep such a setting; `platform plan` shows what is left",
            };
        }
    }
}
