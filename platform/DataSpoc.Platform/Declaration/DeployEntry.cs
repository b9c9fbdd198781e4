using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Platform.Declaration;

/// <summary>The section <c>deploy</c> of <c>platform.yaml</c>.</summary>
internal sealed record DeployEntry
{
    /// <summary>Per tool (<c>pipe</c>, <c>lens</c>, <c>ml</c>) the image with the team's project in it.</summary>
    public IReadOnlyDictionary<string, Located<string>> Images { get; init; } = new Dictionary<string, Located<string>>();

    /// <summary>Environment of every container; no secrets.</summary>
    public IReadOnlyDictionary<string, Located<string>> Environment { get; init; } = new Dictionary<string, Located<string>>();

    /// <summary>A Secret (Kubernetes) or a file of variables (Compose) with the keys, where the cloud's roles do not give them.</summary>
    public Located<string>? Secret { get; init; }

    /// <summary>The cloud's role of each service account: <c>serve</c>, <c>pipe</c>, <c>lens</c>, <c>ml</c>.</summary>
    public IReadOnlyDictionary<string, Located<string>> Roles { get; init; } = new Dictionary<string, Located<string>>();

    /// <summary>Servers of a model.</summary>
    public Located<int>? Replicas { get; init; }

    /// <summary>What a container is given of the processor: <c>500m</c>, <c>2</c>.</summary>
    public Located<string>? Cpu { get; init; }

    /// <summary>What a container may hold: <c>1Gi</c>.</summary>
    public Located<string>? Memory { get; init; }

    /// <summary>Commands that run by the clock, by a name.</summary>
    public IReadOnlyDictionary<string, Located<ScheduleEntry>> Schedules { get; init; } = new Dictionary<string, Located<ScheduleEntry>>();
}

/// <summary>A command that runs by the clock.</summary>
internal sealed record ScheduleEntry
{
    /// <summary>Five fields of cron, in UTC.</summary>
    public required Located<string> At { get; init; }

    /// <summary>A command of <c>pipe</c>, <c>lens</c> or <c>ml</c>, as one types it.</summary>
    public required Located<string> Run { get; init; }
}
