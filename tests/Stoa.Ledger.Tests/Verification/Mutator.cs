using System.Security.Cryptography;
using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Does one random thing to a ledger whose records are all sealed.</summary>
internal sealed class Mutator(SampleLedger ledger, Random random)
{
    private readonly Dictionary<string, byte[]> _files = ledger.Files;

    public static IReadOnlyList<string> Kinds { get; } =
    [
        "flip", "flip", "drop", "swap", "duplicate", "truncate", "insert garbage", "insert record", "re-chain, no key", "re-chain, other key", "re-chain, old checkpoints",
        "roll back", "flip in tile", "delete tile", "flip in checkpoint", "other key", "delete checkpoint", "flip in segments", "delete segments", "delete blob", "unregister",
    ];

    public Mutation? Make(string kind) => kind switch
    {
        "flip" => Flip(),
        "drop" => Drop(),
        "swap" => Swap(),
        "duplicate" => Duplicate(),
        "truncate" => Truncate(),
        "insert garbage" => Insert(Encoding.UTF8.GetBytes($"garbage {random.Next()}\n"), null),
        "insert record" => InsertRecord(),
        "re-chain, no key" => new Rechain(ledger, Any(), random).With(text => Resign(text, null)),
        "re-chain, other key" => ReSignedBySomebody(),
        "re-chain, old checkpoints" => new Rechain(ledger, Any(), random).With(null),
        "roll back" => RollBack(),
        "flip in tile" => FlipIn("tile/", (file, f) => f.Kind is FindingKind.TileDiffers && f.File == file),
        "delete tile" => Delete("tile/", (file, f) => f.Kind is FindingKind.TileMissing && f.File == file),
        "flip in checkpoint" => FlipIn("checkpoints/", (file, f) => f.Kind is FindingKind.SignatureWrong or FindingKind.UnknownKey or FindingKind.CheckpointMalformed && f.File == file),
        "other key" => SignedBySomebody(),
        "delete checkpoint" => Delete("checkpoints/", (file, f) => f.Kind is FindingKind.CheckpointMissing && f.File == file, except: Checkpoint.NameOf(ledger.Checkpoints[^1].Size)),
        "flip in segments" => FlipIn("segments/", (file, f) => f.Kind is FindingKind.SegmentListDiffers && f.File == file),
        "delete segments" => Delete("segments/", (file, f) => f.Kind is FindingKind.SegmentListMissing && f.File == file),
        "delete blob" => DeleteBlob(),
        "unregister" => Unregister(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private Mutation Flip()
    {
        var record = Any();
        var at = record.Offset + random.Next(record.Length);
        var bytes = _files[record.Blob].ToArray();
        bytes[at] ^= (byte)(1 << random.Next(8));
        return Changed($"flip at {record.Blob} {at}", record.Blob, bytes, f => Mutation.Names(f, record));
    }

    private Mutation Drop()
    {
        var record = Any();
        return Changed($"drop {record.Sequence} of {record.Blob}", record.Blob, Join([.. Lines(record.Blob).Where(l => l.Offset != record.Offset)]), f => Mutation.Names(f, record));
    }

    private Mutation? Swap()
    {
        var lines = Lines(Any().Blob);
        var (a, b) = (random.Next(lines.Count), random.Next(lines.Count));
        var (first, second) = (lines[a], lines[b]);
        if (a == b)
        {
            return null;
        }

        (lines[a], lines[b]) = (second, first);
        return Changed($"swap {first.Sequence} and {second.Sequence} of {first.Blob}", first.Blob, Join(lines), f => Mutation.Names(f, first) || Mutation.Names(f, second));
    }

    // Right is the copy: by the place it was put, or by the record it repeats.
    private Mutation Duplicate()
    {
        var lines = Lines(Any().Blob);
        var (record, at) = (lines[random.Next(lines.Count)], random.Next(lines.Count + 1));
        var offset = lines.Take(at).Sum(l => l.Length);
        lines.Insert(at, record);
        return Changed(
            $"duplicate {record.Sequence} of {record.Blob} at line {at}", record.Blob, Join(lines),
            f => f.Kind is FindingKind.DuplicateRecord && f.File == record.Blob && (f.Offset == offset || f.Sequence == record.Sequence));
    }

    // Right is the first record that is no longer whole.
    private Mutation Truncate()
    {
        var blob = Any().Blob;
        var length = random.Next(_files[blob].Length);
        var first = Lines(blob).First(l => l.Offset + l.Length > length);
        return Changed($"truncate {blob} to {length}", blob, _files[blob][..length], f => f.Kind is FindingKind.TruncatedBlob && Mutation.Names(f, first));
    }

    private Mutation InsertRecord()
    {
        var like = Any();
        var text = Encoding.UTF8.GetString(like.Line);
        return Insert(Encoding.UTF8.GetBytes(text.Replace("\"id\":\"", "\"id\":\"f", StringComparison.Ordinal) + "\n"), like);
    }

    // Right is the line: by its place, or by the sequence that it claims.
    private Mutation Insert(byte[] line, SampleRecord? like)
    {
        var blob = like?.Blob ?? Any().Blob;
        var lines = Lines(blob);
        var before = lines.Take(random.Next(lines.Count + 1)).Sum(l => l.Length);
        var bytes = _files[blob];
        return Changed(
            $"insert {(like is null ? "garbage" : $"another {like.Sequence}")} in {blob} at {before}", blob, [.. bytes[..before], .. line, .. bytes[before..]],
            f => f.IsTampering && f.File == blob && (f.Offset == before || (like is not null && f.Sequence == like.Sequence && f.Kind is FindingKind.Fork)));
    }

    // Right is that the log is shorter than the checkpoint that was kept.
    private Mutation? RollBack()
    {
        if (ledger.Checkpoints.Count < 2)
        {
            return null;
        }

        var older = ledger.Checkpoints[random.Next(ledger.Checkpoints.Count - 1)];
        var files = new Dictionary<string, byte[]>(_files);
        foreach (var name in _files.Keys)
        {
            var isLater = TilePath.TryParse(name, out var tile) ? tile.End > older.Size
                : (name.StartsWith(Checkpoint.Folder, StringComparison.Ordinal) || name.StartsWith(SegmentList.Folder, StringComparison.Ordinal)) && long.Parse(name.Split('/')[1]) > older.Size;
            if (isLater)
            {
                files.Remove(name);
            }
            else if (name.StartsWith(LedgerBlobName.Folder, StringComparison.Ordinal))
            {
                files[name] = _files[name][..(int)ledger.Records.Where(r => r.Blob == name && r.Index < older.Size).Sum(r => r.Length)];
            }
        }

        return new($"roll back to {older.Size}", files, f => f.Kind is FindingKind.RollBack && f.TreeIndex == older.Size) { Kept = ledger.Checkpoints[^1] };
    }

    private Mutation? ReSignedBySomebody()
    {
        using var somebody = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Rechain(ledger, Any(), random).With(text => Resign(text, somebody));
    }

    private Mutation SignedBySomebody()
    {
        using var somebody = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var checkpoint = ledger.Checkpoints[random.Next(ledger.Checkpoints.Count)];
        var file = Checkpoint.NameOf(checkpoint.Size);
        var root = random.Next(2) == 0 ? checkpoint.Root : MerkleHash.Leaf([1]);
        return Changed($"{file} by another key", file, SampleLedger.Sign((checkpoint with { Root = root }).ToText(), somebody), f => f.Kind is FindingKind.UnknownKey && f.File == file);
    }

    private Mutation DeleteBlob()
    {
        var first = Lines(Any().Blob)[0];
        return Changed($"delete {first.Blob}", first.Blob, null, f => f.Kind is FindingKind.MissingBlob && Mutation.Names(f, first));
    }

    private Mutation Unregister()
    {
        var lines = Encoding.UTF8.GetString(_files[Registration.FileName]).TrimEnd('\n').Split('\n').ToList();
        var at = random.Next(lines.Count);
        Assert.True(Registration.TryParse(Encoding.UTF8.GetBytes(lines[at]), out var gone));
        lines.RemoveAt(at);
        return Changed(
            $"unregister {gone.Instance}", Registration.FileName, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))),
            f => f.Kind is FindingKind.UnregisteredInstance && f.File.Contains(gone.Instance.ToString(), StringComparison.Ordinal));
    }

    private Mutation? FlipIn(string folder, Func<string, Finding, bool> isRight)
    {
        if (AnyIn(folder, "") is not { } file)
        {
            return null;
        }

        var bytes = _files[file].ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return Changed($"flip in {file}", file, bytes, f => isRight(file, f));
    }

    private Mutation? Delete(string folder, Func<string, Finding, bool> isRight, string except = "") =>
        AnyIn(folder, except) is { } file ? Changed($"delete {file}", file, null, f => isRight(file, f)) : null;

    private Mutation Changed(string what, string file, byte[]? content, Func<Finding, bool> isRight)
    {
        var files = new Dictionary<string, byte[]>(_files);
        if (content is null)
        {
            files.Remove(file);
        }
        else
        {
            files[file] = content;
        }

        return new(what, files, isRight);
    }

    // The old signature under a new text, or a signature by a key of one's own.
    private byte[] Resign(Checkpoint checkpoint, ECDsa? somebody)
    {
        if (somebody is not null)
        {
            return SampleLedger.Sign(checkpoint.ToText(), somebody);
        }

        Assert.True(SignedNote.TryParse(_files[Checkpoint.NameOf(checkpoint.Size)], out var note));
        return new SignedNote(checkpoint.ToText(), note.Signatures).ToBytes();
    }

    private SampleRecord Any() => ledger.Records[random.Next(ledger.Records.Count)];

    private string? AnyIn(string folder, string except)
    {
        var names = _files.Keys.Where(n => n.StartsWith(folder, StringComparison.Ordinal) && n != except).Order(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? null : names[random.Next(names.Length)];
    }

    private List<SampleRecord> Lines(string blob) => [.. ledger.Records.Where(r => r.Blob == blob).OrderBy(r => r.Offset)];

    private static byte[] Join(List<SampleRecord> lines) => [.. lines.SelectMany(l => l.Line.Append((byte)'\n'))];
}
