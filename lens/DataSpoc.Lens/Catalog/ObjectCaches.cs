using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb.Cache;

namespace DataSpoc.Lens.Catalog;

/// <summary>The cache of the user who runs a command.</summary>
internal static class ObjectCaches
{
    public static ObjectCache Of(CommandContext context) => ObjectCache.OfUser(context.Environment.Variable);
}
