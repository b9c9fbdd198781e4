using Amazon.Runtime;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>
/// What a test may set that a user sets by the AWS environment: null means "by the AWS chain" everywhere.
/// </summary>
internal sealed record S3StoreOptions
{
    public string? Endpoint { get; init; }

    public string? Region { get; init; }

    public AWSCredentials? Credentials { get; init; }

    /// <summary>Wraps the connection, to inject faults into it.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Transport { get; init; } = handler => handler;

    public RetryBudget Retries { get; init; } = new();

    public TransferLimits Transfers { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
