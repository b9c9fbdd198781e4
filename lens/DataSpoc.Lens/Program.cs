using DataSpoc.Lens;
using DataSpoc.Lens.Sql;

// DuckDB takes as long to start as the command line takes to be understood
if (args is ["sql" or "query", ..])
    Engine.Warm();
var code = await LensTool.RunAsync(args);
await Engine.SettleAsync();
return code;
