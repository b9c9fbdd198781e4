using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Registry.Promotion;

/// <summary>
/// A condition on figures, as a user writes it: <c>auc >= 0.8 and auc >= prod.auc - 0.002</c>. Comparisons of sums and products of numbers and
/// figures, joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses.
/// </summary>
internal sealed class GateRule
{
    private readonly string _text;
    private readonly IReadOnlyList<(string Text, int At)> _tokens;
    private readonly Func<string, double?> _figure;
    private int _next;

    private GateRule(string text, Func<string, double?> figure) => (_text, _tokens, _figure) = (text, Tokens(text), figure);

    /// <summary>Whether it holds.</summary>
    /// <param name="text">The rule.</param>
    /// <param name="figure">The value of a name such as <c>auc</c> or <c>prod.auc</c>, NaN where there is nothing to compare with; null where there is no such name.</param>
    /// <exception cref="UserError">It is no rule, or names what is not there (<see cref="ExitCode.Usage"/>).</exception>
    /// <remarks>A comparison with NaN holds: while nothing is in production, a version cannot be worse than it.</remarks>
    public static bool Holds(string text, Func<string, double?> figure)
    {
        var rule = new GateRule(text, figure);
        var holds = rule.Or();
        return rule._next == rule._tokens.Count ? holds : throw rule.Wrong("`and`, `or` or the end");
    }

    private bool Or()
    {
        var holds = And();
        while (Take("or"))
            holds |= And();
        return holds;
    }

    private bool And()
    {
        var holds = Not();
        while (Take("and"))
            holds &= Not();
        return holds;
    }

    private bool Not()
    {
        if (Take("not"))
            return !Not();
        // a parenthesis may hold a condition or a sum
        var before = _next;
        if (Take("("))
        {
            var holds = Or();
            if (Take(")") && (_next == _tokens.Count || _tokens[_next].Text is "and" or "or" or ")"))
                return holds;
            _next = before;
        }
        return Comparison();
    }

    private bool Comparison()
    {
        var left = Sum();
        var by = _next < _tokens.Count ? _tokens[_next].Text : "";
        // inside a parenthesis that turns out to hold a sum, there is none
        if (by == ")" && _next > 0)
            return false;
        if (by is not (">=" or "<=" or ">" or "<" or "=" or "=="))
            throw Wrong("a comparison such as `>=`");
        _next++;
        var right = Sum();
        if (double.IsNaN(left) || double.IsNaN(right))
            return true;
        return by switch
        {
            ">=" => left >= right,
            "<=" => left <= right,
            ">" => left > right,
            "<" => left < right,
            _ => left == right,
        };
    }

    private double Sum()
    {
        var sum = Product();
        while (true)
        {
            if (Take("+"))
                sum += Product();
            else if (Take("-"))
                sum -= Product();
            else
                return sum;
        }
    }

    private double Product()
    {
        var product = Factor();
        while (true)
        {
            if (Take("*"))
                product *= Factor();
            else if (Take("/"))
                product /= Factor();
            else
                return product;
        }
    }

    private double Factor()
    {
        if (Take("-"))
            return -Factor();
        if (Take("("))
        {
            var sum = Sum();
            return Take(")") ? sum : throw Wrong("`)`");
        }
        if (_next == _tokens.Count || !(char.IsAsciiLetterOrDigit(_tokens[_next].Text[0]) || _tokens[_next].Text[0] is '.' or '_'))
            throw Wrong("a number or a figure");
        var token = _tokens[_next].Text;
        if (double.TryParse(token, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            _next++;
            return number;
        }
        var value = _figure(token) ?? throw Wrong("a figure that the model has");
        _next++;
        return value;
    }

    private bool Take(string token)
    {
        if (_next == _tokens.Count || _tokens[_next].Text != token)
            return false;
        _next++;
        return true;
    }

    private static List<(string, int)> Tokens(string text)
    {
        var tokens = new List<(string, int)>();
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }
            if (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_')
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_'))
                    at++;
            else
                at += at + 1 < text.Length && text[at] is '>' or '<' or '=' && text[at + 1] == '=' ? 2 : 1;
            tokens.Add((text[start..Math.Min(at, text.Length)], start));
        }
        return tokens;
    }

    private UserError Wrong(string expected)
    {
        var (found, at) = _next < _tokens.Count ? (_tokens[_next].Text, _tokens[_next].At) : ("", _text.Length);
        return new($"`--if` is not a rule: {expected} was expected" + (found.Length == 0 ? " at its end" : $" instead of `{found}`"))
        {
            Where = [("rule", _text), ("position", (at + 1).ToString(CultureInfo.InvariantCulture))],
            Hint = "for example: --if \"auc >= 0.8 and auc >= prod.auc - 0.002\"",
            ExitCode = ExitCode.Usage,
        };
    }
}
