using System.Text.Json.Nodes;

namespace DataSpoc.Pipe.Configuration;

/// <summary>What a pipeline of a common source looks like.</summary>
/// <param name="Name">As it is chosen: <c>tap-github</c>, <c>postgres</c>, <c>files</c>.</param>
/// <param name="About">What it brings, in a few words.</param>
/// <param name="Source">The section <c>source</c> of the pipeline; secrets come from the environment.</param>
internal sealed record SourceTemplate(string Name, string About, JsonObject Source)
{
    /// <summary>All of them; made anew, because each is filled in by whoever asks.</summary>
    public static IReadOnlyList<SourceTemplate> All() =>
    [
        new("files", "CSV, TSV, JSON, NDJSON or Parquet files, here or in a bucket", new() { ["files"] = new JsonArray("./data/*.csv") }),
        new("postgres", "tables of a PostgreSQL database", new() { ["postgres"] = "postgres://reader@localhost:5432/shop" }),
        new("sqlite", "tables of an SQLite file", new() { ["sqlite"] = "./shop.db" }),
        Tap("tap-mysql", "tables of a MySQL database", new() { ["host"] = "localhost", ["port"] = "3306", ["user"] = "reader", ["password"] = "${MYSQL_PASSWORD}", ["database"] = "shop" }),
        Tap("tap-mongodb", "collections of a MongoDB database", new() { ["host"] = "localhost", ["port"] = "27017", ["user"] = "reader", ["password"] = "${MONGODB_PASSWORD}", ["database"] = "shop" }),
        Tap("tap-csv", "CSV files, by a tap", new() { ["files"] = new JsonArray(new JsonObject { ["entity"] = "orders", ["path"] = "./orders.csv", ["keys"] = new JsonArray("id") }) }),
        Tap("tap-s3-csv", "CSV files of a bucket, by a tap", new() { ["bucket"] = "company-files", ["start_date"] = "2026-01-01T00:00:00Z" }),
        Tap("tap-github", "issues, pull requests and more of GitHub repositories", new() { ["access_token"] = "${GITHUB_TOKEN}", ["repository"] = "owner/name", ["start_date"] = "2026-01-01T00:00:00Z" }),
        Tap("tap-rest-api", "an HTTP API", new() { ["api_url"] = "https://api.example.com", ["auth_token"] = "${API_TOKEN}" }),
        Tap("tap-salesforce", "objects of Salesforce", new() { ["client_id"] = "${SALESFORCE_CLIENT_ID}", ["client_secret"] = "${SALESFORCE_CLIENT_SECRET}", ["refresh_token"] = "${SALESFORCE_REFRESH_TOKEN}", ["start_date"] = "2026-01-01T00:00:00Z" }),
        Tap("tap-google-sheets", "a spreadsheet of Google", new() { ["spreadsheet_id"] = "id-of-the-sheet", ["client_id"] = "${GOOGLE_CLIENT_ID}", ["client_secret"] = "${GOOGLE_CLIENT_SECRET}", ["refresh_token"] = "${GOOGLE_REFRESH_TOKEN}" }),
    ];

    private static SourceTemplate Tap(string name, string about, JsonObject config) => new(name, about, new() { ["tap"] = name, ["config"] = config });
}
