namespace Stoa.Ledger.Verification;

/// <summary>What a verifier can find. Written in kebab case.</summary>
internal enum FindingKind
{
    /// <summary>A record is not the one that was sealed.</summary>
    AlteredRecord,

    /// <summary>A record that was sealed, or that later ones follow, is not there.</summary>
    MissingRecord,

    /// <summary>A record is there once more.</summary>
    DuplicateRecord,

    /// <summary>A record is not in its place.</summary>
    ReorderedRecord,

    /// <summary>A blob ends before the bytes that were sealed.</summary>
    TruncatedBlob,

    /// <summary>Bytes between records that were never sealed.</summary>
    InsertedBytes,

    /// <summary>Two different records with one instance and sequence, or a record after the close.</summary>
    Fork,

    /// <summary>A record names another hash than that of the record before it.</summary>
    BadPrevious,

    /// <summary>A blob that was sealed is not there.</summary>
    MissingBlob,

    /// <summary>An instance that the registry does not know.</summary>
    UnregisteredInstance,

    /// <summary>The registry has another hash for an instance's first record.</summary>
    RegistryDiffers,

    TileDiffers,

    TileMissing,

    /// <summary>The leaves do not give the root that was signed.</summary>
    RootDiffers,

    SignatureWrong,

    /// <summary>No signature is by a key that was given.</summary>
    UnknownKey,

    CheckpointMalformed,

    CheckpointMissing,

    /// <summary>The log is shorter than it was.</summary>
    RollBack,

    /// <summary>Two histories of one log.</summary>
    SplitView,

    SegmentListDiffers,

    SegmentListMissing,

    /// <summary>An instance ended without saying so.</summary>
    MissingClose,

    IntentWithoutOutcome,

    OutcomeWithoutIntent,

    /// <summary>An instance is registered and has written nothing.</summary>
    InstanceWithoutBlob,

    /// <summary>Bytes that no checkpoint covers yet.</summary>
    UnsealedBytes,

    /// <summary>Bytes that were sealed long after they were written.</summary>
    LateBytes,

    /// <summary>No key was given.</summary>
    SignatureUnchecked,

    /// <summary>A root could not be worked out.</summary>
    RootUnchecked,

    NoCheckpoint,

    RegistryMissing,

    UnknownFile,
}
