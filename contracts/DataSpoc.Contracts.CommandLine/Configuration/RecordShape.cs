using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>A value of a record that configuration may give.</summary>
/// <param name="Key">As written in the file.</param>
/// <param name="Property">The property it becomes.</param>
/// <param name="Parameter">The constructor's parameter, where it has one.</param>
/// <param name="Nullable">Whether an empty value is null.</param>
/// <param name="Required">Whether it must be given.</param>
internal sealed record RecordMember(string Key, PropertyInfo Property, ParameterInfo? Parameter, bool Nullable, bool Required)
{
    public Type Type => Property.PropertyType;
}

/// <summary>How a record is made: through its constructor with the most parameters, then its settable properties.</summary>
internal sealed record RecordShape(ConstructorInfo Constructor, IReadOnlyList<RecordMember> Members)
{
    /// <summary>Whether the record has a constructor without parameters and nothing that must be given.</summary>
    public static bool IsMadeOfNothing(Type type) => type.GetConstructor(Type.EmptyTypes) is not null && !type.IsDefined(typeof(RequiredMemberAttribute), inherit: true);

    public static RecordShape Of(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(static c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type.Name} cannot be made from configuration: it has no constructor");
        var nullability = new NullabilityInfoContext();
        var members = new List<RecordMember>();
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var parameter = constructor.GetParameters().FirstOrDefault(p => p.Name == property.Name);
            if (parameter is null && property.SetMethod is null)
                continue;
            var nullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
                || (!property.PropertyType.IsValueType && nullability.Create(property).WriteState == NullabilityState.Nullable)
                || (!property.PropertyType.IsValueType && parameter is not null && nullability.Create(parameter).WriteState == NullabilityState.Nullable);
            var required = parameter is not null ? !parameter.HasDefaultValue && !nullable : property.IsDefined(typeof(RequiredMemberAttribute));
            members.Add(new(property.GetCustomAttribute<ConfigurationKeyAttribute>()?.Key ?? SnakeCase(property.Name), property, parameter, nullable, required));
        }
        return new(constructor, members);
    }

    public object Make(IReadOnlyDictionary<RecordMember, object?> values)
    {
        var arguments = Constructor.GetParameters()
            .Select(p => Members.FirstOrDefault(m => m.Parameter == p) is { } member && values.TryGetValue(member, out var value) ? value : Default(p))
            .ToArray();
        var made = Constructor.Invoke(arguments);
        foreach (var (member, value) in values)
        {
            if (member.Parameter is null)
                member.Property.SetValue(made, value);
        }
        return made;
    }

    private static object? Default(ParameterInfo parameter)
    {
        if (parameter is { HasDefaultValue: true, DefaultValue: not null })
            return parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, parameter.DefaultValue) : parameter.DefaultValue;
        var type = parameter.ParameterType;
        if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
            return Activator.CreateInstance(type);
        return null;
    }

    public static string SnakeCase(string name)
    {
        var key = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && (!char.IsAsciiLetterUpper(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))))
                key.Append('_');
            key.Append(char.ToLowerInvariant(name[i]));
        }
        return key.ToString();
    }
}
