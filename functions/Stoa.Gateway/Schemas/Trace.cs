using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>Follows a validation through the instance and writes down what fails where.</summary>
internal sealed class Trace(List<SchemaFinding> findings, int limit)
{
    private const int BranchLimit = 4;
    private const int MaxNameLength = 128;

    private readonly StringBuilder _path = new();
    private string? _name;

    public IReadOnlyList<SchemaFinding> Findings => findings;

    public string Path => _path.ToString();

    /// <summary>Steps down into a member; the result leads back up.</summary>
    public int Enter(in JsonProperty member) => Enter(JsonPointer.Escape(Shorten(JsonString.ToString(JsonString.Raw(member)))));

    public int Enter(int index) => Enter(index.ToString(CultureInfo.InvariantCulture));

    public void Leave(int here) => _path.Length = here;

    /// <summary>Until given null, findings are about this name of a property of the current object.</summary>
    public void Speak(string? ofName) => _name = ofName is null ? null : Shorten(ofName);

    public void Add(RuleSite site, string demand) => AddSentence(site, Path, $"{Subject} {demand}");

    /// <summary>A member that must not be there, with the name that was perhaps meant.</summary>
    public void AddUnknown(RuleSite site, in JsonProperty member, IReadOnlyList<string> known)
    {
        var name = JsonString.ToString(JsonString.Raw(member));
        var path = $"{_path}/{JsonPointer.Escape(Shorten(name))}";
        var hint = Spelling.Nearest(name, known) is { } meant ? $"; did you mean \"{meant}\"?" : "";
        AddSentence(site, path, $"unknown property {path}{hint}");
    }

    /// <summary>A trace that starts here and keeps its findings apart.</summary>
    public Trace Branch()
    {
        var branch = new Trace([], BranchLimit) { _name = _name };
        branch._path.Append(_path);
        return branch;
    }

    /// <summary>Takes over a branch's findings.</summary>
    public void Add(Trace branch)
    {
        foreach (var finding in branch.Findings)
        {
            AddSentence(new(finding.Keyword, finding.SchemaLocation), finding.InstancePath, finding.Message);
        }
    }

    private string Subject => _name is { } name ? $"the property name \"{name}\"{In}" : _path.Length == 0 ? "the value" : Path;

    private string In => _path.Length == 0 ? "" : $" in {_path}";

    private int Enter(string token)
    {
        var here = _path.Length;
        _path.Append('/').Append(token);
        return here;
    }

    private void AddSentence(RuleSite site, string path, string message)
    {
        if (findings.Count < limit)
        {
            findings.Add(new(path, site.Keyword, site.Location, message));
        }
    }

    private static string Shorten(string name) => name.Length <= MaxNameLength ? name : $"{name.AsSpan(0, MaxNameLength)}…";
}
