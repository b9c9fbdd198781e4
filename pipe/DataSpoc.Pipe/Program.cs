using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Commands;

// DuckDB's library takes as long to load as the command line takes to be understood
if (args is ["ingest" or "run" or "transform" or "preview", ..])
    _ = Task.Run(() => Database.Version);
return await PipeCommandLine.Create(new PipeHost(), args).RunAsync(args);
