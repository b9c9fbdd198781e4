using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Tests.Minio;

/// <summary>
/// Users, groups and policies by MinIO's rules (RELEASE.2025-09-07, cmd/iam-store.go and cmd/admin-handlers-users.go): one list of policies per user or group, set as a whole; a policy in use is not
/// removed; one without a statement is none; and what was put is answered in another order, lists for texts.
/// </summary>
internal sealed class MinioIam
{
    private readonly Dictionary<string, string> _policies = [];
    private readonly Dictionary<(string Name, bool IsGroup), string> _attached = [];
    private readonly Dictionary<string, string[]> _members = [];

    public void AddUser(string name) => _attached.TryAdd((name, false), "");

    public void AddGroup(string name, params string[] members)
    {
        _attached.TryAdd((name, true), "");
        _members[name] = members;
    }

    /// <summary>The answer to a call of the admin API.</summary>
    public (int Status, string Json) Answer(string method, string call, IReadOnlyDictionary<string, string> query, string body) => (method, call) switch
    {
        ("GET", "list-canned-policies") => (200, new JsonObject(_policies.Select(static pair => KeyValuePair.Create(pair.Key, JsonNode.Parse(pair.Value)))).ToJsonString()),
        ("PUT", "add-canned-policy") => Put(query["name"], body),
        ("DELETE", "remove-canned-policy") => Remove(query["name"]),
        ("PUT", "set-user-or-group-policy") => Set((query["userOrGroup"], query["isGroup"] == "true"), query["policyName"]),
        ("GET", "user-info") => _attached.TryGetValue((query["accessKey"], false), out var names)
            ? (200, names.Length == 0 ? """{"status":"enabled"}""" : new JsonObject { ["policyName"] = names, ["status"] = "enabled" }.ToJsonString())
            : Refused(404, "XMinioAdminNoSuchUser", "The specified user does not exist."),
        ("GET", "group") => _attached.TryGetValue((query["group"], true), out var names)
            ? (200, new JsonObject { ["name"] = query["group"], ["status"] = "enabled", ["members"] = new JsonArray([.. _members[query["group"]].Select(static one => JsonValue.Create(one))]), ["policy"] = names }.ToJsonString())
            : Refused(404, "XMinioAdminNoSuchGroup", "The specified group does not exist."),
        _ => Refused(404, "XMinioAdminNotFound", "no such call"),
    };

    /// <summary>The statements that hold for a user, by its own policies and those of its groups.</summary>
    public IEnumerable<JsonObject> StatementsOf(string user) => _attached
        .Where(pair => pair.Key.IsGroup ? _members[pair.Key.Name].Contains(user) : pair.Key.Name == user)
        .SelectMany(static pair => pair.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(name => JsonNode.Parse(_policies[name])!["Statement"]!.AsArray()).Select(static statement => statement!.DeepClone().AsObject());

    public IEnumerable<string> Users => _attached.Keys.Where(static key => !key.IsGroup).Select(static key => key.Name);

    public static (int Status, string Json) Refused(int status, string code, string message) => (status, new JsonObject { ["Code"] = code, ["Message"] = message, ["Resource"] = "", ["RequestId"] = "1" }.ToJsonString());

    private (int Status, string Json) Put(string name, string body)
    {
        if (name.Contains(',', StringComparison.Ordinal))
            return Refused(400, "XMinioPolicyInvalidName", "Policy name may not contain comma");
        try
        {
            var policy = JsonNode.Parse(body)!;
            if (policy["Statement"]!.AsArray().Count == 0)
                return Refused(400, "XMinioInvalidIAMPolicy", "Invalid arguments specified");
            foreach (var statement in policy["Statement"]!.AsArray())
            {
                if (statement!["Principal"] is not null)
                    return Refused(400, "XMinioMalformedIAMPolicy", "unknown field Principal");
                statement["Action"] = Sorted(statement["Action"]!);
                statement["Resource"] = Sorted(statement["Resource"]!);
                foreach (var condition in (statement["Condition"]?.AsObject() ?? []).SelectMany(static pair => pair.Value!.AsObject()).ToArray())
                    condition.Value!.Parent!.AsObject()[condition.Key] = Sorted(condition.Value);
            }
            _policies[name] = policy.ToJsonString();
            return (200, "");
        }
        catch (Exception malformed) when (malformed is JsonException or NullReferenceException or InvalidOperationException)
        {
            return Refused(400, "XMinioMalformedIAMPolicy", malformed.Message);
        }
    }

    // a set has no order of its own: the last first, so that nobody relies on theirs
    private static JsonArray Sorted(JsonNode texts) =>
        new([.. (texts is JsonArray all ? all.Select(static one => one!.GetValue<string>()) : [texts.GetValue<string>()]).OrderDescending(StringComparer.Ordinal).Select(static text => JsonValue.Create(text))]);

    private (int Status, string Json) Remove(string name)
    {
        if (_attached.Values.Any(names => names.Split(',').Contains(name)))
            return Refused(400, "XMinioIAMPolicyInUse", "The policy cannot be removed, as it is in use");
        _policies.Remove(name);
        return (200, "");
    }

    private (int Status, string Json) Set((string Name, bool IsGroup) account, string names)
    {
        if (!_attached.ContainsKey(account))
            return account.IsGroup ? Refused(404, "XMinioAdminNoSuchGroup", "The specified group does not exist.") : Refused(404, "XMinioAdminNoSuchUser", "The specified user does not exist.");
        if (!names.Split(',', StringSplitOptions.RemoveEmptyEntries).All(_policies.ContainsKey))
            return Refused(404, "XMinioAdminNoSuchPolicy", "The canned policy does not exist.");
        _attached[account] = names;
        return (200, "");
    }
}
