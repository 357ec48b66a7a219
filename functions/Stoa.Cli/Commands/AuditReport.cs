using System.Globalization;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Cli.Commands;

/// <summary>The findings about a ledger, for people and for programs.</summary>
internal sealed class AuditReport(int mostKept)
{
    private const int MostShown = 100;

    private readonly List<Finding> _findings = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private bool _isTampered;

    /// <summary>0, 1 or 2; see the command's help.</summary>
    public int ExitCode => _isTampered ? 1 : _counts.Count > 0 ? 2 : 0;

    private string Verdict => _isTampered ? "tampered" : _counts.Count > 0 ? "incomplete" : "ok";

    public void Add(Finding finding)
    {
        _counts[finding.Name] = _counts.GetValueOrDefault(finding.Name) + 1;
        _isTampered |= finding.IsTampering;
        if (_findings.Count < mostKept)
        {
            _findings.Add(finding);
        }
    }

    public JsonObject ToJson(VerifySummary summary) => new()
    {
        ["verdict"] = Verdict,
        ["origin"] = summary.Origin,
        ["size"] = summary.Size,
        ["root"] = summary.Root?.ToBase64(),
        ["checkpoints"] = summary.Checkpoints,
        ["records"] = summary.Records,
        ["unsealed"] = summary.Unsealed,
        ["instances"] = summary.Instances,
        ["running"] = summary.Running,
        ["openCalls"] = summary.OpenCalls,
        ["oldest"] = summary.Oldest is { } oldest ? RecordTime.Format(oldest) : null,
        ["newest"] = summary.Newest is { } newest ? RecordTime.Format(newest) : null,
        ["counts"] = new JsonObject(_counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        ["findings"] = new JsonArray([.. Ordered().Select(ToJson)]),
    };

    public void Print(Screen screen, VerifySummary summary)
    {
        Sheet.Print(
            screen,
            [
                ("Log", summary.Origin),
                ("Sealed", string.Create(CultureInfo.InvariantCulture, $"{summary.Size:N0} records under {summary.Checkpoints:N0} checkpoints")),
                ("Root", summary.Root?.ToBase64()),
                ("Read", string.Create(CultureInfo.InvariantCulture, $"{summary.Records:N0} records of {summary.Instances:N0} instances, {summary.Unsealed:N0} not sealed")),
                ("Period", summary.Oldest is { } oldest ? $"{RecordTime.Format(oldest)} to {RecordTime.Format(summary.Newest!.Value)}" : null),
                ("Running", summary.Running > 0 ? string.Create(CultureInfo.InvariantCulture, $"{summary.Running:N0} instances with {summary.OpenCalls:N0} open calls") : null),
            ]);
        screen.Line();
        if (_findings.Count > 0)
        {
            PrintFindings(screen);
        }

        screen.Line(_isTampered ? ("TAMPERED", Tint.Bad) : ExitCode == 2 ? ("INCOMPLETE", Tint.Warn) : ("OK", Tint.Good), ($": {Sentence(summary.Unsealed)}", Tint.None));
    }

    private void PrintFindings(Screen screen)
    {
        var table = new TextTable("FINDING", "RECORD", "LEAF", "FILE", "OFFSET", "WHAT");
        foreach (var finding in Ordered().Take(MostShown))
        {
            table.Add(finding.Name, Number(finding.Sequence), Number(finding.TreeIndex), finding.File, Number(finding.Offset), finding.Message);
        }

        screen.Table(table);
        var more = _counts.Values.Sum() - Math.Min(_findings.Count, MostShown);
        if (more > 0)
        {
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"... and {more:N0} more; -o json shows up to {mostKept:N0}."));
        }

        screen.Line();
    }

    private string Sentence(long unsealed) => ExitCode switch
    {
        0 when unsealed > 0 => string.Create(CultureInfo.InvariantCulture, $"every record is as it was sealed, and every signature is by the given key. The newest {unsealed:N0} are not sealed yet."),
        0 => "every record is as it was sealed, and every signature is by the given key.",
        1 => $"{string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"))}. Compare with your other copies of the ledger before you trust this one.",
        _ => $"nothing is known to be altered, and not everything could be shown: {string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"))}.",
    };

    private IEnumerable<Finding> Ordered() => _findings.OrderBy(f => !f.IsTampering);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static JsonNode ToJson(Finding finding)
    {
        var json = new JsonObject { ["finding"] = finding.Name, ["tampering"] = finding.IsTampering, ["file"] = finding.File };
        Put(json, "offset", finding.Offset);
        Put(json, "seq", finding.Sequence);
        Put(json, "id", finding.Id);
        Put(json, "treeIndex", finding.TreeIndex);
        if (finding.Suspects.Count > 0)
        {
            json["suspects"] = new JsonArray([.. finding.Suspects.Select(s => (JsonNode)new JsonObject { ["file"] = s.Blob, ["seq"] = s.Sequence })]);
        }

        json["message"] = finding.Message;
        return json;
    }

    private static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
