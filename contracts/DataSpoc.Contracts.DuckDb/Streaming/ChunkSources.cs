using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb.Streaming;

/// <summary>
/// The table function <c>dataspoc_chunks(n)</c> through which queries read <see cref="ChunkFeed"/>s. A number that is not under way is an
/// error, so SQL written by a person can do nothing with it. Exceptions never cross into DuckDB: they are captured in the feed.
/// </summary>
internal sealed unsafe class ChunkSources
{
    private const string Function = "dataspoc_chunks";
    private readonly Dictionary<long, ChunkFeed> feeds = [];
    private long last;
    private bool registered;

    /// <summary>Makes a feed readable; the answer is the table to select from, with the columns c0, c1, ….</summary>
    internal (long Number, string Table) Add(ChunkFeed feed)
    {
        lock (feeds)
        {
            if (!registered)
                Register(feed.Connection);
            registered = true;
            feeds.Add(++last, feed);
            return (last, string.Create(CultureInfo.InvariantCulture, $"{Function}({last})"));
        }
    }

    internal void Remove(long number)
    {
        lock (feeds)
            feeds.Remove(number);
    }

    /// <summary>Wakes every feed that a connection's query reads.</summary>
    internal void Interrupt(Connection connection)
    {
        ChunkFeed[] ours;
        lock (feeds)
            ours = [.. feeds.Values.Where(f => ReferenceEquals(f.Connection, connection))];
        foreach (var feed in ours)
            feed.Interrupt();
    }

    private void Register(Connection connection)
    {
        using var function = NativeMethods.CreateTableFunction();
        using var number = TypeConversion.Create(LogicalType.BigInt);
        NativeMethods.SetTableFunctionName(function, Function);
        NativeMethods.AddTableFunctionParameter(function, number);
        NativeMethods.SetTableFunctionExtra(function, GCHandle.ToIntPtr(GCHandle.Alloc(this)), &Forget);
        NativeMethods.SetTableFunctionBind(function, &Bind);
        NativeMethods.SetTableFunctionInit(function, &Start);
        NativeMethods.SetTableFunctionMain(function, &Fill);
        if (NativeMethods.RegisterTableFunction(connection.Handle, function) != NativeState.Success)
            throw new DuckDbException($"DuckDB refused the table function {Function}", DuckDbError.Internal);
    }

    private ChunkFeed? Find(long number)
    {
        lock (feeds)
            return feeds.GetValueOrDefault(number);
    }

    // The four entry points from DuckDB. Whatever happens in them becomes an error of the query.
#pragma warning disable CA1031

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            var sources = (ChunkSources)GCHandle.FromIntPtr(NativeMethods.BindExtra(info)).Target!;
            using var number = NativeMethods.BindParameter(info, 0);
            var feed = sources.Find(NativeMethods.ValueInt64(number));
            if (feed is null)
            {
                NativeMethods.SetBindError(info, $"{Function} is not for use in SQL");
                return;
            }
            for (var i = 0; i < feed.Types.Count; i++)
            {
                using var type = TypeConversion.Create(feed.Types[i]);
                NativeMethods.BindAddColumn(info, string.Create(CultureInfo.InvariantCulture, $"c{i}"), type);
            }
            NativeMethods.SetBindData(info, GCHandle.ToIntPtr(GCHandle.Alloc(feed)), &Forget);
        }
        catch (Exception e)
        {
            NativeMethods.SetBindError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Start(nint info)
    {
        // One thread reads a feed: that is DuckDB's default, and nothing else has to be prepared.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint output)
    {
        var feed = (ChunkFeed)GCHandle.FromIntPtr(NativeMethods.FunctionBindData(info)).Target!;
        try
        {
            var chunk = feed.Next();
            if (chunk is null)
            {
                NativeMethods.SetChunkSize(output, 0);
                return;
            }
            // References, not copies: the chunk goes back to the producer only when the next one is asked for, and by then the plan
            // has consumed this one, as with every scan of DuckDB's own; texts are kept alive by reference counts beyond that.
            for (var i = 0; i < feed.Types.Count; i++)
                NativeMethods.ReferenceVector(NativeMethods.ChunkVector(output, (ulong)i), NativeMethods.ChunkVector(chunk.Raw, (ulong)i));
            NativeMethods.SetChunkSize(output, (ulong)chunk.Count);
        }
        catch (Exception e)
        {
            feed.Captured = e;
            NativeMethods.SetFunctionError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Forget(nint target)
    {
        if (target != 0)
            GCHandle.FromIntPtr(target).Free();
    }
#pragma warning restore CA1031
}
