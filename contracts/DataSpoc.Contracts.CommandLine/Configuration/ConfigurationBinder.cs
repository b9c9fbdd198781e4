using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>
/// Binds nodes to records. An unknown key, a missing or a wrong value is an error with file, line and column; nothing is
/// ignored and nothing is guessed. One text where a list is meant is a list of one.
/// </summary>
internal static class ConfigurationBinder
{
    public static T Bind<T>(ConfigurationMapping mapping) where T : class =>
        // most runs have no file: then nothing has to be known of the record but that it can be made of nothing
        mapping.Entries.Count == 0 && RecordShape.IsMadeOfNothing(typeof(T)) ? Activator.CreateInstance<T>() : (T)Record(mapping, typeof(T), "");

    private static object? Value(ConfigurationNode node, Type type, bool nullable, string path)
    {
        if (typeof(JsonNode).IsAssignableFrom(type))
            return Json(node, type, path);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Located<>))
        {
            var inner = Value(node, type.GetGenericArguments()[0], nullable: false, path);
            return Activator.CreateInstance(type, inner, node.Place);
        }
        if (node is ConfigurationScalar { IsNull: true })
            return Nothing(node, type, nullable, path);
        if (ScalarValue.IsScalar(type))
            return ScalarValue.Parse(node, type, path);
        if (CollectionShape.DictionaryValue(type) is { } valueType)
            return Dictionary(node, valueType, path);
        return CollectionShape.Element(type) is { } element ? List(node, type, element, path) : RecordOrShorthand(node, type, path);
    }

    private static JsonNode? Json(ConfigurationNode node, Type type, string path)
    {
        var json = ConfigurationJson.From(node, mask: false);
        return json is null || type.IsInstanceOfType(json) ? json : throw ConfigurationError.WrongShape(node, path, type == typeof(JsonArray) ? "a list" : "a mapping of `key: value` lines");
    }

    private static object? Nothing(ConfigurationNode node, Type type, bool nullable, string path)
    {
        if (CollectionShape.DictionaryValue(type) is { } value)
            return CollectionShape.NewDictionary(value);
        if (CollectionShape.Element(type) is { } element)
            return CollectionShape.Fill(type, element, []);
        return nullable ? null : throw ConfigurationError.Missing(node, path);
    }

    private static IDictionary Dictionary(ConfigurationNode node, Type valueType, string path)
    {
        if (node is not ConfigurationMapping mapping)
            throw ConfigurationError.WrongShape(node, path, "a mapping of `key: value` lines");
        var dictionary = CollectionShape.NewDictionary(valueType);
        foreach (var entry in mapping.Entries)
            dictionary.Add(entry.Key, Value(entry.Value, valueType, nullable: false, Join(path, entry.Key)));
        return dictionary;
    }

    private static object List(ConfigurationNode node, Type type, Type element, string path)
    {
        if (node is ConfigurationScalar one && (ScalarValue.IsScalar(element) || element.GetCustomAttribute<ConfigurationShorthandAttribute>() is not null))
            return one.ListsSeveral ? throw ConfigurationError.WrongShape(node, path, "a list", "write `[…, …]`, or quotes around one text with a comma")
                : CollectionShape.Fill(type, element, [Value(one, element, nullable: false, path)]);
        if (node is not ConfigurationSequence sequence)
            throw ConfigurationError.WrongShape(node, path, "a list", "write a line with `- ` in front for each");
        var items = sequence.Items.Select((item, i) => Value(item, element, nullable: false, $"{path}[{i}]")).ToArray();
        return CollectionShape.Fill(type, element, items);
    }

    private static object RecordOrShorthand(ConfigurationNode node, Type type, string path)
    {
        if (node is ConfigurationMapping mapping)
            return Record(mapping, type, path);
        if (node is ConfigurationScalar && type.GetCustomAttribute<ConfigurationShorthandAttribute>() is { } shorthand)
        {
            var key = RecordShape.Of(type).Members.Single(m => m.Property.Name == shorthand.Property).Key;
            return Record(new ConfigurationMapping([new(key, node.Place, node)], node.Place), type, path);
        }
        throw ConfigurationError.WrongShape(node, path, "a mapping of `key: value` lines");
    }

    private static object Record(ConfigurationMapping mapping, Type type, string path)
    {
        var shape = RecordShape.Of(type);
        var values = new Dictionary<RecordMember, object?>();
        foreach (var entry in mapping.Entries)
        {
            var member = shape.Members.FirstOrDefault(m => m.Key == entry.Key)
                ?? throw ConfigurationError.UnknownKey(entry, path, shape.Members.Select(static m => m.Key));
            values[member] = Value(entry.Value, member.Type, member.Nullable, Join(path, entry.Key));
        }
        foreach (var member in shape.Members)
        {
            if (member.Required && !values.ContainsKey(member))
                throw ConfigurationError.MissingKey(mapping, Join(path, member.Key));
        }
        return shape.Make(values);
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
