using System.Globalization;

namespace DataSpoc.Tests.Faults;

/// <summary>What goes wrong at a call.</summary>
public enum Fault
{
    /// <summary>Nothing; calls are counted all the same.</summary>
    None,

    /// <summary>The call is not made and an error is thrown.</summary>
    Fail,

    /// <summary>The call is made, then an error is thrown: a write that landed and whose answer was lost.</summary>
    LoseAnswer,

    /// <summary>SIGKILL to this process before the call.</summary>
    KillBefore,

    /// <summary>SIGKILL to this process after the call.</summary>
    KillAfter,

    /// <summary>Waits before the call: in this process for <see cref="FaultInjector.Release"/>, or, if asked for through the
    /// environment, stopped by SIGSTOP until somebody sends SIGCONT.</summary>
    HoldBefore,

    /// <summary>As <see cref="HoldBefore"/>, after the call.</summary>
    HoldAfter,
}

/// <summary>A kind of call on a store.</summary>
public enum StoreCall
{
    Head,
    Get,
    Read,
    Put,
    List,
    Delete,
    Stage,
    Publish,
    Abandon,
    ListStaged,
}

/// <summary>Where a fault happens. As text: <c>kill-before:17</c>, or <c>lose-answer:3:put</c> for the third put.</summary>
/// <param name="Fault">What happens.</param>
/// <param name="At">At which call, from 1; 0 for never.</param>
/// <param name="Kind">Which calls are counted for <paramref name="At"/>; null for all.</param>
/// <param name="KeyPart">Counts only calls whose key (or prefix) contains this; null for all.</param>
/// <param name="AndAllAfter">Whether it also happens at every later call: a store that is gone for good.</param>
public sealed record FaultPlan(Fault Fault, int At, StoreCall? Kind = null, string? KeyPart = null, bool AndAllAfter = false)
{
    public static FaultPlan None { get; } = new(Fault.None, 0);

    /// <summary>Reads <c>fault:n[+][:kind[:part of the key]]</c>; <c>n+</c> means from the n-th call on.</summary>
    public static FaultPlan Parse(string text)
    {
        var parts = text.Split(':', 4);
        var at = parts[1].TrimEnd('+');
        return new(
            Enum.Parse<Fault>(parts[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            int.Parse(at, CultureInfo.InvariantCulture),
            parts.Length > 2 && parts[2].Length > 0 ? Enum.Parse<StoreCall>(parts[2], ignoreCase: true) : null,
            parts.Length > 3 ? parts[3] : null,
            at.Length < parts[1].Length);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Fault}:{At}{(AndAllAfter ? "+" : "")}:{Kind}{(KeyPart is null ? "" : ":" + KeyPart)}");

    internal bool Counts(StoreCall kind, string key) =>
        (Kind is null || Kind == kind) && (KeyPart is null || key.Contains(KeyPart, StringComparison.Ordinal));

    internal bool Strikes(int counted) => At > 0 && (counted == At || (AndAllAfter && counted > At));
}
