namespace Stoa.Ledger.Records;

/// <summary>What a record is to the format. In records: the name in lower case.</summary>
internal enum RecordType
{
    /// <summary>The first of an instance, with seq 0; its hash is in the registry.</summary>
    Open,

    /// <summary>The last of an instance that stopped in order.</summary>
    Close,

    /// <summary>A call is about to reach its upstream.</summary>
    Intent,

    /// <summary>How the call of an intent ended.</summary>
    Outcome,

    /// <summary>Something that happened at once: a refusal, a change, a login.</summary>
    Event,

    /// <summary>A remark of the ledger's writer about itself.</summary>
    Note,
}
