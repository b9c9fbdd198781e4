using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Tracking;

/// <summary>
/// Tells an MLflow tracking server of a registered version: a run with parameters, figures and tags, and a version of the registered model
/// (MLflow REST API 2.0). The bucket stays the registry; the server is a place to look at.
/// </summary>
/// <param name="http">Its base address is the server's, with a slash at the end.</param>
internal sealed class MlflowExport(HttpClient http)
{
    /// <summary>Names the server; nothing is exported without it.</summary>
    public const string Variable = "MLFLOW_TRACKING_URI";

    // documented limits of runs/log-batch
    private const int MostParameters = 100, MostValue = 500;

    /// <summary>A client for the server that the environment names, with its token or password; null without one.</summary>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="UserError">The address is none (<see cref="ExitCode.Usage"/>).</exception>
    public static HttpClient? Client(Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } address)
            return null;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new UserError($"`{Variable}` is not the address of an MLflow server") { Hint = "write http://host:5000, or unset it", ExitCode = ExitCode.Usage };
        var client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
        if (variable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        else if (variable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } user)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{variable("MLFLOW_TRACKING_PASSWORD")}")));
        return client;
    }

    /// <summary>Tells of a version.</summary>
    /// <param name="version">As registered.</param>
    /// <param name="source">Where it lies: <c>s3://bucket/ml/models/late/versions/3</c>.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The run's id on the server.</returns>
    /// <exception cref="UserError">The server cannot be reached or refuses.</exception>
    public async Task<string> TellAsync(NewVersion version, string source, CancellationToken cancel)
    {
        var (run, metrics) = (version.Run, version.Metrics);
        var experiment = await ExperimentAsync(run.Model, cancel);
        var (started, finished) = (run.StartedAt.ToUnixTimeMilliseconds(), (run.FinishedAt ?? run.StartedAt).ToUnixTimeMilliseconds());
        var created = await PostAsync("runs/create", new()
        {
            ["experiment_id"] = experiment, ["start_time"] = started, ["run_name"] = $"{run.Model}@{run.ModelVersion}",
            ["tags"] = Pairs([("dataspoc.run_id", run.RunId), ("dataspoc.input", run.Input ?? run.Table), ("mlflow.source.name", run.Tool), ("mlflow.source.type", "LOCAL")]),
        }, cancel);
        var id = created["run"]?["info"]?["run_id"]?.GetValue<string>() ?? throw Refused("runs/create", "no run_id in its answer", null);
        var figures = new JsonArray();
        foreach (var (prefix, values) in new[] { ("holdout_", metrics.Holdout), ("baseline_", metrics.Baseline), ("linear_", metrics.Linear) })
            foreach (var (name, value) in values)
                figures.Add(new JsonObject { ["key"] = prefix + name, ["value"] = value, ["timestamp"] = finished, ["step"] = 0 });
        IEnumerable<(string, string)> parameters = [.. run.Parameters.Select(p => (p.Key, p.Value)), ("rounds", metrics.Rounds.ToString(CultureInfo.InvariantCulture)), ("target", version.Features.Target.Column)];
        await PostAsync("runs/log-batch", new() { ["run_id"] = id, ["metrics"] = figures, ["params"] = Pairs(parameters.Take(MostParameters)) }, cancel);
        await PostAsync("runs/update", new() { ["run_id"] = id, ["status"] = "FINISHED", ["end_time"] = finished }, cancel);
        await PostAsync("registered-models/create", new() { ["name"] = run.Model }, cancel, mayExist: true);
        await PostAsync("model-versions/create", new() { ["name"] = run.Model, ["source"] = source, ["run_id"] = id }, cancel);
        return id;
    }

    private async Task<string> ExperimentAsync(string model, CancellationToken cancel)
    {
        var name = $"dataspoc/{model}";
        var found = await SendAsync(HttpMethod.Get, $"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}", null, cancel);
        if (found.Status == HttpStatusCode.OK && found.Answer?["experiment"]?["experiment_id"]?.GetValue<string>() is { } id)
            return id;
        if (found.Status != HttpStatusCode.NotFound)
            throw Refused("experiments/get-by-name", Message(found), null);
        var created = await PostAsync("experiments/create", new() { ["name"] = name }, cancel);
        return created["experiment_id"]?.GetValue<string>() ?? throw Refused("experiments/create", "no experiment_id in its answer", null);
    }

    private async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancel, bool mayExist = false)
    {
        var answer = await SendAsync(HttpMethod.Post, path, body, cancel);
        var exists = mayExist && answer.Answer?["error_code"]?.GetValue<string>() == "RESOURCE_ALREADY_EXISTS";
        return answer.Status == HttpStatusCode.OK || exists ? answer.Answer ?? new JsonObject() : throw Refused(path, Message(answer), null);
    }

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, $"api/2.0/mlflow/{path}");
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw Refused(path, error.Message, error);
        }
    }

    private static JsonArray Pairs(IEnumerable<(string Key, string Value)> pairs) =>
        [.. pairs.Select(p => new JsonObject { ["key"] = p.Key, ["value"] = p.Value.Length <= MostValue ? p.Value : p.Value[..MostValue] })];

    private static string Message((HttpStatusCode Status, JsonNode? Answer) answer) =>
        answer.Answer?["message"] is JsonValue message ? message.ToString() : string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.Status}");

    private UserError Refused(string path, string why, Exception? inner) => new("the MLflow server was not told", inner)
    {
        Where = [("server", http.BaseAddress!.GetLeftPart(UriPartial.Authority)), ("call", path), ("reason", why)],
        Hint = $"the version is in the bucket all the same; unset {Variable} to export nothing",
    };
}
