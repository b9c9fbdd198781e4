using System.Collections.Frozen;
using System.Text.Json.Nodes;
using DataSpoc.Pipe.Sources.Singer;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>A Singer tap and what it is given.</summary>
internal sealed record TapSettings
{
    /// <summary>The program, found on PATH or by its path, and its own arguments, separated by spaces. No shell is involved: nothing else in it means anything.</summary>
    public required string Command { get; init; }

    /// <summary>The configuration (an object, written to a file that only this user can read), the path of a file with it (a string), or null.</summary>
    public JsonNode? Config { get; init; }

    /// <summary>The path of a catalog, or null.</summary>
    public string? Catalog { get; init; }

    /// <summary>How the tap wants its catalog: older ones know <c>--properties</c> only.</summary>
    public string CatalogOption { get; init; } = "--catalog";

    /// <summary>The streams to extract; empty: those the tap chooses.</summary>
    public IReadOnlySet<string> Streams { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The last bookmark, byte for byte, or empty.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Where relative paths start, and the tap's working folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the folder for the tap's configuration, catalog and bookmark is made.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();

    /// <summary>How long the tap may write nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the tap may run; null: as long as it likes.</summary>
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>The clock of the limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How its messages are read; <see cref="SingerOptions.Origin"/> and <see cref="SingerOptions.Streams"/> are those of the tap.</summary>
    public SingerOptions Reading { get; init; } = new() { Origin = "" };

    /// <summary>How long the tap may take to end after it was told to.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told every line the tap writes to stderr, without the secrets of its configuration.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>What errors call it: the program without its folder.</summary>
    public string Name => Path.GetFileName(Program);

    internal string Program => Words[0];

    internal IEnumerable<string> Arguments => Words.Skip(1);

    private string[] Words => Command.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : [""];
}
