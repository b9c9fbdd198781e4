using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary><c>platform plan</c>, <c>platform apply</c>, <c>platform destroy</c>.</summary>
internal static class ApplyCommand
{
    public static ToolCommand CreatePlan()
    {
        var check = new Option<bool>("--check") { Description = "Exit with 3 where something would change" };
        return new("plan", "Show what `apply` would change: buckets, how they are kept, and who gains or loses what")
        {
            Example = "platform plan\nplatform plan --check -o json",
            Details = "Reads the buckets through the S3 API, and on MinIO the policies of users and groups through its admin API, and changes nothing.",
            Handler = async context =>
            {
                var lake = LakeDeclaration.Load(context);
                using var connection = await ServerConnection.OpenAsync(lake, context.Cancel);
                var plan = LakePlan.Of(lake, await LakeReader.ReadAsync(lake, connection.Server, context.Cancel));
                PlanText.Write(context, plan);
                PlanText.Warn(context, plan);
                foreach (var missing in plan.Accounts.Where(static account => account.LacksAccount))
                    context.Messages.Warn($"{missing.Actual.Account} does not exist on the server, so `apply` refuses", MinioErrors.AddHint);
                return context.Value(check) && !plan.IsEmpty ? ExitCode.Refused : ExitCode.Done;
            },
            Options = { check },
        };
    }

    public static ToolCommand CreateApply()
    {
        var loss = DataLoss();
        return new("apply", "Make the buckets and their access as `platform.yaml` says")
        {
            Example = "platform apply\nplatform apply --yes --allow-data-loss acme-old",
            Details = """
                Takes away first, then makes buckets and settings, then gives: nobody ever has more than before and after
                together. Ended at any point, it is simply run again. A bucket of the lake that the file no longer has is removed,
                but one with data only where `--allow-data-loss` names it.
                """,
            Asks = true,
            OffersDryRun = true,
            Handler = context => RunAsync(context, static lake => lake, context.Value(loss) ?? [], "apply this"),
            Options = { loss },
        };
    }

    public static ToolCommand CreateDestroy()
    {
        var loss = DataLoss();
        return new("destroy", "Remove the lake's buckets and all access to them")
        {
            Example = "platform destroy --dry-run\nplatform destroy --allow-data-loss acme-sales",
            Details = "Removes the buckets whose tag names the lake. One with data is only removed where `--allow-data-loss` names it; if one is not, nothing is removed.",
            Asks = true,
            OffersDryRun = true,
            Handler = context => RunAsync(context, static lake => lake with { Buckets = [] }, context.Value(loss) ?? [], "destroy all of this"),
            Options = { loss },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, Func<DeclaredLake, DeclaredLake> target, string[] mayLose, string question)
    {
        var declared = LakeDeclaration.Load(context);
        using var connection = await ServerConnection.OpenAsync(declared, context.Cancel);
        var lake = target(declared);
        var plan = LakePlan.Of(lake, await LakeReader.ReadAsync(lake, connection.Server, context.Cancel));
        PlanText.Write(context, plan);
        PlanText.Warn(context, plan);
        var mayLoseData = mayLose.ToHashSet(StringComparer.Ordinal);
        Apply.CheckLoss(plan, mayLoseData);
        var apply = new Apply(connection.Server, step => context.Messages.Info($"{step.About}: {step.Says}"));
        apply.CheckAccounts(plan);
        if (plan.IsEmpty || context.DryRun)
            return ExitCode.Done;
        context.Out.Flush();
        if (!context.Confirm(question))
            throw new UserError("nothing was changed") { ExitCode = ExitCode.Failed };
        context.WhenInterrupted(() => $"{apply.Done} of {Quantity.Count(apply.Total, "step")} are done; run it again to go on");
        try
        {
            await apply.RunAsync(plan, mayLoseData, context.Cancel);
        }
        catch (UserError) when (apply.Done < apply.Total)
        {
            context.Messages.Info($"{apply.Done} of {Quantity.Count(apply.Total, "step")} are done; nobody has more than before and after together; run it again to go on");
            throw;
        }
        context.Messages.Success($"{Quantity.Count(apply.Total, "step")}; the buckets of `{lake.Name}` are as declared");
        return ExitCode.Done;
    }

    private static Option<string[]> DataLoss() => new("--allow-data-loss") { Description = "A bucket that may be removed with everything in it (again for another)", HelpName = "BUCKET" };
}
