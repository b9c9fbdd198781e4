using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using Xunit;

namespace Ml.Tests;

/// <summary>The public tables beside the repository; tests that need them are skipped where they are absent.</summary>
internal static class SharedTables
{
    /// <summary>The path of a file such as <c>ml/adult_train.csv</c>.</summary>
    public static string File(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!Path.Exists(Path.Combine(folder.FullName, "global.json")))
                continue;
            var path = Path.Combine(folder.FullName, "..", "shared", "data", relative);
            if (!System.IO.File.Exists(path))
                Assert.Skip($"../shared/data/{relative} is not there");
            return Path.GetFullPath(path);
        }
        throw new InvalidOperationException("the tests do not lie in the repository");
    }

    /// <summary>The file's rows, with empty fields as NULL.</summary>
    public static SourceTable Csv(Connection connection, string relative)
    {
        var path = File(relative);
        var name = Path.GetFileNameWithoutExtension(path);
        return SourceTable.Describe(connection, name, $"read_csv({Sql.Literal(path)}, nullstr = '')", TestContext.Current.CancellationToken);
    }
}
