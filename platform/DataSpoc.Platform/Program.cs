using DataSpoc.Platform;

return await PlatformCommandLine.Create().RunAsync(args);
