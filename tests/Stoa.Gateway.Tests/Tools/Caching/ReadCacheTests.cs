using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Caching;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools.Caching;

public class ReadCacheTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(1);

    private readonly FakeTime _time = new();

    [Fact]
    public void It_never_holds_more_than_it_may()
    {
        const long Capacity = 100_000;
        var cache = new ReadCache(_time, Capacity);
        var random = new Random(7);
        for (ulong i = 0; i < 2000; i++)
        {
            cache.Keep(Key(i), Text(random.Next(0, 6000)), Ttl, _time.GetTimestamp());
            Assert.InRange(cache.Bytes, 0, Capacity);
        }

        Assert.True(cache.Bytes > Capacity / 2);
    }

    [Fact]
    public void What_was_wanted_longest_ago_goes_first()
    {
        var cache = new ReadCache(_time, 32 * 1256);
        for (ulong i = 0; i < 32; i++)
        {
            cache.Keep(Key(i), Text(1000), Ttl, _time.GetTimestamp());
        }

        Assert.NotNull(cache.Find(Key(0)));
        cache.Keep(Key(32), Text(1000), Ttl, _time.GetTimestamp());

        Assert.NotNull(cache.Find(Key(0)));
        Assert.Null(cache.Find(Key(1)));
        Assert.NotNull(cache.Find(Key(32)));
    }

    [Fact]
    public void A_kept_answer_outlives_the_buffer_it_was_made_of()
    {
        var cache = new ReadCache(_time);
        var buffer = Encoding.UTF8.GetBytes("hello");
        cache.Keep(Key(1), new Answer(AnswerForm.Text, buffer, null) { UpstreamStatus = 203 }, Ttl, _time.GetTimestamp());
        buffer.AsSpan().Fill((byte)'x');

        var found = cache.Find(Key(1))!;
        found.Dispose();

        Assert.Equal(("hello", 203), (Encoding.UTF8.GetString(cache.Find(Key(1))!.Body.Span), found.UpstreamStatus));
    }

    [Fact]
    public void Age_counts_from_when_the_endpoint_was_asked()
    {
        var cache = new ReadCache(_time);
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(50));
        cache.Keep(Key(1), Text(1), Ttl, asked);
        Assert.NotNull(cache.Find(Key(1)));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(cache.Find(Key(1)));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void An_answer_kept_twice_counts_once()
    {
        var cache = new ReadCache(_time);
        cache.Keep(Key(1), Text(100), Ttl, _time.GetTimestamp());
        var once = cache.Bytes;
        cache.Keep(Key(1), Text(100), Ttl, _time.GetTimestamp());

        Assert.Equal(once, cache.Bytes);
    }

    [Theory]
    [InlineData("""{"b":1,"a":{"d":[{"y":1,"x":2}],"c":"\u00e9\""}}""", """{ "a" : {"c":"é\"","d":[{"x":2,"y":1}]}, "b" : 1 }""", true)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":1.0}""", """{"a":1}""", false)]
    [InlineData("""{"a":null}""", """{}""", false)]
    [InlineData("""{"a":"b\",\"c"}""", """{"a":"b","c":""}""", false)]
    public void Arguments_are_equal_whatever_the_order_of_members(string one, string other, bool areEqual) =>
        Assert.Equal(areEqual, CanonicalArguments.Bytes(JsonElement.Parse(one)).SequenceEqual(CanonicalArguments.Bytes(JsonElement.Parse(other))));

    private static CacheKey Key(ulong number) => new(0, number);

    private static Answer Text(int length) => new(AnswerForm.Text, new byte[length], null);
}
