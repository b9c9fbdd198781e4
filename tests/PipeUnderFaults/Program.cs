using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Commands;
using DataSpoc.Tests.Faults;
using DataSpoc.Tests.PipeUnderFaults;

if (args is ["tap", ..])
    return NumbersTap.Run(args[1..], Console.Out);

// the tap of the pipelines is this very program
var injector = FaultInjector.FromEnvironment();
var host = new PipeHost
{
    OpenStore = (bucket, options) => injector.Wrap(ObjectStores.Open(bucket, options)),
    Lease = TimeSpan.Zero,
};
return await PipeCommandLine.Create(host).RunAsync(args);
