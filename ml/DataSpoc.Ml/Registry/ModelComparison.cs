namespace DataSpoc.Ml.Registry;

/// <summary>What two versions have in common and what not. Pure.</summary>
internal static class ModelComparison
{
    /// <summary>One line per fact; a difference where both are figures.</summary>
    public static IEnumerable<(string About, string Name, object? First, object? Second, double? Difference)> Of(ModelDescription first, ModelDescription second)
    {
        yield return ("model", "version", $"{first.Run.Model}@{first.Run.ModelVersion}", $"{second.Run.Model}@{second.Run.ModelVersion}", null);
        yield return ("model", "target", first.Features.Target.Column, second.Features.Target.Column, null);
        yield return ("run", "input", first.Run.Input, second.Run.Input, null);
        yield return ("rows", "training", first.Metrics.Rows.Training, second.Metrics.Rows.Training, null);
        foreach (var name in first.Metrics.Holdout.Keys.Union(second.Metrics.Holdout.Keys))
            yield return Figure("holdout", name, first.Metrics.Holdout, second.Metrics.Holdout);
        foreach (var name in first.Run.Parameters.Keys.Union(second.Run.Parameters.Keys).Order(StringComparer.Ordinal))
            if (first.Run.Parameters.GetValueOrDefault(name) is var mine && second.Run.Parameters.GetValueOrDefault(name) is var theirs && mine != theirs)
                yield return ("parameter", name, mine, theirs, null);
        yield return ("parameter", "rounds", first.Metrics.Rounds, second.Metrics.Rounds, null);
        var (ours, others) = (first.Features.Columns.Select(c => c.Name).ToHashSet(), second.Features.Columns.Select(c => c.Name).ToHashSet());
        foreach (var name in ours.Union(others).Order(StringComparer.Ordinal))
            if (ours.Contains(name) != others.Contains(name))
                yield return ("column", name, ours.Contains(name) ? "used" : "not used", others.Contains(name) ? "used" : "not used", null);
    }

    private static (string, string, object?, object?, double?) Figure(string about, string name, IReadOnlyDictionary<string, double> first, IReadOnlyDictionary<string, double> second)
    {
        double? mine = first.TryGetValue(name, out var a) ? a : null;
        double? theirs = second.TryGetValue(name, out var b) ? b : null;
        return (about, name, mine, theirs, theirs - mine);
    }
}
