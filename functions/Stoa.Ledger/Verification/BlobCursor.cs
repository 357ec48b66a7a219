namespace Stoa.Ledger.Verification;

/// <summary>How far a blob has been read.</summary>
internal sealed class BlobCursor
{
    /// <summary>Where the segments so far say that the next begins.</summary>
    public long Sealed { get; set; }

    /// <summary>How many bytes later it really begins, after bytes were put in or taken out.</summary>
    public long Shift { get; set; }

    /// <summary>Whether it has been told that the blob, or its end, is not there.</summary>
    public bool IsCut { get; set; }

    /// <summary>How many ranges without a list there had been; segments may be missing since.</summary>
    public int Holes { get; set; }

    public long Position => Sealed + Shift;
}
