using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>What goes wrong on purpose, and how often.</summary>
/// <param name="Late">See <see cref="DayRates"/>.</param>
/// <param name="Corrections">See <see cref="DayRates"/>.</param>
/// <param name="Dirty">See <see cref="DayRates"/>.</param>
/// <param name="NewColumnEvery">A column more every so many days; 0: never.</param>
internal sealed record Mishaps(double Late, double Corrections, double Dirty, int NewColumnEvery)
{
    public static Mishaps Usual { get; } = new(0.02, 0.01, 0.005, 3);

    /// <summary>A day's rates.</summary>
    /// <param name="number">Which simulated day, from 1.</param>
    /// <param name="columns">How many columns came before.</param>
    public DayRates On(int number, int columns) =>
        new(Late, Corrections, Dirty, NewColumnEvery > 0 && number % NewColumnEvery == 0 ? Math.Min(columns + 1, LaterColumns.InOrder.Count) : columns);

    /// <exception cref="UserError">One is out of its range.</exception>
    public Mishaps Checked(string prefix)
    {
        foreach (var (name, share) in new[] { ("late", Late), ("corrections", Corrections), ("dirty", Dirty) })
        {
            if (share is not (>= 0 and <= 1))
                throw new UserError(string.Create(CultureInfo.InvariantCulture, $"`{prefix}{name} {share}` is not a share from 0 to 1")) { Hint = "0.02 is one in fifty, 0 is none", ExitCode = ExitCode.Usage };
        }
        return NewColumnEvery is >= 0 and <= 3650 ? this : throw new UserError($"`{prefix}{(prefix.Length > 0 ? "new-column-every" : "new_column_every")} {NewColumnEvery}` is not from 0 to 3650 days") { ExitCode = ExitCode.Usage };
    }
}

/// <summary>The options for it.</summary>
internal sealed class RateOptions
{
    private readonly Option<double> _late = Share("--late", "The share of parcels that arrive one to three days late", Mishaps.Usual.Late);
    private readonly Option<double> _corrections = Share("--corrections", "The share of deliveries whose distance is corrected five days later", Mishaps.Usual.Corrections);
    private readonly Option<double> _dirty = Share("--dirty", "The share of parcels of which a broken copy comes too", Mishaps.Usual.Dirty);
    private readonly Option<int> _columns = new("--new-column-every") { Description = $"A new column every so many days, {LaterColumns.InOrder.Count} at most, 0: never (default: {Mishaps.Usual.NewColumnEvery})", HelpName = "DAYS", DefaultValueFactory = static _ => Mishaps.Usual.NewColumnEvery };

    public void AddTo(Command command)
    {
        command.Options.Add(_late);
        command.Options.Add(_corrections);
        command.Options.Add(_dirty);
        command.Options.Add(_columns);
    }

    /// <summary>Whether broken records were asked for.</summary>
    public bool AsksForDirt(CommandContext context) => context.Given(_dirty) && context.Value(_dirty) > 0;

    public Mishaps Of(CommandContext context) =>
        new Mishaps(context.Value(_late), context.Value(_corrections), context.Value(_dirty), context.Value(_columns)).Checked("--");

    private static Option<double> Share(string name, string what, double usual) =>
        new(name) { Description = string.Create(CultureInfo.InvariantCulture, $"{what} (default: {usual})"), HelpName = "SHARE", DefaultValueFactory = _ => usual };
}
