using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace DataSpoc.Platform.Deployment;

/// <summary>Documents as YAML that means the same to every reader: a text that could be taken for a number, a flag, a date or anything else of YAML is quoted.</summary>
internal static partial class YamlText
{
    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).WithIndentedSequences().WithNewLine("\n")
        .WithEventEmitter(static next => new Careful(next)).Build();

    /// <summary>One document.</summary>
    public static string Of(JsonNode document) => Serializer.Serialize(Plain(document)!);

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(static member => member.Key, static member => Plain(member.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.True or JsonValueKind.False => node.GetValue<bool>(),
            _ => node.GetValue<int>(),
        },
    };

    /// <summary>Words that begin with a letter and hold nothing that means something; words that are flags are quoted by YamlDotNet.</summary>
    [GeneratedRegex(@"^[A-Za-z/-]*[A-Za-z/][A-Za-z0-9_./@=+-]*(:[A-Za-z0-9_./@=+-]+)*\z")]
    private static partial Regex Harmless();

    private sealed class Careful(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source is { Type: var type, Value: string text } && type == typeof(string) && !Harmless().IsMatch(text))
                eventInfo = new(eventInfo.Source) { Style = ScalarStyle.DoubleQuoted };
            base.Emit(eventInfo, emitter);
        }
    }
}
