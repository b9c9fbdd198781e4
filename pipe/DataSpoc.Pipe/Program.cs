using DataSpoc.Pipe.Commands;

return await PipeCommandLine.Create(new PipeHost()).RunAsync(args);
