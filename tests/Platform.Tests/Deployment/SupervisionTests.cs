using DataSpoc.Contracts;
using DataSpoc.Platform.Deployment;
using Xunit;

namespace Platform.Tests.Deployment;

/// <summary>How a server is kept running, with one that does what the test says; the real one is in the end-to-end tests.</summary>
public sealed class SupervisionTests
{
    private static readonly SupervisionLimits Quick = new() { Restarts = 3, FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(2), Watch = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMinutes(1) };

    private readonly List<string> _said = [];

    [Fact]
    public async Task Server_ThatEndsBeforeItIsReady_IsNotStartedAgain_AndItsExitCodeIsOurs()
    {
        var started = 0;
        var error = await Assert.ThrowsAsync<UserError>(() => Supervised(() => { started++; return Server.Ending(2); }).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1, ExitCode.Usage, "`ml serve` ended with exit code 2 before it was ready"), (started, error.ExitCode, error.What));
    }

    [Fact]
    public async Task Server_ThatEndsAgainAndAgain_IsStartedWithGrowingPauses_AndThenGivenUp()
    {
        var started = 0;
        var error = await Assert.ThrowsAsync<UserError>(() => Supervised(() => { started++; return Server.Answering(2, then: 137); }).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal((4, "`ml serve` ended 4 times, the last time with exit code 137, and is not started again"), (started, error.What));
        Assert.Equal(3, _said.Count(static line => line.Contains("it is started again", StringComparison.Ordinal)));
        Assert.Equal(4, _said.Count(static line => line.Contains("is ready", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_ThatDoesNotAnswerAnyMore_IsEndedAndStartedAgain()
    {
        using var stop = new CancellationTokenSource();
        var servers = new Queue<Server>([Server.Answering(5, then: null), Server.Answering(int.MaxValue, then: null)]);
        var (first, second) = (servers.Peek(), servers.Last());
        second.WhenAsked = path => { if (path == "healthz") stop.Cancel(); };
        await Supervised(servers.Dequeue).RunAsync(stop.Token);
        Assert.True(first.Terminated && second.Terminated);
        Assert.Contains(_said, static line => line.Contains("does not answer any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WhileItStarts_EndsIt_AndNothingIsStartedAgain()
    {
        using var stop = new CancellationTokenSource();
        var server = Server.Answering(0, then: null);
        server.WhenAsked = _ => stop.Cancel();
        await Supervised(() => server).RunAsync(stop.Token);
        Assert.True(server.Terminated);
        Assert.Empty(_said);
    }

    private Supervision Supervised(Func<Server> start) => new(start, Quick, _said.Add, TimeProvider.System);

    private sealed class Server : IServingProcess
    {
        private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _answers;
        private int? _then;

        public int Id => 7;

        public Task<int> Ended => _ended.Task;

        public bool Terminated { get; private set; }

        public Action<string> WhenAsked { get; set; } = static _ => { };

        public static Server Ending(int code)
        {
            var server = new Server();
            server._ended.SetResult(code);
            return server;
        }

        /// <summary>Answers so often; then ends with a code, or does not answer any more.</summary>
        public static Server Answering(int answers, int? then) => new() { _answers = answers, _then = then };

        public Task<bool> AnswersAsync(string path, CancellationToken cancel)
        {
            WhenAsked(path);
            if (--_answers >= 0)
                return Task.FromResult(true);
            if (_then is { } code)
                _ended.TrySetResult(code);
            return Task.FromResult(false);
        }

        public void Terminate()
        {
            Terminated = true;
            _ended.TrySetResult(0);
        }

        public void Kill() => _ended.TrySetResult(137);

        public void Dispose()
        {
            // nothing runs
        }
    }
}
