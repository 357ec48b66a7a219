using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>A ledger written and sealed as gateways do it: some instances, blobs of ten minutes, calls with intents and outcomes, sealings in between.</summary>
internal sealed class SampleLedger
{
    public const string Origin = "stoa.example/audit";

    private readonly Dictionary<string, MemoryStream> _blobs = [];
    private readonly Dictionary<string, (long Sealed, long Next)> _cursors = [];
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly TileBuilder _tiles = new();
    private readonly StringBuilder _registry = new();
    private readonly List<SampleWriter> _writers = [];
    private readonly ECDsa _secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Random _random;
    private readonly int _seed;

    public SampleLedger(int seed)
    {
        (_seed, _random) = (seed, new(seed));
        Key = NoteKey.Of(_secret);
    }

    public NoteKey Key { get; }

    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 7, 30, TimeSpan.Zero);

    public List<SampleRecord> Records { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public IReadOnlyList<SampleWriter> Writers => _writers;

    /// <summary>The files as they are now.</summary>
    public Dictionary<string, byte[]> Files
    {
        get
        {
            var files = new Dictionary<string, byte[]>(_files) { [Registration.FileName] = Encoding.UTF8.GetBytes(_registry.ToString()) };
            foreach (var (name, bytes) in _blobs)
            {
                files[name] = bytes.ToArray();
            }

            return files;
        }
    }

    /// <summary>A whole life: so many records, several instances that come and go, everything closed and sealed.</summary>
    public static SampleLedger Lived(int seed, int records, int sealEvery = 90)
    {
        var ledger = new SampleLedger(seed);
        while (ledger.Records.Count < records)
        {
            ledger.Step(sealEvery);
        }

        foreach (var writer in ledger._writers)
        {
            writer.Close();
        }

        ledger.Seal();
        return ledger;
    }

    public SampleWriter Start()
    {
        var id = new InstanceId(new((ulong)_random.NextInt64(), (ulong)_random.NextInt64()));
        var writer = new SampleWriter(this, id, _random);
        _writers.Add(writer);
        return writer;
    }

    internal void Register(Registration registration) => _registry.Append(registration.ToLine()).Append('\n');

    internal SampleRecord Append(LedgerBlobName name, long sequence, byte[] line, string id)
    {
        var blob = name.ToString();
        if (!_blobs.TryGetValue(blob, out var stream))
        {
            _blobs.Add(blob, stream = new());
        }

        var record = new SampleRecord(name.Instance, sequence, blob, stream.Length, line, MerkleHash.Leaf(line), id);
        stream.Write(line);
        stream.WriteByte((byte)'\n');
        Records.Add(record);
        return record;
    }

    /// <summary>What the sealer does.</summary>
    public void Seal()
    {
        var segments = new List<Segment>();
        foreach (var blob in _blobs.Keys.Select(LedgerBlobName.Parse).OrderBy(b => b.Slot).ThenBy(b => b.Instance.Value).ThenBy(b => b.Part))
        {
            var name = blob.ToString();
            var from = _cursors.GetValueOrDefault(name).Sealed;
            var fresh = Records.Where(r => r.Blob == name && r.Offset >= from).ToArray();
            if (fresh.Length == 0)
            {
                continue;
            }

            foreach (var record in fresh)
            {
                record.Index = _tiles.Size;
                _tiles.Append(record.Leaf);
            }

            segments.Add(new(name, from, _blobs[name].Length, fresh[0].Sequence, fresh.Length));
            _cursors[name] = (_blobs[name].Length, fresh[^1].Sequence + 1);
        }

        if (segments.Count == 0)
        {
            return;
        }

        foreach (var tile in _tiles.TakeCompleted())
        {
            _files.Add(tile.Path.ToString(), tile.Hashes.ToArray());
        }

        var list = new SegmentList(segments).ToBytes();
        var checkpoint = new Checkpoint(Origin, _tiles.Size, _tiles.Root(), SegmentList.HashOf(list), Checkpoints.Count == 0 ? 0 : Checkpoints[^1].Size);
        _files.Add(SegmentList.NameOf(checkpoint.Size), list);
        _files.Add(Checkpoint.NameOf(checkpoint.Size), Sign(checkpoint.ToText()));
        Checkpoints.Add(checkpoint);
    }

    public byte[] Sign(string text) => Sign(text, _secret);

    public static byte[] Sign(string text, ECDsa secret)
    {
        using var key = NoteKey.Of(secret);
        var signing = new NoteSigner(Origin, key, (digest, _) => new(secret.SignHash(digest.ToArray()))).SignAsync(text, CancellationToken.None);
        return signing.AsTask().GetAwaiter().GetResult().ToBytes();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ledger of seed {_seed}, {Records.Count} records");

    private void Step(int sealEvery)
    {
        Now = Now.AddMilliseconds(_random.Next(1, 5_000));
        if (_writers.Count(w => !w.IsClosed) < 2 || _random.Next(150) == 0)
        {
            Start();
        }

        var open = _writers.Where(w => !w.IsClosed).ToArray();
        var writer = open[_random.Next(open.Length)];
        writer.Act();
        if (open.Length > 2 && _random.Next(100) == 0)
        {
            writer.Close();
        }

        if (_random.Next(sealEvery) == 0)
        {
            Seal();
        }
    }
}
