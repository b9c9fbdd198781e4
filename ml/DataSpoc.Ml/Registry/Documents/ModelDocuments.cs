using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Registry.Documents;

/// <summary>Reads and writes the documents of models: snake_case members, indented UTF-8, a line end at the end.</summary>
internal static class ModelDocuments
{
    /// <summary>The version of all forms; a reader accepts any 1.x.</summary>
    public const string Version = "1.1";

    /// <summary>The file's content.</summary>
    public static byte[] Serialize<T>(T document)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, TypeInfo<T>());
        return [.. bytes, (byte)'\n'];
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <exception cref="UserError">It is not such a document, or of another major version.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> bytes, string key)
        where T : class
    {
        try
        {
            CheckVersion(bytes, key);
            return JsonSerializer.Deserialize(bytes.Span, TypeInfo<T>()) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new UserError($"`{key}` cannot be read: {error.Message.TrimEnd('.')}", error)
            {
                Where = [("file", key)],
                Hint = "it was damaged or written by something else; train the model again",
            };
        }
    }

    private static void CheckVersion(ReadOnlyMemory<byte> bytes, string key)
    {
        using var document = JsonDocument.Parse(bytes);
        var version = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("version", out var member)
            && member.ValueKind == JsonValueKind.String ? member.GetString()! : throw new JsonException("it has no `version`");
        if (version != "1" && !version.StartsWith("1.", StringComparison.Ordinal))
            throw new UserError($"`{key}` is of version {version}; this `ml` reads {Version} and other 1.x")
            {
                Where = [("file", key)],
                Hint = "install a newer `ml`",
                ExitCode = ExitCode.Refused,
            };
    }

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Written.GetTypeInfo(typeof(T))!;

    // names and texts of people are not pasted into HTML
    private static ModelDocumentsJson Written { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new UtcTimeConverter(),
        },
    });
}

/// <summary>Generated readers and writers.</summary>
[JsonSerializable(typeof(FeaturesDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(TrainingRunDocument))]
[JsonSerializable(typeof(AliasesDocument))]
internal sealed partial class ModelDocumentsJson : JsonSerializerContext;
