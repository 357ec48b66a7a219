using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>The audit commands, on the ledger that docs/audit-format.md prints.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly string _blob;
    private readonly string[] _lines;

    public AuditTests()
    {
        var parts = File.ReadAllText(Repository.PathOf("docs/audit-format.md")).ReplaceLineEndings("\n").Split("<!-- example -->")[1].Split("\n```");
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            var (name, content) = (parts[i].Split('`')[^2], parts[i + 1][(parts[i + 1].IndexOf('\n', StringComparison.Ordinal) + 1)..]);
            _shell.Write(name == "public-key.pem" ? name : $"audit/{name}", name.StartsWith("segments/", StringComparison.Ordinal) ? content : content + "\n");
        }

        _blob = Directory.GetFiles(Path.Combine(_shell.Folder, "audit", "ledger"), "*.jsonl", SearchOption.AllDirectories).Single();
        _lines = File.ReadAllLines(_blob);
    }

    [Fact]
    public async Task A_whole_ledger_is_verified()
    {
        var outcome = await _shell.RunAsync("audit", "verify", "audit", "--key", "public-key.pem", "--checkpoint", "audit/checkpoints/2");

        Assert.Contains("OK: every record is as it was sealed", outcome.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("3 records under 2 checkpoints", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("", outcome.Err);
    }

    [Fact]
    public async Task A_touched_record_is_named_and_the_exit_code_is_1()
    {
        await File.WriteAllTextAsync(_blob, string.Concat(_lines.Select(line => line.Replace("login", "logon", StringComparison.Ordinal) + "\n")));

        var shown = await _shell.RunAsync("audit", "verify", "audit", "--key", "public-key.pem");
        var read = await _shell.RunAsync("audit", "verify", "audit", "--key", "public-key.pem", "-o", "json");

        Assert.Equal((1, 1), (shown.ExitCode, read.ExitCode));
        Assert.Contains("TAMPERED: altered-record 1.", shown.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(read.Out);
        Assert.Equal("tampered", document.RootElement.GetProperty("verdict").GetString());
        var finding = Assert.Single(document.RootElement.GetProperty("findings").EnumerateArray().ToArray());
        Assert.Equal(("altered-record", 1, 1), (finding.GetProperty("finding").GetString(), finding.GetProperty("seq").GetInt32(), finding.GetProperty("treeIndex").GetInt32()));
    }

    [Fact]
    public async Task Without_a_key_it_is_incomplete_and_says_why()
    {
        var outcome = await _shell.RunAsync("audit", "verify", "audit");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("signature-unchecked", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("No public key was given", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("INCOMPLETE", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rolled_back_log_is_told_by_a_checkpoint_that_was_kept()
    {
        File.Move(Path.Combine(_shell.Folder, "audit", "checkpoints", "3"), Path.Combine(_shell.Folder, "kept"));
        File.Delete(Path.Combine(_shell.Folder, "audit", "segments", "3"));

        var outcome = await _shell.RunAsync("audit", "verify", "audit", "--key", "public-key.pem", "--checkpoint", "kept");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("roll-back", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_is_printed_for_the_script()
    {
        var id = JsonDocument.Parse(_lines[1]).RootElement.GetProperty("id").GetString()!;

        var proof = (await _shell.RunAsync("audit", "prove", "audit", "--id", id)).Succeeded();
        _shell.Write("proof.json", proof);
        var check = await Shell.FinishAsync(_shell.Start("node", [Repository.PathOf("samples/audit/check-proof.mjs"), "proof.json", "public-key.pem"]), "");

        Assert.StartsWith("PROVEN: record 1 of 3", check.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("No record in audit has the id nobody", (await _shell.RunAsync("audit", "prove", "audit", "--id", "nobody")).Failed(4), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no folder nowhere.", "nowhere")]
    [InlineData(". holds no ledger", ".")]
    [InlineData("absent.pem cannot be read", "audit", "--key", "absent.pem")]
    [InlineData("audit/registry.jsonl holds no public key", "audit", "--key", "audit/registry.jsonl")]
    [InlineData("public-key.pem is no checkpoint.", "audit", "--checkpoint", "public-key.pem")]
    [InlineData("--from yesterday is no time.", "audit", "--from", "yesterday")]
    public async Task Misuse_says_what_is_wrong(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await _shell.RunAsync(["audit", "verify", .. arguments])).Failed(2), StringComparison.Ordinal);

    public void Dispose() => _shell.Dispose();
}
