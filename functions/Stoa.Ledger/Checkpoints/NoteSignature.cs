namespace Stoa.Ledger.Checkpoints;

/// <summary>One signature line of a note: who signed, the key's id, and the signature itself.</summary>
internal sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Signature);
