using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData;

return await new CommandLineApp
{
    Name = "platform",
    Description = "Mock data for a DataSpoc lake; buckets and their access follow",
    Commands = [MockCommand.Create()],
}.RunAsync(args);
