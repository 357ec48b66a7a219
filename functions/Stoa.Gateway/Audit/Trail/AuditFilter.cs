using System.Text;
using System.Text.Json;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>Which records are asked for. What is null does not matter.</summary>
/// <param name="Uid">Only records of this tenant, by what no other tenant ever has.</param>
/// <param name="Tenant">Only records with this tenant's name.</param>
/// <param name="From">Written then or later.</param>
/// <param name="To">Written before.</param>
internal sealed record AuditFilter(string? Uid, string? Tenant, DateTimeOffset From, DateTimeOffset To)
{
    private readonly List<(string Member, string Value, byte[] Text)> _members = [];

    /// <summary>Asks for a member to have this value; null asks nothing.</summary>
    public AuditFilter With(string member, string? value)
    {
        if (value is not null)
        {
            // How it stands in a line: nothing that a stranger chooses can look so inside a value, since quotes are escaped there.
            _members.Add((member, value, Encoding.UTF8.GetBytes($"\"{member}\":\"{JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"")));
        }

        return this;
    }

    public static AuditFilter Of(string? uid, string? tenant, DateTimeOffset from, DateTimeOffset to) =>
        new AuditFilter(uid, tenant, from, to).With("tenantUid", uid).With("tenant", tenant);

    public bool Accepts(ReadOnlySpan<byte> line)
    {
        foreach (var (_, _, text) in _members)
        {
            if (line.IndexOf(text) < 0)
            {
                return false;
            }
        }

        return LedgerRecord.TryParse(line, out var record, out _) && record.Time >= From && record.Time < To && HasMembers(line);
    }

    // The text may stand in a member of a member.
    private bool HasMembers(ReadOnlySpan<byte> line)
    {
        var json = JsonElement.Parse(line);
        return _members.TrueForAll(m => json.TryGetProperty(m.Member, out var value) && value.ValueKind is JsonValueKind.String && value.ValueEquals(m.Value));
    }
}
