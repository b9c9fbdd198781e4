using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Ml.Training;

/// <summary>How much the rows of each class count in training, as it was asked for.</summary>
/// <param name="Rule">What decides.</param>
/// <param name="Given">Weights by class, above 0; a class that is not named counts 1. Empty unless they were given.</param>
internal sealed record ClassWeighting(ClassWeightRule Rule, IReadOnlyDictionary<string, double> Given)
{
    /// <summary>The search tries weights where a class is rare.</summary>
    public static ClassWeighting Auto { get; } = new(ClassWeightRule.Auto, new Dictionary<string, double>());

    /// <summary>As it is typed: <c>auto</c>, <c>none</c>, <c>balanced</c>, or <c>no=1,yes=50</c>.</summary>
    public string Text => Rule == ClassWeightRule.Given
        ? string.Join(',', Given.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}={g.Value}")))
        : Rule.ToString().ToLowerInvariant();

    /// <summary>Reads what is typed.</summary>
    /// <exception cref="UserError">It is none of these (<see cref="ExitCode.Usage"/>).</exception>
    public static ClassWeighting Parse(string text)
    {
        if (Enum.TryParse<ClassWeightRule>(text, ignoreCase: true, out var rule) && rule != ClassWeightRule.Given && char.IsLetter(text[0]))
            return new(rule, new Dictionary<string, double>());
        var given = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.LastIndexOfAny(['=', ':']);
            if (at < 1 || !double.TryParse(part.AsSpan(at + 1).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || !(weight is > 1e-6 and < 1e6))
                throw Wrong($"`{part}` is not a class and its weight");
            if (!given.TryAdd(part[..at].Trim(), weight))
                throw Wrong($"class `{part[..at].Trim()}` has two weights");
        }
        return given.Count > 0 ? new(ClassWeightRule.Given, given) : throw Wrong("no class is named");

        UserError Wrong(string what) => new($"`--class-weight {text}`: {what}") { Hint = "write auto, none, balanced, or the classes with weights above 0: no=1,yes=50", ExitCode = ExitCode.Usage };
    }

    /// <summary>What the rows of each class count, in the order of the target's classes; null where all count the same.</summary>
    /// <param name="target">What is learned.</param>
    /// <param name="labels">Of the rows that are learned from.</param>
    /// <exception cref="UserError">The target has no classes, or not the named one (<see cref="ExitCode.Usage"/>).</exception>
    public IReadOnlyList<double>? For(Target target, ReadOnlySpan<float> labels)
    {
        Require(target);
        return Rule switch
        {
            ClassWeightRule.Balanced => ClassWeights.Balanced(target, labels, 1),
            ClassWeightRule.Given => ClassWeights.OrNull([.. target.Classes.Select(c => Given.GetValueOrDefault(c, 1))]),
            _ => null,
        };
    }

    /// <summary>Makes sure that the target has classes, and those that are named.</summary>
    /// <exception cref="UserError">It has not (<see cref="ExitCode.Usage"/>).</exception>
    public void Require(Target target)
    {
        if (Rule is ClassWeightRule.Balanced or ClassWeightRule.Given && target.Task == LearningTask.Regression)
            throw new UserError($"`--class-weight` weighs classes; `{target.Column}` is learned as a number") { Hint = "`--weight` names a column by which rows count", ExitCode = ExitCode.Usage };
        if (Given.Keys.FirstOrDefault(c => !target.Classes.Contains(c)) is { } unknown)
            throw new UserError($"`--class-weight`: `{unknown}` is not a class of `{target.Column}`")
            {
                Where = [("classes", string.Join(", ", target.Classes.Take(20)))],
                Hint = NearestName.Of(unknown, target.Classes) is { } near ? $"did you mean `{near}`?" : null,
                ExitCode = ExitCode.Usage,
            };
    }
}

/// <summary>What decides how much classes count.</summary>
internal enum ClassWeightRule
{
    /// <summary>The search, where a class is rare.</summary>
    Auto,

    /// <summary>All rows count the same.</summary>
    None,

    /// <summary>All classes count the same in sum.</summary>
    Balanced,

    /// <summary>The user.</summary>
    Given,
}

/// <summary>Weights of classes: how they come about, and how they are taken out of probabilities again.</summary>
internal static class ClassWeights
{
    /// <summary>A class of less than this share of what it would have among equals is rare.</summary>
    private const double RareShare = 0.2;

    /// <summary>Of fewer rows than this, what does well on validation rows does so by chance.</summary>
    private const int LeastRows = 100;

    /// <summary>Rows of each class.</summary>
    public static int[] Rows(Target target, ReadOnlySpan<float> labels)
    {
        var rows = new int[target.Classes.Count];
        foreach (var label in labels)
            rows[(int)label]++;
        return rows;
    }

    /// <summary>Whether a class is rare among the rows, and all have enough rows to tell whether weights help.</summary>
    public static bool Imbalanced(Target target, ReadOnlySpan<float> labels)
    {
        var (rows, even) = (Rows(target, labels), (double)labels.Length / Math.Max(1, target.Classes.Count));
        return rows.Length > 1 && rows.All(n => n >= LeastRows) && rows.Any(n => n < RareShare * even);
    }

    /// <summary>Each class's even share over its real one, to a power: 1 makes all classes count the same in sum, 0.5 goes half the way. Four digits.</summary>
    public static IReadOnlyList<double>? Balanced(Target target, ReadOnlySpan<float> labels, double power)
    {
        var (rows, all) = (Rows(target, labels), labels.Length);
        return OrNull([.. rows.Select(n => n == 0 ? 1 : double.Parse(Math.Pow((double)all / rows.Length / n, power).ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))]);
    }

    /// <summary>Weights that differ; null where all are the same.</summary>
    public static IReadOnlyList<double>? OrNull(double[] weights) => weights.All(w => w == weights[0]) ? null : weights;

    /// <summary>What a yes/no model's log odds are too high by.</summary>
    public static double Shift(IReadOnlyList<double> weights) => Math.Log(weights[1] / weights[0]);

    /// <summary>
    /// Turns the probabilities of a model that learned from weighted classes into those of the rows as they are: each is divided by its weight
    /// (Elkan 2001, theorem 2).
    /// </summary>
    /// <param name="probabilities">Row-major: of the second of two classes, or of each class.</param>
    /// <param name="weights">One per class.</param>
    public static void TakeOut(Span<float> probabilities, IReadOnlyList<double> weights, bool binary)
    {
        if (binary)
        {
            foreach (ref var probability in probabilities)
            {
                var (no, yes) = ((1 - (double)probability) / weights[0], probability / weights[1]);
                probability = (float)(yes / (no + yes));
            }
            return;
        }
        for (var row = 0; row < probabilities.Length; row += weights.Count)
        {
            var of = probabilities.Slice(row, weights.Count);
            var sum = 0.0;
            for (var c = 0; c < of.Length; c++)
                sum += of[c] / weights[c];
            for (var c = 0; c < of.Length; c++)
                of[c] = (float)(of[c] / weights[c] / sum);
        }
    }
}
