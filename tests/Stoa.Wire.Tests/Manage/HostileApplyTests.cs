using System.Diagnostics;
using System.Net;
using System.Text;
using Stoa.Gateway.Manage;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>Bodies made to hurt: each is refused in words, quickly, and the gateway goes on.</summary>
public sealed class HostileApplyTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string> Bodies => new()
    {
        { "aliases", "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghij".Select((c, i) => $"{c}: &{c} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + i)}", 10))}]\n")) },
        { "self", "a: &a [*a]\n" },
        { "type", Yaml.Tenant() .Replace("spec: {}", "spec: !!python/object:os.system { displayName: x }", StringComparison.Ordinal) },
        { "tag", Yaml.Tenant().Replace("spec: {}", "spec: !custom { displayName: x }", StringComparison.Ordinal) },
        { "depth", "kind: " + new string('[', 20_000) },
        { "json depth", "{\"kind\":" + new string('[', 20_000) },
        { "keys", "kind: Tenant\nkind: Tool\n" },
        { "json keys", """{"kind":"Tenant","kind":"Tool"}""" },
        { "merge", "base: &b { x: 1 }\nkind:\n  <<: *b\n" },
        { "directive", "%TAG ! tag:evil,2000:\n---\nkind: Tenant\n" },
        { "nul", "kind: Tenant\0\n" },
        { "half a pair", """{"kind":"Tenant","apiVersion":"gostoa.dev/v1alpha1","metadata":{"name":"acme"},"spec":{"displayName":"\ud800"}}""" },
        { "list", "[1, 2, 3]" },
        { "scalar", "hello" },
        { "number", "1e999999999" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_hostile_body_is_refused_in_words(string what, string body)
    {
        var clock = Stopwatch.StartNew();

        var reply = await _gateway.Admin.ApplyAsync(body);

        Assert.True(reply.Status == 400, $"{what}: {reply.Text}");
        Assert.Matches("^[0-9]+:[0-9]+ ", reply.Faults());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{what} took {clock.Elapsed}.");
        Assert.Equal("created", (await _gateway.Admin.ApplyAsync(Yaml.Tenant())).Statuses);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused_where_they_begin()
    {
        using var content = new ByteArrayContent([.. "kind: Ten"u8, 0xC3, 0x28]);
        using var response = await _gateway.Admin.PostAsync("/manage/v1/apply", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"line\":1,\"column\":10", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_17_MB_is_refused_unread(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/manage/v1/apply") { Content = new ByteArrayContent(new byte[17 * 1024 * 1024]) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        using var response = await _gateway.Admin.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("body_too_large", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_of_exactly_the_cap_is_read()
    {
        var padding = new string('#', ApplyDoor.MaxBody - Encoding.UTF8.GetByteCount(Yaml.Tenant()));

        var reply = await _gateway.Admin.ApplyAsync(Yaml.Tenant() + padding);

        Assert.Equal((200, "created"), (reply.Status, reply.Statuses));
    }

    [Fact]
    public async Task Without_a_key_no_byte_of_the_body_is_read()
    {
        using var anonymous = _gateway.ClientFor(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/manage/v1/apply") { Content = new ByteArrayContent(new byte[1024]) };
        request.Headers.ExpectContinue = true;
        using var response = await anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"stoa\"", response.Headers.WwwAuthenticate.ToString());
    }
}
