using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Stoa.Gateway.Tests.Egress;

/// <summary>Alone in the process while it runs: it counts every byte that is allocated anywhere.</summary>
[CollectionDefinition(nameof(EgressCostTests), DisableParallelization = true)]
[Collection(nameof(EgressCostTests))]
public sealed class EgressCostTests
{
    private const int Rounds = 5;
    private const int Calls = 2000;

    // Unoptimised code keeps each async method's state in an object of its own.
#if DEBUG
    private const int BudgetOverBareHandler = 768;
#else
    private const int BudgetOverBareHandler = 256;
#endif

    [Fact]
    public async Task A_call_allocates_hardly_more_than_the_bare_handler_does()
    {
        using var server = new FrugalServer(1024);
        using var client = TestEgress.Client();
        using var bare = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null });
        using var caller = new CancellationTokenSource();
        var buffer = new byte[2048];
        var received = 0L;

        var ours = await BytesPerCallAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
            var result = await client.SendAsync(request, TestEgress.Ample, caller.Token);
            using var reply = result.Value!;
            received += reply.Body.Length;
        });
        Assert.Equal(Rounds * Calls * 1024L, received);
        var theirs = await BytesPerCallAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
            using var response = await bare.SendAsync(request, caller.Token);
            await using var body = response.Content.ReadAsStream(caller.Token);
            await body.ReadAtLeastAsync(buffer, 1024, true, caller.Token);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"Per call: {ours}, bare handler {theirs}");
        Assert.True(ours.Bytes <= theirs.Bytes + BudgetOverBareHandler, $"{ours.Bytes} bytes per call, the bare handler {theirs.Bytes}.");
    }

    /// <summary>The best of five rounds, so that a stray timer or tier-up of the runtime does not count.</summary>
    private static async Task<(long Bytes, double Micros)> BytesPerCallAsync(Func<Task> call)
    {
        var best = (Bytes: long.MaxValue, Micros: double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Calls; i++)
            {
                await call();
            }

            var micros = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls;
            best = (Math.Min(best.Bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls), Math.Min(best.Micros, micros));
        }

        return best;
    }

    /// <summary>Answers every read of a connection with the same bytes, from one thread per connection, without allocating.</summary>
    private sealed class FrugalServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;

        public FrugalServer(int bodyLength)
        {
            _answer = System.Text.Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {bodyLength}\r\n\r\n{new string('x', bodyLength)}");
            _listener.Start();
            Url = new($"http://{_listener.LocalEndpoint}/");
            new Thread(Accept) { IsBackground = true }.Start();
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Stop();

        private void Accept()
        {
            try
            {
                while (true)
                {
                    var socket = _listener.AcceptSocket();
                    socket.NoDelay = true;
                    new Thread(() => Serve(socket)) { IsBackground = true }.Start();
                }
            }
            catch (SocketException)
            {
                // Stopped.
            }
        }

        private void Serve(Socket socket)
        {
            var buffer = new byte[8192];
            using (socket)
            {
                while (socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out var error) > 0 && error is SocketError.Success)
                {
                    socket.Send(_answer);
                }
            }
        }
    }
}
