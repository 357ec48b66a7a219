namespace Stoa.Ledger.Records;

/// <summary>The names of <see cref="RecordType"/> in records.</summary>
internal static class RecordTypes
{
    public static string Name(this RecordType type) => type switch
    {
        RecordType.Open => "open",
        RecordType.Close => "close",
        RecordType.Intent => "intent",
        RecordType.Outcome => "outcome",
        RecordType.Event => "event",
        RecordType.Note => "note",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static bool TryParse(ReadOnlySpan<byte> name, out RecordType type)
    {
        RecordType? found = name switch
        {
            _ when name.SequenceEqual("intent"u8) => RecordType.Intent,
            _ when name.SequenceEqual("outcome"u8) => RecordType.Outcome,
            _ when name.SequenceEqual("event"u8) => RecordType.Event,
            _ when name.SequenceEqual("note"u8) => RecordType.Note,
            _ when name.SequenceEqual("open"u8) => RecordType.Open,
            _ when name.SequenceEqual("close"u8) => RecordType.Close,
            _ => null,
        };
        type = found ?? default;
        return found is not null;
    }
}
