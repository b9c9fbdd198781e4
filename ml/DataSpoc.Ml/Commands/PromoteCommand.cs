using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Registry.Promotion;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml promote</c>: a version gets an alias, if the gate lets it.</summary>
internal sealed class PromoteCommand(StoreOpening stores)
{
    private readonly Argument<string> _model = new("model") { Description = "The model", HelpName = "MODEL" };
    private readonly Argument<int> _version = new("version") { Description = "Its version", HelpName = "VERSION" };
    private readonly Option<string> _to = new("--to") { Description = "staging, prod or archived", HelpName = "ALIAS", Required = true };
    private readonly Option<string> _rule = new("--if") { Description = "Only if this holds of the holdout's figures", HelpName = "RULE" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new PromoteCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("promote", "Give a version the alias that others use it by, if it passes the gate")
    {
        Example = "ml promote late 3 --to prod --if \"auc >= 0.8 and auc >= prod.auc - 0.002\" --bucket s3://company-bronze",
        Details = """
            The gate: the files are those that were registered and the trees have the features that features.json names; one
            row takes at most 10 ms; for prod, the version is not worse than the one that is prod; and the rule of `--if`, which
            knows the holdout's figures (auc), those of baselines (baseline.auc, linear.auc) and of other aliases (prod.auc).
            What does not pass ends with exit code 3. Who, when, why and what was checked stand in aliases.json.
            """,
        OffersDryRun = true,
        Handler = RunAsync,
        Arguments = { _model, _version },
        Options = { _to, _rule, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var model = Name.Require(context.Value(_model)!, "model");
        var to = context.Value(_to)!;
        if (to is not (AliasesDocument.Staging or AliasesDocument.Production or AliasesDocument.Archive))
            throw new UserError($"`--to {to}` is not staging, prod or archived") { ExitCode = ExitCode.Usage };
        await using var host = MlHost.Open(context, _bucket, stores);
        var (_, version) = await new ModelCatalog(host.Store).ResolveAsync(new(model, context.Value(_version), null), context.Cancel);
        var outcome = await new ModelPromotion(host.Store, context.Time, new CandidateTables(host).ForGate).PromoteAsync(model, version, to, context.Value(_rule), host.User, context.DryRun, context.Cancel);

        using var rows = context.Rows([new("check"), new("passed"), new("detail")]);
        foreach (var check in outcome.Checks)
            rows.WriteRow(check.Check, check.Passed, check.Detail);
        rows.Complete();
        if (!outcome.Done)
            throw new UserError($"`{model}@{version}` does not become `{to}`")
            {
                Where = [.. outcome.Checks.Where(c => !c.Passed).Select(c => (c.Check, c.Detail))],
                ExitCode = ExitCode.Refused,
            };
        context.Messages.Success(context.DryRun ? $"`{model}@{version}` would become `{to}`; nothing was written" : $"`{model}@{version}` is `{to}`");
        return ExitCode.Done;
    }
}
