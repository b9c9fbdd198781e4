using System.Globalization;
using System.Security.Cryptography;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>What the next request of a stream is, from what the last answer was. Pages that repeat themselves are an error, not an endless reading.</summary>
/// <param name="pagination">How pages follow each other; null: by a Link header where there is one.</param>
/// <param name="first">The first request, without parameters of the pagination.</param>
/// <param name="stream">The stream, for errors.</param>
internal sealed class Paginator(HttpPagination? pagination, Uri first, string stream)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private long position = pagination?.Start ?? (pagination?.Type == PaginationKind.Page ? 1 : 0);
    private byte[] lastBody = [];

    private PaginationKind Kind => pagination?.Type ?? PaginationKind.Link;

    /// <exception cref="UserError">What the pagination needs is not said (<see cref="ExitCode.Usage"/>).</exception>
    public Uri First()
    {
        Require(pagination?.Param, Kind is PaginationKind.Cursor or PaginationKind.Page or PaginationKind.Offset, "param");
        Require(pagination?.Path, Kind is PaginationKind.Next or PaginationKind.Cursor, "path");
        Require(pagination?.Size is > 0 ? "" : null, Kind == PaginationKind.Offset, "size");
        seen.Add(Sized(first).AbsoluteUri);
        return Kind is PaginationKind.Page or PaginationKind.Offset ? At(position) : Sized(first);
    }

    /// <summary>The request for the page after this one, or null: it was the last.</summary>
    /// <param name="page">The answer.</param>
    /// <param name="records">Records in it.</param>
    /// <exception cref="UserError">The pages go in a circle, or lead to another host.</exception>
    public Uri? Next(Page page, int records)
    {
        switch (Kind)
        {
            case PaginationKind.Link:
                return page.NextLink is { } link ? Follow(link, page.Address) : null;
            case PaginationKind.Next:
                return new FieldPath(pagination!.Path).Scalar(page.Body.Span) is { } next ? Follow(next, page.Address) : null;
            case PaginationKind.Cursor:
                return new FieldPath(pagination!.Path).Scalar(page.Body.Span) is { } cursor ? With(cursor) : null;
            case PaginationKind.Page or PaginationKind.Offset when records > 0:
                var hash = SHA256.HashData(page.Body.Span);
                if (hash.AsSpan().SequenceEqual(lastBody))
                    throw Circle($"{pagination!.Param}={position}", "the same page came twice: the API does not know the parameter, or repeats its last page");
                lastBody = hash;
                position += Kind == PaginationKind.Page ? 1 : pagination!.Size!.Value;
                return At(position);
            default:
                return null;
        }
    }

    private Uri With(string cursor) => seen.Add(cursor) ? Sized(QueryText.With(first, pagination!.Param!, cursor)) : throw Circle(cursor, "the cursor came before: the API would give the same pages for ever");

    private Uri At(long at) => Sized(QueryText.With(first, pagination!.Param!, at.ToString(CultureInfo.InvariantCulture)));

    private Uri Sized(Uri address) => pagination is { SizeParam: { } param, Size: { } size } ? QueryText.With(address, param, size.ToString(CultureInfo.InvariantCulture)) : address;

    private Uri Follow(string link, Uri from)
    {
        if (!Uri.TryCreate(from, link, out var next))
            throw Circle(link, "that is no address");
        if (!Origin.IsSame(next, first))
            throw new UserError($"the next page of `{stream}` is on another host: `{next.Host}`") { Where = [("stream", stream), ("page", QueryText.Shown(from))], Hint = "credentials are not sent to hosts that the pipeline does not name; name it as `url`" };
        return seen.Add(next.AbsoluteUri) ? next : throw Circle(QueryText.Shown(next), "the page came before: the API would give the same pages for ever");
    }

    private UserError Circle(string at, string hint) => new($"the pages of `{stream}` do not go on") { Where = [("stream", stream), ("at", at.Length > 100 ? at[..100] + "…" : at)], Hint = hint };

    private void Require(string? value, bool needed, string key)
    {
        if (needed && value is null)
            throw new UserError($"the pagination of `{stream}` needs `{key}`") { Where = [("stream", stream)], Hint = $"pagination: {{type: {Kind.ToString().ToLowerInvariant()}, {key}: …}}", ExitCode = ExitCode.Usage };
    }
}
