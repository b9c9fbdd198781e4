using System.Net;
using System.Text;

namespace Contracts.Tests.Storage.Stores;

/// <summary>Answers one request after the other; the last answer holds for all that follow.</summary>
internal sealed class PlayedServer(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<HttpRequestMessage> Requests { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return Task.FromResult(answers[Math.Min(Requests.Count, answers.Length) - 1](request));
    }

    public static Func<HttpRequestMessage, HttpResponseMessage> Answer(HttpStatusCode status, string code) => _ => Error(status, code);

    public static HttpResponseMessage Error(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent($"<Error><Code>{code}</Code><Message>played</Message></Error>", Encoding.UTF8, "application/xml"),
    };

    public static HttpResponseMessage Written(HttpRequestMessage request) => Object("abc");

    public static HttpResponseMessage Object(string etag, string body = "", long? announced = null)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        answer.Headers.TryAddWithoutValidation("ETag", $"\"{etag}\"");
        answer.Content.Headers.ContentLength = announced ?? body.Length;
        return answer;
    }

    public static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "played");
}
