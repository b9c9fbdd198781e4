using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>Reads YAML 1.2 into nodes that know their line; no tag makes an object, no alias multiplies.</summary>
internal sealed class YamlFile
{
    // a configuration is written by people; a file that expands beyond this was made to exhaust memory
    private const int MostNodes = 100_000;
    private const int DeepestNesting = 64;
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly string _name;
    private readonly VariableExpansion _variables;
    private readonly Parser _parser;
    private readonly Dictionary<string, ConfigurationNode> _anchors = [];
    private int _nodes;

    private YamlFile(string name, string text, VariableExpansion variables)
    {
        _name = name;
        _variables = variables;
        _parser = new(new StringReader(text));
    }

    /// <summary>A file's mapping; an empty file is an empty mapping.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">As shown to people.</param>
    /// <param name="variables">Replaces <c>${VAR}</c>.</param>
    public static ConfigurationMapping Read(string path, string name, VariableExpansion variables)
    {
        try
        {
            return AsMapping(Parse(Strict.GetString(File.ReadAllBytes(path)).TrimStart('\ufeff'), name, variables), name);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"`{name}` is not UTF-8 text", name, "save it as UTF-8");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"`{name}` cannot be read: {unreadable.Message}", unreadable) { Where = [("file", path)], ExitCode = ExitCode.Usage };
        }
    }

    public static ConfigurationNode Parse(string text, string name, VariableExpansion variables)
    {
        var file = new YamlFile(name, text, variables);
        try
        {
            return file.Document();
        }
        catch (YamlException broken)
        {
            throw file.Broken(text, broken);
        }
    }

    private static ConfigurationMapping AsMapping(ConfigurationNode node, string name) => node switch
    {
        ConfigurationMapping mapping => mapping,
        ConfigurationScalar { IsNull: true } empty => new([], empty.Place),
        _ => throw new UserError($"`{name}` is not a list of `key: value` lines") { Where = [node.Place.Where], ExitCode = ExitCode.Usage },
    };

    private ConfigurationNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
            return new ConfigurationScalar("", true, [], Place(end));
        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw new UserError($"`{_name}` holds more than one YAML document") { Where = [Place(second).Where], ExitCode = ExitCode.Usage }
            : node;
    }

    private ConfigurationNode Node(int depth)
    {
        if (depth > DeepestNesting || ++_nodes > MostNodes)
            throw Wrong($"`{_name}` is too deep or too large for a configuration", _name, null);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.GetValueOrDefault(alias.Value.Value) ?? throw new UserError($"the alias `*{alias.Value.Value}` has no anchor before it") { Where = [Place(alias).Where], ExitCode = ExitCode.Usage };
        var anchor = _parser.Accept<NodeEvent>(out var start) && !start.Anchor.IsEmpty ? start.Anchor.Value : null;
        ConfigurationNode node = start switch
        {
            YamlDotNet.Core.Events.Scalar => Scalar(),
            SequenceStart => Sequence(depth),
            _ => Mapping(depth),
        };
        if (anchor is not null)
            _anchors[anchor] = node;
        return node;
    }

    private ConfigurationScalar Scalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var place = Place(scalar);
        var (text, variables) = _variables.Expand(scalar.Value, place);
        return new(text, scalar.Style == ScalarStyle.Plain, variables, place);
    }

    private ConfigurationSequence Sequence(int depth)
    {
        var place = Place(_parser.Consume<SequenceStart>());
        var items = new List<ConfigurationNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new(items, place);
    }

    private ConfigurationMapping Mapping(int depth)
    {
        var place = Place(_parser.Consume<MappingStart>());
        var entries = new List<ConfigurationEntry>();
        var first = new Dictionary<string, ConfigurationPlace>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw new UserError("a key must be a plain text") { Where = [Place(_parser.Current!).Where], ExitCode = ExitCode.Usage };
            var keyPlace = Place(key);
            if (!first.TryAdd(key.Value, keyPlace))
                throw new UserError($"`{key.Value}` is there twice") { Where = [keyPlace.Where, ("first", $"line {first[key.Value].Line}")], Hint = "remove one of them", ExitCode = ExitCode.Usage };
            entries.Add(new(key.Value, keyPlace, Node(depth + 1)));
        }
        return new(entries, place);
    }

    private ConfigurationPlace Place(ParsingEvent at) => new(_name, at.Start.Line, at.Start.Column);

    private UserError Broken(string text, YamlException broken)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var tab = Array.FindIndex(lines, static l => l[..^l.TrimStart(' ', '\t').Length].Contains('\t', StringComparison.Ordinal));
        if (tab >= 0)
        {
            // the parser's own place is where it began to look, often lines above
            return new UserError($"`{_name}` is not YAML: a line is indented with a tab", broken)
            {
                Where = [new ConfigurationPlace(_name, tab + 1, lines[tab].IndexOf('\t', StringComparison.Ordinal) + 1).Where],
                Hint = "indent with spaces",
                ExitCode = ExitCode.Usage,
            };
        }
        var reason = (broken.InnerException ?? broken).Message.TrimEnd('.');
        return new UserError($"`{_name}` is not YAML: {char.ToLowerInvariant(reason[0])}{reason[1..]}", broken)
        {
            Where = [new ConfigurationPlace(_name, broken.Start.Line, broken.Start.Column).Where],
            Hint = "a text with `:`, `#`, `{` or `*` in it needs quotes",
            ExitCode = ExitCode.Usage,
        };
    }

    private static UserError Wrong(string what, string file, string? hint) => new(what) { Where = [("file", file)], Hint = hint, ExitCode = ExitCode.Usage };
}
