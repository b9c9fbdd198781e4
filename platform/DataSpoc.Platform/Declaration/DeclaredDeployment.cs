namespace DataSpoc.Platform.Declaration;

/// <summary>The section <c>deploy</c>, checked.</summary>
/// <param name="Images">Per tool its image.</param>
/// <param name="Environment">Of every container, in the order of the names.</param>
/// <param name="Secret">Where keys come from; null where roles of the cloud give them.</param>
/// <param name="Roles">Per service account (<c>serve</c>, <c>pipe</c>, <c>lens</c>, <c>ml</c>) its role in the cloud, as ARN.</param>
/// <param name="Replicas">Servers of a model, at least 1.</param>
/// <param name="Cpu">As Kubernetes writes it.</param>
/// <param name="Memory">As Kubernetes writes it.</param>
/// <param name="Schedules">In the order of the names.</param>
internal sealed record DeclaredDeployment(
    IReadOnlyDictionary<string, string> Images, IReadOnlyDictionary<string, string> Environment, string? Secret, IReadOnlyDictionary<string, string> Roles,
    int Replicas, string Cpu, string Memory, IReadOnlyList<Schedule> Schedules);

/// <summary>A command that runs by the clock.</summary>
/// <param name="Name">Its name, which Kubernetes takes.</param>
/// <param name="At">Five fields of cron, in UTC.</param>
/// <param name="Tool"><c>pipe</c>, <c>lens</c> or <c>ml</c>.</param>
/// <param name="Arguments">What follows the tool; no shell reads them.</param>
internal sealed record Schedule(string Name, string At, string Tool, IReadOnlyList<string> Arguments);
