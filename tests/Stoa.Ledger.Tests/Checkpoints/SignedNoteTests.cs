using System.Security.Cryptography;
using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Tests.Checkpoints;

/// <summary>Notes, keys and checkpoints as C2SP lays them out: its examples, and ours.</summary>
public sealed class SignedNoteTests
{
    private const string Example =
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private const string Poem =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        + "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

    [Theory]
    [InlineData(Example, "This is an example message.\n", "example.com/foo", 0x530d903a)]
    [InlineData(Poem, "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n", "quasimodo.example/salvatore", 0x367ba04b)]
    public void The_examples_of_C2SP_are_read_and_written(string bytes, string text, string name, uint id)
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(bytes), out var note));

        Assert.Equal(text, note.Text);
        var signature = Assert.Single(note.Signatures);
        Assert.Equal((name, id, 64), (signature.Name, signature.KeyId, signature.Signature.Length));
        Assert.Equal(bytes, Encoding.UTF8.GetString(note.ToBytes()));
    }

    // The key of a public log (recovery images of ChromeOS), which is of our signature type.
    [Fact]
    public void Ids_of_keys_are_those_that_others_compute()
    {
        const string PublicKey = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEW/0IGDyIKy/lA10CIjNV4dy3G1jVLIhabzRLJJDSD9nesZLv6Pqe0MVRGjncQkCjh4lOwOsOwMbdRaux8R912w==";
        using var key = new NoteKey(Convert.FromBase64String(PublicKey));
        var id = Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(PublicKey)))[..8];

        var text = key.ToVerifierKey("recoverylog.chromebook.com");

        Assert.StartsWith($"recoverylog.chromebook.com+{id}+AjBZMBMG", text, StringComparison.Ordinal);
        Assert.True(NoteKey.TryParse(text, out var again));
        Assert.Equal(key.Id, again.Id);
        Assert.True(NoteKey.TryParse(key.ToPem(), out var fromPem));
        Assert.Equal(key.Id, fromPem.Id);
        Assert.False(NoteKey.TryParse(text.Replace(id, "00000000", StringComparison.Ordinal), out _));
    }

    // One key may sign several logs: who was given the name of one must not be shown another.
    [Fact]
    public async Task A_verifier_key_speaks_for_the_log_that_it_names_and_no_other()
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = NoteKey.Of(secret);
        var note = await new NoteSigner("staging.example", key, (digest, _) => new(secret.SignHash(digest.ToArray()))).SignAsync("text\n", TestContext.Current.CancellationToken);
        Assert.True(NoteKey.TryParse(key.ToVerifierKey("production.example"), out var production));
        Assert.True(NoteKey.TryParse(key.ToVerifierKey("staging.example"), out var staging));
        Assert.True(NoteKey.TryParse(key.ToPem(), out var nameless));

        Assert.Equal(SignatureVerdict.UnknownKey, production.Judge(note, "staging.example"));
        Assert.Equal(SignatureVerdict.Good, staging.Judge(note, "staging.example"));
        Assert.Equal(SignatureVerdict.Good, nameless.Judge(note, "staging.example"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no signature\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n- example.com/foo Uw2QOkn8srV1\n")]
    [InlineData("text\n\n— example.com/foo Uw2QOg==\n")]
    [InlineData("text\n\n— example.com/foo Uw2QOkn8srV=\n")]
    [InlineData("text\n\n— example.com/foo Uw2QOkn8srV1")]
    [InlineData("text\n\n— example+foo Uw2QOkn8srV1\n")]
    [InlineData("text\r\n\n— example.com/foo Uw2QOkn8srV1\n")]
    [InlineData("text\n\n— example.com/foo Uw2QOkn8srV1\nmore\n")]
    public void Anything_else_is_not_a_note(string bytes) => Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(bytes), out _));

    [Fact]
    public async Task A_checkpoint_is_signed_and_verified()
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = NoteKey.Of(secret);
        using var otherSecret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = NoteKey.Of(otherSecret);
        var signer = new NoteSigner("example.com/audit", key, (digest, _) => new(secret.SignHash(digest.ToArray())));
        var checkpoint = new Checkpoint("example.com/audit", 20_852_163, MerkleHash.Leaf([1]), MerkleHash.Leaf([2]), 20_850_000);

        var note = await signer.SignAsync(checkpoint.ToText(), TestContext.Current.CancellationToken);

        Assert.True(SignedNote.TryParse(note.ToBytes(), out var read));
        Assert.True(Checkpoint.TryParse(read.Text, out var same));
        Assert.Equal(checkpoint, same);
        Assert.Equal(SignatureVerdict.Good, key.Judge(read, "example.com/audit"));
        Assert.Equal(SignatureVerdict.UnknownKey, other.Judge(read, "example.com/audit"));
        Assert.Equal(SignatureVerdict.Wrong, key.Judge(new(read.Text.Replace("20852163", "20852164", StringComparison.Ordinal), read.Signatures), "example.com/audit"));
        Assert.Equal(SignatureVerdict.UnknownKey, key.Judge(read, "example.com/other"));
    }

    [Fact]
    public async Task Numbers_that_begin_with_zeros_are_signed_too()
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = NoteKey.Of(secret);
        var (r, s) = (false, false);
        var signer = new NoteSigner("n", key, (digest, _) =>
        {
            var signature = secret.SignHash(digest.ToArray());
            (r, s) = (r || signature[0] == 0, s || signature[32] == 0);
            return new(signature);
        });

        // One in 256 does, each of the two: that none of so many would is beyond all chance.
        for (var i = 0; !(r && s); i++)
        {
            Assert.True(i < 10_000, "None of 10,000 signatures had a number that begins with zeros.");
            await signer.SignAsync($"{i}\n", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_key_that_is_not_the_published_one_does_not_sign()
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var otherSecret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = NoteKey.Of(otherSecret);
        var signer = new NoteSigner("n", key, (digest, _) => new(secret.SignHash(digest.ToArray())));

        await Assert.ThrowsAsync<CryptographicException>(async () => await signer.SignAsync("text\n", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nsegments CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 0\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nsegments CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 1\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nsegments CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 0\n\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nsegments CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 0\n")]
    public void Other_texts_are_not_checkpoints_of_ours(string text) => Assert.False(Checkpoint.TryParse(text, out _));
}
