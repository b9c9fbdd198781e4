using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Registry.Promotion;

/// <summary>What a promotion came to.</summary>
/// <param name="Done">Whether the alias names the version now.</param>
/// <param name="Checks">What was checked.</param>
internal sealed record PromotionOutcome(bool Done, IReadOnlyList<GateCheck> Checks);

/// <summary>Moves aliases: forward through a gate, back without one. The gate is passed against the aliases that are replaced, not against older ones.</summary>
/// <param name="store">The bucket.</param>
/// <param name="time">The clock.</param>
/// <param name="tables">The tables of the bucket; null: only what is recorded is checked.</param>
internal sealed class ModelPromotion(IObjectStore store, TimeProvider time, GateTables? tables = null)
{
    private readonly ModelCatalog _catalog = new(store);

    /// <summary>Gives a version an alias where the gate lets it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">A registered version.</param>
    /// <param name="to">The alias.</param>
    /// <param name="rule"><c>--if</c>, or null.</param>
    /// <param name="by">Who.</param>
    /// <param name="dryRun">Whether it is only checked.</param>
    /// <param name="cancel">Leaves the alias as it is.</param>
    public async Task<PromotionOutcome> PromoteAsync(string model, int version, string to, string? rule, string by, bool dryRun, CancellationToken cancel)
    {
        var candidate = await _catalog.DescribeAsync(model, version, cancel);
        IReadOnlyList<GateCheck> checks = [];
        var done = false;
        await new AliasBook(store, time).ChangeAsync(
            model,
            async book =>
            {
                checks = to == AliasesDocument.Archive ? [Unused(book, version)] : await new PromotionGate(_catalog, time, tables).CheckAsync(candidate, to, book, rule, cancel);
                done = checks.All(c => c.Passed);
                var named = book.Aliases.TryGetValue(to, out var now) && now == version;
                return !done || dryRun || named ? null : book.With(to, version, time.GetUtcNow(), by, rule is null ? "promoted" : $"promoted: {rule}", checks);
            },
            cancel);
        if (done && !dryRun)
            await new PublishedCopies(store, _catalog, time).RefreshAsync(model, cancel);
        return new(done, checks);
    }

    /// <summary>Puts production back to the version before.</summary>
    /// <returns>From which version to which.</returns>
    /// <exception cref="UserError">There is none (<see cref="ExitCode.Usage"/>).</exception>
    public async Task<(int From, int To)> RollbackAsync(string model, string by, CancellationToken cancel)
    {
        var moved = (From: 0, To: 0);
        await new AliasBook(store, time).ChangeAsync(
            model,
            async book =>
            {
                if (!book.Aliases.TryGetValue(AliasesDocument.Production, out var now) || book.BeforeProduction() is not { } before)
                    throw new UserError($"model `{model}` has no version that was `prod` before") { Hint = $"see its history: ml models show {model}", ExitCode = ExitCode.Usage };
                if (await _catalog.RunAsync(model, before, cancel) is null)
                    throw new UserError($"version {before} of model `{model}`, which was `prod` before, was deleted") { Hint = "promote another version" };
                moved = (now, before);
                return book.With(AliasesDocument.Production, before, time.GetUtcNow(), by, $"{AliasChange.Rollback} from version {now}");
            },
            cancel);
        await new PublishedCopies(store, _catalog, time).RefreshAsync(model, cancel);
        return moved;
    }

    private static GateCheck Unused(AliasesDocument book, int version)
    {
        var alias = new[] { AliasesDocument.Production, AliasesDocument.Staging }.FirstOrDefault(a => book.Aliases.TryGetValue(a, out var named) && named == version);
        return new("unused", alias is null, alias is null ? "it is neither `prod` nor `staging`" : $"it is `{alias}`");
    }
}
