using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Network;

namespace DataSpoc.Platform.MockData;

/// <summary>The options that say which network is made; the same for files and for the tap.</summary>
internal sealed class MockOptions
{
    private readonly Option<long?> _rows = new("--rows") { Description = $"Parcels (default: {NetworkPlan.BaseParcels} × scale)", HelpName = "N" };
    private readonly Option<double> _scale = new("--scale") { Description = "How large the network is", HelpName = "X", DefaultValueFactory = static _ => 1 };
    private readonly Option<long> _seed = new("--seed") { Description = "The same seed gives the same bytes (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<int> _days = new("--days") { Description = "Days of operation (default: 300)", HelpName = "N", DefaultValueFactory = static _ => 300 };
    private readonly Option<string> _until = new("--until") { Description = "The day after the last (default: 2026-11-01)", HelpName = "DATE", DefaultValueFactory = static _ => "2026-11-01" };

    public void AddTo(Command command)
    {
        command.Options.Add(_rows);
        command.Options.Add(_scale);
        command.Options.Add(_seed);
        command.Options.Add(_days);
        command.Options.Add(_until);
    }

    /// <exception cref="UserError">A value out of its range.</exception>
    public NetworkPlan Plan(CommandContext context) => Plan(context, new());

    /// <summary>What the command line says, else what is written.</summary>
    /// <exception cref="UserError">A value out of its range.</exception>
    public NetworkPlan Plan(CommandContext context, PlanSettings written)
    {
        var sized = context.Given(_rows) || context.Given(_scale);
        var (givenRows, givenScale) = sized ? (context.Value(_rows), context.Given(_scale) ? context.Value(_scale) : null) : (written.Rows, written.Scale);
        if (givenRows is not null && givenScale is not null)
            throw Wrong("`--rows` and `--scale` both say how many parcels there are", "give one of them");
        var scale = givenScale ?? 1;
        var rows = givenRows ?? (scale is > 0 and < 1e9 ? Math.Max(1, (long)Math.Round(NetworkPlan.BaseParcels * scale)) : 0);
        if (rows is < 1 or > 100_000_000_000)
            throw Wrong(givenRows is not null ? $"`--rows {rows}` is not from 1 to 100 000 000 000" : "`--scale` must be above 0 and make at most 100 000 000 000 parcels", null);
        var days = context.Given(_days) ? context.Value(_days) : written.Days ?? context.Value(_days);
        if (days is < 1 or > 3650)
            throw Wrong($"`--days {days}` is not from 1 to 3650", null);
        var until = context.Given(_until) ? context.Value(_until) : written.Until ?? context.Value(_until);
        var seed = context.Given(_seed) ? context.Value(_seed) : written.Seed ?? context.Value(_seed);
        return DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1990 and <= 2200
            ? new(seed, rows, days, day)
            : throw Wrong($"`--until {until}` is not a date from 1990 to 2200", "write 2026-11-01");
    }

    private static UserError Wrong(string what, string? hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}

/// <summary>Which network a file asks for; null where it says nothing.</summary>
internal sealed record PlanSettings
{
    public long? Rows { get; init; }

    public double? Scale { get; init; }

    public long? Seed { get; init; }

    public int? Days { get; init; }

    public string? Until { get; init; }
}
