namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>The key of a property where it is not the property's name in snake_case (<c>PartitionBy</c> is <c>partition_by</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigurationKeyAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

/// <summary>The property that a bare text stands for: <c>- orders</c> is then the same as <c>- name: orders</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ConfigurationShorthandAttribute(string property) : Attribute
{
    /// <summary>The property's name in C#.</summary>
    public string Property { get; } = property;
}
