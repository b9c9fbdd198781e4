using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens;

// DuckDB's library takes as long to load as the command line takes to be understood
if (args is ["sql" or "query", ..])
    _ = Task.Run(() => Database.Version);
return await LensTool.RunAsync(args);
