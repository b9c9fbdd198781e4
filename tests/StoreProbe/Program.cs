using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests.Faults;
using StoreProbe;

// store-probe count BUCKET KEY NAME ROUNDS | create BUCKET PREFIX NAME ROUNDS | move BUCKET KEY MEGABYTES | put BUCKET KEY TEXT
//             | get BUCKET KEY | list BUCKET PREFIX | delete BUCKET KEY | libraries BUCKET KEY
await using var store = FaultInjector.FromEnvironment().Wrap(ObjectStores.Open(BucketUri.Parse(args[1])));
try
{
    switch (args)
    {
        case ["count", _, var key, var name, var rounds]:
            await Races.CountAsync(store, key, name, int.Parse(rounds, CultureInfo.InvariantCulture));
            break;
        case ["create", _, var prefix, var name, var rounds]:
            await Races.CreateAsync(store, prefix, name, int.Parse(rounds, CultureInfo.InvariantCulture));
            break;
        case ["move", _, var key, var megabytes]:
            await Transfers.MoveAsync(store, key, int.Parse(megabytes, CultureInfo.InvariantCulture));
            break;
        case ["put", _, var key, var text]:
            Console.WriteLine(await store.PutAsync(key, System.Text.Encoding.UTF8.GetBytes(text), default, default));
            break;
        case ["get", _, var key]:
            Console.WriteLine(await store.GetAsync(key, default) is { } found ? System.Text.Encoding.UTF8.GetString(found.Bytes.Span) : "null");
            break;
        case ["list", _, var prefix]:
            await foreach (var listed in store.ListAsync(prefix, null, default))
                Console.WriteLine(listed.Key);
            break;
        case ["delete", _, var key]:
            await store.DeleteAsync([key], default);
            break;
        case ["libraries", _, var key]:
            await store.PutAsync(key, "x"u8.ToArray(), default, default);
            foreach (var library in AppDomain.CurrentDomain.GetAssemblies())
                Console.WriteLine(library.GetName().Name);
            break;
        default:
            throw new ArgumentException(string.Join(' ', args));
    }
    return 0;
}
catch (UserError error)
{
    Console.Error.WriteLine($"error: {error.What}");
    foreach (var (label, value) in error.Where)
        Console.Error.WriteLine($"  {label} {value}");
    Console.Error.WriteLine($"  hint: {error.Hint}");
    return (int)error.ExitCode;
}
