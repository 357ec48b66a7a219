using System.Globalization;
using System.Text;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>One instance of a gateway that writes records.</summary>
internal sealed class SampleWriter
{
    private readonly SampleLedger _ledger;
    private readonly Random _random;
    private readonly Queue<string> _calls = [];
    private LedgerBlobName _blob;
    private Sha256Hash _last;
    private long _next;

    public SampleWriter(SampleLedger ledger, InstanceId id, Random random)
    {
        (_ledger, Id, _random) = (ledger, id, random);
        var open = Compose("open", "");
        ledger.Register(new(id, MerkleHash.Leaf(open.Line), ledger.Now));
        Append(open);
    }

    public InstanceId Id { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Begins a call, ends one, or writes an event.</summary>
    public SampleRecord Act() => _random.Next(5) switch
    {
        <= 1 => Begin(),
        2 or 3 when _calls.Count > 0 => End(),
        _ => Write("event", $"\"what\":\"login {_random.Next(1000)} é\","),
    };

    public SampleRecord Begin()
    {
        var record = Write("intent", $"\"tool\":\"get_customer\",\"cost\":{(_random.NextDouble() * 10).ToString("0.####", CultureInfo.InvariantCulture)},");
        _calls.Enqueue(record.Id);
        return record;
    }

    public SampleRecord End() => Write("outcome", $"\"intent\":\"{_calls.Dequeue()}\",\"status\":200,");

    public SampleRecord Write(string type, string more) => Append(Compose(type, more + _ledger.More));

    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        while (_calls.Count > 0)
        {
            End();
        }

        Write("close", $"\"lastHash\":\"{_last}\",\"lastSeq\":{_next - 1},");
        IsClosed = true;
    }

    private (byte[] Line, string Id) Compose(string type, string more)
    {
        var id = Convert.ToHexStringLower(Bytes(13));
        var json = $$"""{{{more}}"id":"{{id}}","inst":"{{Id}}","prev":"{{_last}}","seq":{{_next}},"ts":"{{RecordTime.Format(_ledger.Now)}}","type":"{{type}}","v":1}""";
        return (CanonicalJson.Encode(Encoding.UTF8.GetBytes(json)), id);
    }

    private SampleRecord Append((byte[] Line, string Id) record)
    {
        var slot = LedgerBlobName.At(_ledger.Now, Id);
        _blob = slot.Slot != _blob.Slot ? slot : _random.Next(200) == 0 ? _blob with { Part = _blob.Part + 1 } : _blob;
        var written = _ledger.Append(_blob, _next, record.Line, record.Id);
        (_last, _next) = (written.Leaf, _next + 1);
        return written;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
