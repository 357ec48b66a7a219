using System.Text.Json;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Keys;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Finds the key under which a record's contents were hashed, as whoever runs the gateway can.</summary>
internal static class SubjectKeyOf
{
    public static async Task<SubjectKey> RecordAsync(GatewayPorts ports, JsonElement record, CancellationToken ct)
    {
        var keys = new SubjectKeys(ports.Rows, new Sealer(new KeyRing(ports.Blobs, ports.KeyWrap, TimeProvider.System)), TimeSpan.Zero, TimeProvider.System);
        await foreach (var key in keys.AllAsync(record.Text("tenantUid")!, record.Text("consumer")!, ct))
        {
            return key;
        }

        throw new Xunit.Sdk.XunitException($"There is no key of {record.Text("consumer")}.");
    }
}
