using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Stoa.Gateway.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Egress;

public sealed class EgressFaultTests : IDisposable
{
    private readonly EgressClient _client = TestEgress.Client();
    private readonly FakeTime _time = new();
    private readonly EgressClient _timed;

    public EgressFaultTests() => _timed = TestEgress.Client(_time);

    public void Dispose()
    {
        _client.Dispose();
        _timed.Dispose();
    }

    [Fact]
    public async Task An_upstream_that_hangs_before_the_headers_times_out_and_is_dropped()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.HangAsync());

        var failing = TestEgress.FailureOfAsync(_timed, TestEgress.Get(upstream.Url), TestEgress.Ample);
        await upstream.ArrivedAsync();
        _time.Advance(TestEgress.Ample.Timeout);

        Assert.Equal(EgressFault.TimedOut, (await failing).Fault);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task An_upstream_that_hangs_in_the_body_times_out_and_is_dropped()
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/plain");
            await exchange.ChunkAsync("half");
            half.SetResult();
            await exchange.HangAsync();
        });

        var failing = TestEgress.FailureOfAsync(_timed, TestEgress.Get(upstream.Url), TestEgress.Ample);
        await half.Task;
        _time.Advance(TestEgress.Ample.Timeout);

        Assert.Equal(EgressFault.TimedOut, (await failing).Fault);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task A_body_that_trickles_does_not_outlive_the_limit()
    {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + new string('x', 100_000);
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.TrickleAsync(answer, TimeSpan.FromMilliseconds(5)));

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample with { Timeout = TimeSpan.FromMilliseconds(150) });

        Assert.Equal(EgressFault.TimedOut, failure.Fault);
    }

    [Fact]
    public async Task A_reset_connection_is_broken()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });

        var failure = await TestEgress.FailureOfAsync(_client, Post(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.Broken, failure.Fault);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot a size")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\0\u0001\u0002 garbage \r\n\r\n\r\n")]
    [InlineData("")]
    public async Task Truncated_answers_and_garbage_are_broken(string answer)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.SendAsync(answer);
            exchange.Close();
        });

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.Broken, failure.Fault);
    }

    [Fact]
    public async Task A_declared_length_over_the_cap_is_refused_before_the_body_is_read()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            await exchange.HangAsync();
        });

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.TooLarge, failure.Fault);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task An_endless_body_is_stopped_at_the_cap()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.EndlessAsync());

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.TooLarge, failure.Fault);
        var exchange = await upstream.ClientLeftAsync();
        Assert.InRange(exchange.BytesSent, TestEgress.Ample.MaxBytes, 32 * 1024 * 1024); // what was in socket buffers comes on top
    }

    [Fact]
    public async Task No_limits_lift_the_hard_cap()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.EndlessAsync());

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample with { MaxBytes = int.MaxValue });

        Assert.Equal(EgressFault.TooLarge, failure.Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    public async Task A_body_of_exactly_the_cap_passes_and_one_byte_more_does_not(int cap)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/plain");
            if (exchange.Request.Target.Length > 1)
            {
                await exchange.ChunkAsync(new string('x', int.Parse(exchange.Request.Target[1..], null)));
            }

            await exchange.EndAsync();
        });
        var limits = TestEgress.Ample with { MaxBytes = cap };

        var fits = await _client.SendAsync(TestEgress.Get(cap == 0 ? upstream.Url : new(upstream.Url, $"{cap}")), limits, TestContext.Current.CancellationToken);
        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(new Uri(upstream.Url, $"{cap + 1}")), limits);

        using var reply = fits.Value;
        Assert.Equal(cap, reply?.Body.Length);
        Assert.Equal(EgressFault.TooLarge, failure.Fault);
    }

    [Fact]
    public async Task Headers_without_end_are_too_large()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\n");
            while (true)
            {
                await exchange.SendAsync($"X-Fill: {new string('x', 4000)}\r\n");
            }
        });

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.TooLarge, failure.Fault);
    }

    [Fact]
    public async Task A_closed_port_cannot_be_connected_to()
    {
        using var closed = new ClosedPort();

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(closed.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.ConnectFailed, failure.Fault);
    }

    [Fact]
    public async Task Plain_text_on_a_tls_port_is_a_tls_fault()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.HangAsync());

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get($"https://127.0.0.1:{upstream.Port}/"), TestEgress.Ample);

        Assert.Equal(EgressFault.TlsFailed, failure.Fault);
    }

    [Fact]
    public async Task A_certificate_of_nobody_is_a_tls_fault_and_sees_no_request()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var read = ReadThroughTlsAsync(listener, certificate);

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get($"https://{listener.LocalEndpoint}/"), TestEgress.Ample);

        Assert.Equal(EgressFault.TlsFailed, failure.Fault);
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task Over_tls_http_2_is_offered_first_and_http_1_1_after_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hello = ReadOnceAsync(listener);

        await TestEgress.FailureOfAsync(_client, TestEgress.Get($"https://{listener.LocalEndpoint}/"), TestEgress.Ample);

        Assert.Contains("\u0002h2\u0008http/1.1", Encoding.Latin1.GetString(await hello), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_has_a_text_of_its_own_that_does_not_repeat_the_detail()
    {
        var texts = Enum.GetValues<EgressFault>().Select(fault => new EgressFailure(fault, "10.0.0.1 said no").Text).ToList();

        Assert.Distinct(texts);
        Assert.DoesNotContain(texts, text => text.Contains("10.0.0.1", StringComparison.Ordinal));
    }

    private static HttpRequestMessage Post(Uri url) => new(HttpMethod.Post, url) { Content = new ByteArrayContent("{}"u8.ToArray()) };

    private static async Task<int> ReadThroughTlsAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var socket = await listener.AcceptSocketAsync();
        await using var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            return await tls.ReadAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return 0;
        }
    }

    private static async Task<byte[]> ReadOnceAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync();
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer);
        return buffer[..read];
    }
}
