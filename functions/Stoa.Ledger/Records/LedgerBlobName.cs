using System.Globalization;
using System.Text;

namespace Stoa.Ledger.Records;

/// <summary>
/// The name of a ledger blob, <c>ledger/yyyy/MM/dd/HH/mm/inst-n.jsonl</c>: the ten minutes in which it was begun, whose it is, and which of its
/// instance in that time.
/// </summary>
internal readonly record struct LedgerBlobName(DateTimeOffset Slot, InstanceId Instance, int Part)
{
    public const string Folder = "ledger/";

    /// <summary>How long an instance writes to one blob.</summary>
    public static readonly TimeSpan SlotLength = TimeSpan.FromMinutes(10);

    private const string SlotPattern = "'ledger/'yyyy'/'MM'/'dd'/'HH'/'mm'/'";
    private const string Extension = ".jsonl";
    private const int SlotTextLength = 24;

    /// <summary>The blob to write to at this time.</summary>
    public static LedgerBlobName At(DateTimeOffset time, InstanceId instance, int part = 0) =>
        new(new DateTimeOffset(time.UtcTicks - (time.UtcTicks % SlotLength.Ticks), TimeSpan.Zero), instance, part);

    /// <exception cref="FormatException">It is no name of a ledger blob.</exception>
    public static LedgerBlobName Parse(string name) => TryParse(name, out var blob) ? blob : throw new FormatException($"{name} is no name of a ledger blob.");

    public static bool TryParse(string name, out LedgerBlobName blob)
    {
        blob = default;
        if (name.Length < SlotTextLength + InstanceId.Length + 2
            || !DateTime.TryParseExact(name[..SlotTextLength], SlotPattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var slot)
            || slot.Ticks % SlotLength.Ticks != 0
            || name[SlotTextLength + InstanceId.Length] != '-' || !name.EndsWith(Extension, StringComparison.Ordinal)
            || !InstanceId.TryParse(Encoding.UTF8.GetBytes(name, SlotTextLength, InstanceId.Length), out var instance)
            || !int.TryParse(name[(SlotTextLength + InstanceId.Length + 1)..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var part))
        {
            return false;
        }

        blob = new(new DateTimeOffset(slot, TimeSpan.Zero), instance, part);
        return blob.ToString() == name;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Slot.UtcDateTime.ToString(SlotPattern, CultureInfo.InvariantCulture)}{Instance}-{Part}{Extension}");
}
