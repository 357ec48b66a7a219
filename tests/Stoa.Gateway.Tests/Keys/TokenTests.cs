using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Keys;

namespace Stoa.Gateway.Tests.Keys;

public sealed class TokenTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeyBench _bench = new();

    [Fact]
    public void What_is_signed_opens_again_for_its_purpose_and_for_no_other()
    {
        var signer = new Signer(_bench.Join());

        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(payload =>
        {
            var token = Wait(signer.SignAsync("cursor", payload, None));
            return Wait(signer.OpenAsync("cursor", token, None)) is { } opened
                && opened.Span.SequenceEqual(payload)
                && Wait(signer.OpenAsync("nonce", token, None)) is null
                && Wait(signer.OpenAsync("", token, None)) is null;
        }));
    }

    [Fact]
    public void What_is_sealed_opens_again_at_its_place_and_nowhere_else()
    {
        var sealer = new Sealer(_bench.Join());

        Check.QuickThrowOnFailure(Prop.ForAll<byte[], NonNull<string>, NonNull<string>>((plain, a, b) =>
        {
            string[] place = [a.Get, b.Get];
            var token = Wait(sealer.SealAsync("p", place, plain, None));
            return Wait(sealer.OpenAsync("p", place, token, None)) is { } opened
                && opened.AsSpan().SequenceEqual(plain)
                && Wait(sealer.OpenAsync("q", place, token, None)) is null
                && Wait(sealer.OpenAsync("p", [a.Get + b.Get], token, None)) is null
                && Wait(sealer.OpenAsync("p", [a.Get, b.Get, ""], token, None)) is null
                && Wait(sealer.OpenAsync("p", [a.Get + "x", b.Get], token, None)) is null
                
                && (a.Get == b.Get || Wait(sealer.OpenAsync("p", [b.Get, a.Get], token, None)) is null);
        }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(700)]
    public async Task Any_altered_character_or_length_fails(int length)
    {
        var signer = new Signer(_bench.Join());
        var sealer = new Sealer(_bench.Join());
        var payload = RandomNumberGenerator.GetBytes(length);
        var signed = await signer.SignAsync("p", payload, None);
        var sealedUp = await sealer.SealAsync("p", ["x"], payload, None);
        Assert.NotNull(await signer.OpenAsync("p", signed, None));

        foreach (var altered in Alterations(signed))
        {
            Assert.Null(await signer.OpenAsync("p", altered, None));
        }

        foreach (var altered in Alterations(sealedUp))
        {
            Assert.Null(await sealer.OpenAsync("p", ["x"], altered, None));
        }

        // One is not the other, even under the same purpose.
        Assert.Null(await signer.OpenAsync("p", sealedUp, None));
        Assert.Null(await sealer.OpenAsync("p", ["x"], signed, None));
    }

    [Fact]
    public void Any_text_at_all_is_refused_without_a_fault()
    {
        var signer = new Signer(_bench.Join());
        var sealer = new Sealer(_bench.Join());

        Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>>(text =>
            Wait(signer.OpenAsync("p", text.Get, None)) is null && Wait(sealer.OpenAsync("p", [], text.Get, None)) is null));
    }

    [Fact]
    public async Task Signing_allocates_the_token_and_little_else()
    {
        var signer = new Signer(_bench.Join());
        var payload = new byte[64];
        var token = await signer.SignAsync("p", payload, None);
        var size = 22 + 2 * token.Length;
        PerToken();

        // The runtime may allocate on a thread of ours while it compiles; not in every round.
        Assert.InRange(Enumerable.Range(0, 10).Min(_ => PerToken()), size, size + 8);

        long PerToken()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                var signing = signer.SignAsync("p", payload, None);
                Assert.True(signing.IsCompletedSuccessfully);
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        }
    }

    private static IEnumerable<string> Alterations(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (var at = 0; at < token.Length; at++)
        {
            // The neighbour in the alphabet differs in the lowest bit: in the last character that bit may be one to spare.
            var flipped = Alphabet[Alphabet.IndexOf(token[at], StringComparison.Ordinal) ^ 1];
            yield return token[..at] + flipped + token[(at + 1)..];
        }

        yield return token[..^1];
        yield return token[1..];
        yield return token + "A";
        yield return token + "=";
        yield return token + "==";
        yield return " " + token;
        yield return token + "\n";
        yield return token + token;
        yield return token[..5] + " " + token[5..];
        yield return "";
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
