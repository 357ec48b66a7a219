using System.Text;
using System.Text.Json;
using Stoa.Gateway.Audit.Trail;

namespace Stoa.Gateway.Manage;

/// <summary>Records as CSV (RFC 4180): the members that a spreadsheet has a use for, one line per record.</summary>
internal static class AuditCsv
{
    public const string Header = "ts,id,type,tenant,consumer,credential,door,op,target,outcome,trace,ms,microUsd,status,sealed\r\n";

    private static readonly string[] Members = ["ts", "id", "type", "tenant", "consumer", "credential", "door", "op", "target", "outcome", "trace", "ms", "microUsd"];

    public static void Append(StringBuilder text, FoundRecord found)
    {
        var record = JsonElement.Parse(found.Line);
        foreach (var member in Members)
        {
            text.Append(record.TryGetProperty(member, out var value) ? UsageCsv.Quoted(value.ToString()) : "").Append(',');
        }

        var status = record.TryGetProperty("upstream", out var upstream) && upstream.TryGetProperty("status", out var number) ? number.ToString() : "";
        text.Append(status).Append(',').Append(found.IsSealed ? "true" : "false").Append("\r\n");
    }
}
