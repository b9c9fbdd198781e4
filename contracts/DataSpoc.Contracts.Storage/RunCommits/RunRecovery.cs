using DataSpoc.Contracts.Documents;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>Finishes commits whose process is gone.</summary>
public static class RunRecovery
{
    /// <summary>
    /// Finishes the pipeline's open commit, if it has one, now.
    /// </summary>
    /// <returns>The run that was finished or taken back, or null where nothing was open.</returns>
    /// <exception cref="UserError">The bucket fails.</exception>
    public static async Task<RecoveredRun?> FinishAsync(RunContext context, CancellationToken cancel)
    {
        var register = await RunRegister.ReadAsync(context, cancel);
        if (!register.IsOpen)
            return null;
        var completed = await new RunCompletion(context).FinishAsync(register, null, cancel);
        return new(register.Record!.RunId, completed.Refusal);
    }

    /// <summary>Waits for the lease of an open commit to end, or for the commit to be finished by its own process; then finishes it.</summary>
    internal static async Task<RunRegister> FinishEarlierAsync(RunContext context, CancellationToken cancel)
    {
        var told = false;
        while (true)
        {
            var register = await RunRegister.ReadAsync(context, cancel);
            if (!register.IsOpen)
                return register;
            if (register.Record is { ExpiresAt: { } expires } && expires - context.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                if (!told)
                    context.Waiting?.Invoke(register.Record.RunId, expires);
                told = true;
                await Task.Delay(left < TimeSpan.FromMilliseconds(500) ? left : TimeSpan.FromMilliseconds(500), context.Time, cancel);
                continue;
            }
            if ((await new RunCompletion(context).FinishAsync(register, null, cancel)).Refusal is { } refusal)
                context.TakenBack?.Invoke(refusal);
        }
    }
}

/// <summary>A run whose commit was open.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Refusal">Why it was taken back; null where it is committed.</param>
public sealed record RecoveredRun(string RunId, UserError? Refusal);
