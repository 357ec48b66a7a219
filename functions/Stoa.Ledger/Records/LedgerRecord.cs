using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Records;

/// <summary>The members of a record that the format itself knows. Spans point into the line that was read.</summary>
internal readonly ref struct LedgerRecord
{
    /// <summary>Bytes of a line without its end.</summary>
    public const int MaxBytes = 32 * 1024;

    public const int MinIdLength = 26;

    public const int MaxIdLength = 64;

    private static readonly SearchValues<byte> IdCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);

    private LedgerRecord(InstanceId instance, long sequence, Sha256Hash previous, RecordType type, DateTimeOffset time, ReadOnlySpan<byte> id, ReadOnlySpan<byte> intent)
    {
        (Instance, Sequence, Previous, Type, Time) = (instance, sequence, previous, type, time);
        Id = id;
        Intent = intent;
    }

    /// <summary><c>inst</c></summary>
    public InstanceId Instance { get; }

    /// <summary><c>seq</c></summary>
    public long Sequence { get; }

    /// <summary><c>prev</c>: the leaf hash of the instance's record before; zeros in the first.</summary>
    public Sha256Hash Previous { get; }

    public RecordType Type { get; }

    /// <summary><c>ts</c></summary>
    public DateTimeOffset Time { get; }

    public ReadOnlySpan<byte> Id { get; }

    /// <summary>Of an outcome: the id of its intent. Empty elsewhere.</summary>
    public ReadOnlySpan<byte> Intent { get; }

    /// <summary>Reads a line without its end; says what is wrong with one that is not a record.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LedgerRecord record, [NotNullWhen(false)] out string? fault)
    {
        record = default;
        if (line.Length > MaxBytes)
        {
            fault = $"it has {line.Length} bytes, more than {MaxBytes}";
            return false;
        }

        if (!Members.TryRead(line, out var members))
        {
            fault = "it is not a canonical JSON object (RFC 8785)";
            return false;
        }

        fault = members.Fault();
        if (fault is not null)
        {
            return false;
        }

        record = new(members.Instance, members.Sequence, members.Previous, members.Type, members.Time, members.Id, members.Intent);
        return true;
    }

    /// <summary>As they are found, before it is known whether they are all there. Canonical JSON has no member twice, and nothing here has escapes.</summary>
    private ref struct Members
    {
        private bool _isVersionOne;
        private bool _hasInstance;
        private bool _hasPrevious;
        private bool _hasType;
        private bool _hasTime;
        private bool _hasLastHash;
        private Sha256Hash _lastHash;
        private long _lastSequence;

        public InstanceId Instance;
        public long Sequence;
        public Sha256Hash Previous;
        public RecordType Type;
        public DateTimeOffset Time;
        public ReadOnlySpan<byte> Id;
        public ReadOnlySpan<byte> Intent;

        public static bool TryRead(ReadOnlySpan<byte> line, out Members members)
        {
            members = new Members { Sequence = -1, _lastSequence = -1 };
            var json = new CanonicalCheck(line);
            if (!json.BeginObject())
            {
                return false;
            }

            while (json.TryReadMember(out var name, out var value))
            {
                members.Take(name, value);
            }

            return json.EndObject();
        }

        private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            var text = value is [(byte)'"', .. var inner, (byte)'"'] ? inner : default;
            switch (name)
            {
                case var _ when name.SequenceEqual("id"u8):
                    Id = text;
                    break;
                case var _ when name.SequenceEqual("inst"u8):
                    _hasInstance = InstanceId.TryParse(text, out Instance);
                    break;
                case var _ when name.SequenceEqual("intent"u8):
                    Intent = text;
                    break;
                case var _ when name.SequenceEqual("lastHash"u8):
                    _hasLastHash = Sha256Hash.TryParseHex(text, out _lastHash);
                    break;
                case var _ when name.SequenceEqual("lastSeq"u8):
                    _lastSequence = NumberOf(value);
                    break;
                case var _ when name.SequenceEqual("prev"u8):
                    _hasPrevious = Sha256Hash.TryParseHex(text, out Previous);
                    break;
                case var _ when name.SequenceEqual("seq"u8):
                    Sequence = NumberOf(value);
                    break;
                case var _ when name.SequenceEqual("ts"u8):
                    _hasTime = RecordTime.TryParse(text, out Time);
                    break;
                case var _ when name.SequenceEqual("type"u8):
                    _hasType = RecordTypes.TryParse(text, out Type);
                    break;
                case var _ when name.SequenceEqual("v"u8):
                    _isVersionOne = NumberOf(value) == 1;
                    break;
                default:
                    break;
            }
        }

        public readonly string? Fault() =>
            !_isVersionOne ? "`v` is not 1"
            : !_hasInstance ? "`inst` is not 32 lower-case hex digits"
            : Sequence < 0 ? "`seq` is not a number from 0 on"
            : !_hasPrevious ? "`prev` is not 64 lower-case hex digits"
            : !_hasType ? "`type` is none of open, close, intent, outcome, event, note"
            : !_hasTime ? "`ts` is not a UTC time with microseconds"
            : !IsId(Id) ? $"`id` is not {MinIdLength} to {MaxIdLength} of A-Z a-z 0-9 - _"
            : Type is RecordType.Outcome != !Intent.IsEmpty || (!Intent.IsEmpty && !IsId(Intent)) ? "an outcome, and nothing else, has `intent`, the id of its intent"
            : Type is RecordType.Open != (Sequence == 0) ? "an instance's first record, and no other, is its `open`"
            : Type is RecordType.Close && (!_hasLastHash || _lastSequence != Sequence - 1 || _lastHash != Previous) ? "`lastSeq` and `lastHash` of a close are not those of the record before"
            : Type is RecordType.Open && Previous != default ? "`prev` of an open is not 64 zeros"
            : null;

        private static long NumberOf(ReadOnlySpan<byte> value) => Utf8Parser.TryParse(value, out long number, out var read) && read == value.Length ? number : -1;

        private static bool IsId(ReadOnlySpan<byte> id) => id.Length is >= MinIdLength and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);
    }
}
