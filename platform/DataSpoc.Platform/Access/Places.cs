namespace DataSpoc.Platform.Access;

/// <summary>What a prefix of a grant holds.</summary>
internal static class Places
{
    /// <summary>
    /// Whether it holds everything that begins with it, and is not a single document's key: folders end with a slash; the names of a tool's own runs begin alike,
    /// <c>.dataspoc/ml/state/requests-</c>.
    /// </summary>
    public static bool IsPrefix(string place) => place.EndsWith('/') || place.EndsWith('-');

    /// <summary>Whether a place lies in another, or is it.</summary>
    public static bool Holds(string outer, string inner) => outer == inner || (IsPrefix(outer) && inner.StartsWith(outer, StringComparison.Ordinal));
}
