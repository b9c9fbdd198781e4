using System.CommandLine;
using System.CommandLine.Parsing;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>The parser's errors in the words of CLI.md, with the nearest known option or command.</summary>
internal static class ParseErrors
{
    /// <summary>Whether an option's value is what is wrong.</summary>
    public static bool OfOption(ParseResult parsed) => parsed.Errors.Any(static e => OptionOf(e.SymbolResult) is not null);

    public static UserError Explain(CommandLineApp app, ParseResult parsed)
    {
        var path = HelpPage.Path(app, parsed.CommandResult.Command);
        var unmatched = parsed.UnmatchedTokens;
        if (UnknownOptionIn(parsed) is { } option)
            return UnknownOption(path, option, parsed.CommandResult.Command);
        if (unmatched.Count > 0)
            return Unexpected(path, unmatched[0], parsed.CommandResult.Command);
        var error = parsed.Errors[0];
        return OptionOf(error.SymbolResult) is { } result
            ? WrongOption(path, result, error)
            : WrongArgument(path, parsed.CommandResult, error);
    }

    /// <summary>
    /// A token that looks like an option and is none. The parser takes such a token for an argument where one is missing;
    /// after <c>--</c> it is one.
    /// </summary>
    public static string? UnknownOptionIn(ParseResult parsed) => parsed.Tokens
        .TakeWhile(static t => t.Type != TokenType.DoubleDash)
        .Where(t => t.Type == TokenType.Argument && !IsOptionValue(parsed, t))
        .Select(static t => t.Value)
        .Concat(parsed.UnmatchedTokens)
        .FirstOrDefault(static t => LooksLikeOption(t));

    public static UserError NoCommand(CommandLineApp app, Command command)
    {
        var path = HelpPage.Path(app, command);
        return Usage(path, $"`{path}` needs a command");
    }

    private static UserError UnknownOption(string path, string token, Command command)
    {
        var name = token.Split('=')[0];
        var known = HelpPage.OptionsOf(command).SelectMany(static o => o.Aliases.Append(o.Name)).Where(static n => n.StartsWith("--", StringComparison.Ordinal));
        return Usage(path, $"`{name}` is not an option of `{path}`", NearestName.Of(name, known));
    }

    private static UserError Unexpected(string path, string token, Command command)
    {
        if (command.Subcommands.Count == 0)
            return Usage(path, $"`{token}` is one argument too many for `{path}`", null, token.Contains(' ', StringComparison.Ordinal) ? null : "put an argument with spaces in quotes");
        var known = command.Subcommands.Where(static c => !c.Hidden).SelectMany(static c => c.Aliases.Append(c.Name));
        return Usage(path, $"`{token}` is not a command of `{path}`", NearestName.Of(token, known));
    }

    private static UserError WrongOption(string path, OptionResult result, ParseError error)
    {
        var option = result.Option;
        if (result.Tokens.Count == 0)
            return Usage(path, $"`{option.Name}` needs a value");
        if (!error.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
            return Usage(path, Voice(error.Message));
        return WrongValue(path, option.Name, option.ValueType, result.Tokens[^1].Value);
    }

    private static UserError WrongValue(string path, string name, Type type, string value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!type.IsEnum)
            return Usage(path, $"`{name}` takes {Described(type)}, not `{value}`");
        var names = Enum.GetNames(type).Select(static n => n.ToLowerInvariant()).ToArray();
        return Usage(path, $"`{name}` takes {string.Join(", ", names.SkipLast(1))} or {names[^1]}, not `{value}`", NearestName.Of(value, names));
    }

    private static UserError WrongArgument(string path, CommandResult command, ParseError error)
    {
        if (error.SymbolResult is ArgumentResult { Tokens.Count: > 0 } argument)
        {
            return error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)
                ? WrongValue(path, argument.Argument.HelpName ?? argument.Argument.Name.ToUpperInvariant(), argument.Argument.ValueType, argument.Tokens[^1].Value)
                : Usage(path, Voice(error.Message));
        }
        var missing = command.Command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && command.GetResult(a) is null or { Tokens.Count: 0 });
        if (missing is not null && error.Message.StartsWith("Required argument", StringComparison.Ordinal))
            return Usage(path, $"`{path}` needs {HelpPage.ArgumentLabel(missing)}");
        var option = command.Command.Options.FirstOrDefault(o => o.Required && command.GetResult(o) is null);
        return option is null ? Usage(path, Voice(error.Message)) : Usage(path, $"`{path}` needs `{option.Name}`");
    }

    private static bool IsOptionValue(ParseResult parsed, Token token) =>
        parsed.CommandResult.Children.Concat(parsed.RootCommandResult.Children).OfType<OptionResult>().Any(o => o.Tokens.Contains(token));

    // -name, --name or --name=…; every command line passes here, and loading regular expressions would take a tenth of its start
    private static bool LooksLikeOption(string word)
    {
        var name = word.StartsWith("--", StringComparison.Ordinal) ? word.AsSpan(2) : word.StartsWith('-') ? word.AsSpan(1) : default;
        if (name.IndexOf('=') is >= 0 and var equals)
            name = name[..equals];
        if (name.IsEmpty || !char.IsAsciiLetter(name[0]))
            return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                return false;
        return true;
    }

    private static OptionResult? OptionOf(SymbolResult? result) => result switch
    {
        OptionResult option => option,
        ArgumentResult { Parent: OptionResult option } => option,
        _ => null,
    };

    private static string Described(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 or TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64 => "a whole number",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
        TypeCode.Boolean => "true or false",
        _ => "another kind of value",
    };

    private static string Voice(string message) => message.TrimEnd('.').Replace('\'', '`');

    private static UserError Usage(string path, string what, string? nearest = null, string? hint = null) => new(what)
    {
        Hint = nearest is not null ? $"did you mean `{nearest}`?" : hint ?? $"`{path} --help` shows what there is",
        ExitCode = ExitCode.Usage,
    };
}
