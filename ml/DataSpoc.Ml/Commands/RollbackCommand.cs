using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Promotion;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml rollback</c>: production is what it was before.</summary>
internal sealed class RollbackCommand(StoreOpening stores)
{
    private readonly Argument<string> _model = new("model") { Description = "The model", HelpName = "MODEL" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new RollbackCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("rollback", "Put production back to the version before")
    {
        Example = "ml rollback late --bucket s3://company-bronze",
        Details = "No gate is passed: the version served before. Repeated, it goes further back.",
        Handler = RunAsync,
        Arguments = { _model },
        Options = { _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var model = Name.Require(context.Value(_model)!, "model");
        await using var host = MlHost.Open(context, _bucket, stores);
        await new ModelCatalog(host.Store).ResolveAsync(new(model, null, null), context.Cancel);
        var (from, to) = await new ModelPromotion(host.Store, context.Time).RollbackAsync(model, host.User, context.Cancel);
        using var rows = context.Rows([new("model"), new("from", RowColumnKind.Number), new("to", RowColumnKind.Number)]);
        rows.WriteRow(model, from, to);
        rows.Complete();
        context.Messages.Success($"`{model}@{to}` is `prod` again");
        return ExitCode.Done;
    }
}
