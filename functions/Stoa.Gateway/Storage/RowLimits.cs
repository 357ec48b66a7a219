using System.Buffers;
using System.Text;

namespace Stoa.Gateway.Storage;

/// <summary>What every row store accepts, checked before anything is sent, so that code which runs on memory also runs on Azure.</summary>
internal static class RowLimits
{
    public const int MaxKeyLength = 512;
    public const int MaxValueBytes = 60_000;
    public const int MaxBatch = 100;
    public const int MaxBatchBytes = 2_000_000;
    public const int MaxPage = 1000;

    private static readonly SearchValues<char> Alphanumeric =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Reserved = SearchValues.Create(@"/\#?");

    public static void CheckTable(string table)
    {
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || table.AsSpan().ContainsAnyExcept(Alphanumeric))
        {
            throw new ArgumentException($"Table name '{table}' is not 3 to 63 letters and digits with a letter first.", nameof(table));
        }
    }

    public static void CheckRow(string partition, string key)
    {
        CheckKey(partition, nameof(partition));
        CheckKey(key, nameof(key));
    }

    public static void CheckList(RowRange range, int take)
    {
        if (range.Partition is { } partition)
        {
            CheckKey(partition, nameof(range));
        }
        else if (range.From is not null || range.To is not null)
        {
            throw new ArgumentException("A range of keys needs a partition.", nameof(range));
        }

        CheckText(range.From ?? "", nameof(range));
        CheckText(range.To ?? "", nameof(range));
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, MaxPage);
    }

    public static void Check(IReadOnlyList<RowChange> changes)
    {
        if (changes.Count is 0 or > MaxBatch)
        {
            throw new ArgumentException($"A batch holds 1 to {MaxBatch} changes, not {changes.Count}.", nameof(changes));
        }

        var keys = new HashSet<string>(changes.Count, StringComparer.Ordinal);
        var bytes = 0;
        foreach (var change in changes)
        {
            Check(change);
            bytes += change.Value.Length;
            if (change.Partition != changes[0].Partition)
            {
                throw new ArgumentException("A batch stays within one partition.", nameof(changes));
            }

            if (!keys.Add(change.Key))
            {
                throw new ArgumentException($"Row '{change.Key}' occurs twice in one batch.", nameof(changes));
            }
        }

        if (bytes > MaxBatchBytes)
        {
            throw new ArgumentException($"The values of a batch take at most {MaxBatchBytes} bytes, not {bytes}.", nameof(changes));
        }
    }

    public static void Check(RowChange change)
    {
        if (change.Partition is null || change.Key is null)
        {
            throw new ArgumentException("A change is made by Insert, Replace or Delete.", nameof(change));
        }

        CheckRow(change.Partition, change.Key);
        if (change.Value.Length > MaxValueBytes)
        {
            throw new ArgumentException($"A row's value takes at most {MaxValueBytes} bytes, not {change.Value.Length}.", nameof(change));
        }

        if (change.Kind is not ChangeKind.Insert)
        {
            CheckExpected(change.Expected);
        }
    }

    /// <summary>A version from the store, and not the wildcard that would make the write a blind one.</summary>
    public static void CheckExpected(ETag expected)
    {
        if (string.IsNullOrEmpty(expected.Value) || expected.Value is "*" || expected.Value.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("Replace and delete name the version that they expect.", nameof(expected));
        }
    }

    private static void CheckKey(string key, string parameter)
    {
        CheckText(key, parameter);
        if (key.Length is 0 or > MaxKeyLength || key.AsSpan().ContainsAny(Reserved))
        {
            throw new ArgumentException($@"A key is 1 to {MaxKeyLength} characters without / \ # and ?.", parameter);
        }
    }

    private static void CheckText(string text, string parameter)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                throw new ArgumentException("A key is well-formed Unicode without control characters or U+FFFD.", parameter);
            }
        }
    }
}
