using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Egress;

public sealed class EgressGuardTests
{
    private static readonly IPAddress Vetted = IPAddress.Parse("127.0.0.1");
    private static readonly IPAddress Inside = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task A_name_that_changes_its_address_never_leads_to_one_that_was_not_judged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "Only 127.0.0.1 is bound to loopback here.");
        // Bound and not listening, so that no test beside this one listens there.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(Vetted, 0));
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        using var inside = new TcpListener(Inside, port);
        inside.Start();
        var answers = new Queue<IPAddress>([Vetted, Inside]);
        using var client = TestEgress.Resolving(_ => [answers.Dequeue()], "127.0.0.1/32");

        // Nothing listens there: had the connection been made to a second look-up's answer, it would succeed.
        var first = await TestEgress.FailureOfAsync(client, TestEgress.Get($"http://rebind.example:{port}/"), TestEgress.Ample);
        Assert.Equal(EgressFault.ConnectFailed, first.Fault);
        Assert.Single(answers);

        var second = await TestEgress.FailureOfAsync(client, TestEgress.Get($"http://rebind.example:{port}/"), TestEgress.Ample);
        Assert.Equal(EgressFault.AddressForbidden, second.Fault);
        Assert.False(inside.Pending());
    }

    [Fact]
    public async Task A_connection_in_use_keeps_to_the_address_it_was_made_to()
    {
        var lookUps = 0;
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var client = TestEgress.Resolving(_ => [lookUps++ == 0 ? Vetted : Inside], "127.0.0.1/32");
        var url = $"http://rebind.example:{upstream.Port}/";

        using var first = await TestEgress.ReplyOfAsync(client, TestEgress.Get(url));
        using var second = await TestEgress.ReplyOfAsync(client, TestEgress.Get(url));

        Assert.Equal(1, lookUps);
        Assert.All(upstream.Requests, request => Assert.Equal($"rebind.example:{upstream.Port}", request.Header("Host")));
    }

    [Fact]
    public async Task One_address_that_leads_inward_spoils_the_name()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var client = TestEgress.Resolving(_ => [Vetted, IPAddress.Parse("169.254.169.254")], "127.0.0.1/32");

        var failure = await TestEgress.FailureOfAsync(client, TestEgress.Get($"http://mixed.example:{upstream.Port}/"), TestEgress.Ample);

        Assert.Equal(EgressFault.AddressForbidden, failure.Fault);
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_refuses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "Only 127.0.0.1 is bound to loopback here.");
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var client = TestEgress.Resolving(_ => [Inside, Vetted], "127.0.0.0/8");

        using var reply = await TestEgress.ReplyOfAsync(client, TestEgress.Get($"http://two.example:{upstream.Port}/"));

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://2130706433:{port}/")]
    [InlineData("http://0x7f.1:{port}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://127.0.0.1.:{port}/")]
    public async Task Loopback_is_closed_by_default_however_it_is_written(string url)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var client = new EgressClient(new EgressSettings(), TimeProvider.System, new EgressLogLines());

        var failure = await TestEgress.FailureOfAsync(
            client, TestEgress.Get(url.Replace("{port}", $"{upstream.Port}", StringComparison.Ordinal)), TestEgress.Ample);

        // A literal with a trailing dot is no name to some resolvers; either way nothing is connected.
        Assert.Contains(failure.Fault, new[] { EgressFault.AddressForbidden, EgressFault.NameNotResolved });
        Assert.True(failure.Fault is EgressFault.AddressForbidden || url.Contains(".:", StringComparison.Ordinal));
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task A_name_without_an_address_is_not_resolved()
    {
        using var empty = TestEgress.Resolving(_ => []);
        using var unknown = TestEgress.Resolving(_ => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal(EgressFault.NameNotResolved, (await TestEgress.FailureOfAsync(empty, TestEgress.Get("http://no.example/"), TestEgress.Ample)).Fault);
        Assert.Equal(EgressFault.NameNotResolved, (await TestEgress.FailureOfAsync(unknown, TestEgress.Get("http://no.example/"), TestEgress.Ample)).Fault);
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_cut_off_by_the_connect_time_out()
    {
        using var client = new EgressClient(
            new EgressSettings { ConnectTimeout = TimeSpan.FromMilliseconds(100) },
            TimeProvider.System,
            new EgressLogLines(),
            async (_, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct);
                return [];
            });

        var failure = await TestEgress.FailureOfAsync(client, TestEgress.Get("http://slow.example/"), TestEgress.Ample);

        Assert.Equal(EgressFault.ConnectFailed, failure.Fault);
    }

    [Fact]
    public async Task A_message_with_a_host_field_of_its_own_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var client = TestEgress.Client();
        var request = TestEgress.Get(upstream.Url);
        request.Headers.Host = "other.example";

        var failure = await TestEgress.FailureOfAsync(client, request, TestEgress.Ample);

        Assert.Equal(EgressFault.AddressForbidden, failure.Fault);
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task A_forbidden_address_is_warned_of_without_path_or_inner_address()
    {
        var log = new EgressLogLines();
        using var client = new EgressClient(
            new EgressSettings(), TimeProvider.System, log, (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Parse("10.9.8.7")]));

        var failure = await TestEgress.FailureOfAsync(client, TestEgress.Get("http://inner.example/path?key=secret"), TestEgress.Ample);

        var warning = Assert.Single(log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains("inner.example", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("10.9.8.7", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("10.9.8.7", failure.Text, StringComparison.Ordinal);
        Assert.Contains("10.9.8.7", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }
}
