using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>A ledger's files in memory.</summary>
internal sealed class MemorySource(IReadOnlyDictionary<string, byte[]> files) : LedgerSource
{
    public override IEnumerable<string> List(string folder) => files.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal));

    public override Stream? Open(string name) => files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : null;
}
