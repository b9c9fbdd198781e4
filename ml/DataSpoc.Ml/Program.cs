using DataSpoc.Ml.Commands;

return await MlCommandLine.Create().RunAsync(args);
