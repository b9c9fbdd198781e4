using System.Runtime.InteropServices;

namespace DataSpoc.Ml.Training;

/// <summary>Gives memory back between the phases of a training: what one phase left behind is not to lie beside what the next one needs.</summary>
internal static partial class Memory
{
    /// <summary>Collects, and returns to the system what XGBoost freed.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // a C library that returns memory by itself
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
