using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Postgres;
using Npgsql;

namespace Pipe.Tests.Sources.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://", "env-host:7000/env-db")]
    [InlineData("postgresql:///shop", "env-host:7000/shop")]
    [InlineData("postgres://db.example/shop", "db.example:7000/shop")]
    [InlineData("postgres://me:p%40ss@db.example:5433/shop?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&options=-c%20statement_timeout%3D5s", "db.example:5433/shop")]
    [InlineData("postgres://[::1]:5433/shop", "::1/shop")]
    [InlineData("postgres://a:1,b:2/shop?target_session_attrs=read-write", "a:1,b:2/shop")]
    public void Parse_AnAddress_TakesFromTheEnvironmentWhatItLeavesOut(string uri, string expected) =>
        Assert.Equal(expected, PostgresAddress.Describe(PostgresAddress.Parse(uri, Variable)));

    [Fact]
    public void Parse_Parameters_AreThoseOfLibpq()
    {
        var address = PostgresAddress.Parse("postgres://me:p%40ss:w@db:5433/shop?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&options=-c%20statement_timeout%3D5s&application_name=x", Variable);

        Assert.Equal(("me", "p@ss:w", SslMode.VerifyFull, "/ca.pem", 3, "-c statement_timeout=5s", "x"), (address.Username, address.Password, address.SslMode, address.RootCertificate, address.Timeout, address.Options, address.ApplicationName));
        Assert.Equal("env-password", PostgresAddress.Parse("postgres://", Variable).Password);
    }

    [Theory]
    [InlineData("postgres://db/shop?sslmod=require", "a parameter `sslmod` that is not known")]
    [InlineData("postgres://db/shop?sslmode=always", "`sslmode` that is not known: `always`")]
    [InlineData("postgres://me:se?cret@db/shop", "a `port` that is no number")]
    public void Parse_WhatIsNoAddress_IsRefusedWithoutItsPassword(string uri, string message)
    {
        var error = Assert.Throws<UserError>(() => PostgresAddress.Parse(uri, _ => null));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(message, error.What, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", error.What + error.Hint, StringComparison.Ordinal);
    }

    private static string? Variable(string name) => name switch
    {
        "PGHOST" => "env-host",
        "PGPORT" => "7000",
        "PGDATABASE" => "env-db",
        "PGPASSWORD" => "env-password",
        _ => null,
    };
}
