using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Platform.Declaration;

/// <summary><c>platform.yaml</c> as it is written.</summary>
internal sealed record PlatformFile
{
    /// <summary>The name of the lake, a tag on each of its buckets.</summary>
    public required Located<string> Lake { get; init; }

    /// <summary>What kind of server the buckets are on.</summary>
    public ServerKind Server { get; init; } = ServerKind.Aws;

    /// <summary>The AWS account of bare principals, 12 digits; on Ceph the tenant. Empty where there is none.</summary>
    public Located<string>? Account { get; init; }

    /// <summary>What holds for every bucket that does not say otherwise.</summary>
    public BucketSettingsEntry Defaults { get; init; } = new();

    /// <summary>Roles beside the built-in ones.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RuleEntry>> Roles { get; init; } = new Dictionary<string, IReadOnlyList<RuleEntry>>();

    /// <summary>Per team and role the principals that hold it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Located<string>>>> Teams { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Located<string>>>>();

    /// <summary>The buckets, by a name of the lake's own.</summary>
    public IReadOnlyDictionary<string, Located<BucketEntry>> Buckets { get; init; } = new Dictionary<string, Located<BucketEntry>>();

    /// <summary>How models and scheduled commands run elsewhere (<c>platform deploy --render</c>).</summary>
    public DeployEntry? Deploy { get; init; }
}

/// <summary>Servers that differ in how they name principals and in what they have.</summary>
internal enum ServerKind
{
    Aws,
    Ceph,
    Minio,
}

/// <summary>A rule of an own role.</summary>
internal sealed record RuleEntry
{
    public required Located<string> Prefix { get; init; }

    public required IReadOnlyList<AllowedAction> Allow { get; init; }
}

/// <summary>What a rule may allow.</summary>
internal enum AllowedAction
{
    Read,
    List,
    Write,
    Delete,
}

/// <summary>A bucket: one permission boundary.</summary>
internal sealed record BucketEntry
{
    /// <summary>The bucket's name on the server; the key where it is not given.</summary>
    public Located<string>? Name { get; init; }

    /// <summary>The team whose members hold their roles in it.</summary>
    public required Located<string> Team { get; init; }

    /// <summary>What is in it.</summary>
    public required IReadOnlyList<Located<LayerGroup>> Layers { get; init; }

    /// <summary>Other teams and the roles of theirs that may read and list here what the role may.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Located<string>>> Readers { get; init; } = new Dictionary<string, IReadOnlyList<Located<string>>>();

    public Located<bool>? Versioning { get; init; }

    public EncryptionKind? Encryption { get; init; }

    public Located<string>? KmsKey { get; init; }

    public LifecycleEntry? Lifecycle { get; init; }

    public Located<TimeSpan>? Retention { get; init; }

    public bool? TlsOnly { get; init; }
}

/// <summary>Layers as permissions see them: what is rejected lies with what it was rejected from, and everything of a model together.</summary>
internal enum LayerGroup
{
    Raw,
    Curated,
    Gold,
    Ml,
}

/// <summary>Settings that a bucket may override.</summary>
internal sealed record BucketSettingsEntry
{
    public Located<bool>? Versioning { get; init; }

    public EncryptionKind Encryption { get; init; }

    public Located<string>? KmsKey { get; init; }

    public LifecycleEntry Lifecycle { get; init; } = new();

    public Located<TimeSpan>? Retention { get; init; }

    /// <summary>Whether calls without TLS are denied; by default on AWS only.</summary>
    public bool? TlsOnly { get; init; }
}

/// <summary>How objects are encrypted where they lie.</summary>
internal enum EncryptionKind
{
    /// <summary>Whatever the server does by itself.</summary>
    None,

    /// <summary>By a key of the server's.</summary>
    SseS3,

    /// <summary>By a key of the key management service.</summary>
    SseKms,
}

/// <summary>After how many days what goes by itself; each a number of whole days.</summary>
internal sealed record LifecycleEntry
{
    public Located<TimeSpan>? Logs { get; init; }

    public Located<TimeSpan>? IncompleteUploads { get; init; }

    public Located<TimeSpan>? OldVersions { get; init; }
}
