using System.Collections;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>Which types are lists and dictionaries, and how they are made.</summary>
internal static class CollectionShape
{
    private static readonly Type[] Lists = [typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>), typeof(IList<>), typeof(List<>)];
    private static readonly Type[] Dictionaries = [typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>), typeof(Dictionary<,>)];

    public static Type? Element(Type type) => type switch
    {
        { IsArray: true } => type.GetElementType(),
        { IsGenericType: true } when Lists.Contains(type.GetGenericTypeDefinition()) => type.GetGenericArguments()[0],
        _ => null,
    };

    /// <summary>The type of the values; keys are texts.</summary>
    public static Type? DictionaryValue(Type type) =>
        type.IsGenericType && Dictionaries.Contains(type.GetGenericTypeDefinition()) && type.GetGenericArguments()[0] == typeof(string) ? type.GetGenericArguments()[1] : null;

    public static object Fill(Type type, Type element, object?[] items)
    {
        var array = Array.CreateInstance(element, items.Length);
        Array.Copy(items, array, items.Length);
        return type.IsArray ? array : Activator.CreateInstance(typeof(List<>).MakeGenericType(element), array)!;
    }

    public static IDictionary NewDictionary(Type value) =>
        (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
}
