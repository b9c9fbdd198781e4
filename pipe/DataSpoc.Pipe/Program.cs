using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Commands;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Files;

// DuckDB takes as long to load and to start as the command line takes to be understood
if (args is ["ingest" or "run", .. var sources])
    PipeDatabase.Warm(fromChannels: sources is not [var first, ..] || !FileSelection.IsFile(first) || DatabaseAddress.Of(first) is not null);
else if (args is ["transform" or "preview", ..])
    _ = Task.Run(() => Database.Version);
var code = await PipeCommandLine.Create(new PipeHost(), args).RunAsync(args);
await PipeDatabase.SettleAsync();
return code;
