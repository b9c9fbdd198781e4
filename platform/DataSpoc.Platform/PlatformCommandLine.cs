using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Deployment;
using DataSpoc.Platform.MockData;
using DataSpoc.Platform.Monitoring;
using DataSpoc.Platform.Provisioning;
using DataSpoc.Platform.Rendering;
using DataSpoc.Platform.Scaffolding;
using DataSpoc.Platform.Verification;

namespace DataSpoc.Platform;

/// <summary>The command line of <c>platform</c>.</summary>
internal static class PlatformCommandLine
{
    public static CommandLineApp Create() => new()
    {
        Name = "platform",
        Description = "Buckets and their access for the teams of a lake, and mock data to try it on",
        Example = "platform mock --rows 50000 --seed 7 --out ./mock",
        Commands = [InitCommand.Create(), ValidateCommand.Create(), ApplyCommand.CreatePlan(), ApplyCommand.CreateApply(), ApplyCommand.CreateDestroy(), VerifyCommand.Create(), RenderCommand.Create(), DeployCommand.Create(), StatusCommand.Create(), NewCommand.Create(), MockCommand.Create()],
    };
}
