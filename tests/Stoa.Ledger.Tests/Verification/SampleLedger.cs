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

    private readonly Dictionary<string, SampleBlob> _blobs = [];
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

    /// <summary>Members of every record that has any of its own, as JSON.</summary>
    public string More { get; init; } = "";

    /// <summary>A blob that sealings do not see.</summary>
    public string? HoldBack { get; set; }

    public List<SampleRecord> Records { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public IReadOnlyList<SampleWriter> Writers => _writers;

    /// <summary>The files as they are now.</summary>
    public Dictionary<string, byte[]> Files
    {
        get
        {
            var files = new Dictionary<string, byte[]>(_files) { [Registration.FileName] = Encoding.UTF8.GetBytes(_registry.ToString()) };
            foreach (var (name, blob) in _blobs)
            {
                files[name] = blob.Bytes.ToArray();
            }

            return files;
        }
    }

    /// <summary>A whole life: so many records, several instances that come and go, everything closed and sealed.</summary>
    public static SampleLedger Lived(int seed, int records, int sealEvery = 90, string more = "")
    {
        var ledger = new SampleLedger(seed) { More = more };
        while (ledger.Records.Count < records)
        {
            ledger.Step(sealEvery);
        }

        ledger.CloseAll();
        ledger.Seal();
        return ledger;
    }

    public void CloseAll()
    {
        foreach (var writer in _writers)
        {
            writer.Close();
        }
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
        if (!_blobs.TryGetValue(blob, out var content))
        {
            _blobs.Add(blob, content = new(name));
        }

        var record = new SampleRecord(name.Instance, sequence, blob, content.Bytes.Length, line, MerkleHash.Leaf(line), id);
        content.Bytes.Write(line);
        content.Bytes.WriteByte((byte)'\n');
        content.Fresh.Add(record);
        Records.Add(record);
        return record;
    }

    /// <summary>What the sealer does.</summary>
    public void Seal()
    {
        var segments = new List<Segment>();
        foreach (var (name, blob) in _blobs.Where(b => b.Value.Fresh.Count > 0 && b.Key != HoldBack).OrderBy(b => b.Value.Name.Slot).ThenBy(b => b.Value.Name.Instance.Value).ThenBy(b => b.Value.Name.Part))
        {
            foreach (var record in blob.Fresh)
            {
                record.Index = _tiles.Size;
                _tiles.Append(record.Leaf);
            }

            segments.Add(new(name, blob.Fresh[0].Offset, blob.Bytes.Length, blob.Fresh[0].Sequence, blob.Fresh.Count));
            blob.Fresh.Clear();
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

    /// <summary>One record more, and what else happens then.</summary>
    public void Step(int sealEvery)
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

    private sealed class SampleBlob(LedgerBlobName name)
    {
        public LedgerBlobName Name => name;

        public MemoryStream Bytes { get; } = new();

        /// <summary>What is not sealed.</summary>
        public List<SampleRecord> Fresh { get; } = [];
    }
}
