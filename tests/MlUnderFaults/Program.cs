using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Commands;
using DataSpoc.Tests.Faults;

var injector = FaultInjector.FromEnvironment();
return await MlCommandLine.Create((bucket, options) => injector.Wrap(ObjectStores.Open(bucket, options))).RunAsync(args);
