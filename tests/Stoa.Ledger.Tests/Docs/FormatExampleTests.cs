using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Tests.Verification;
using Stoa.Testing;

namespace Stoa.Ledger.Tests.Docs;

/// <summary>The example in docs/audit-format.md is a ledger. STOA_REGENERATE=1 writes it anew, with another key.</summary>
public sealed class FormatExampleTests
{
    private const string Start = "<!-- example -->\n";
    private const string End = "<!-- /example -->";

    private static readonly string Document = Repository.PathOf("docs/audit-format.md");

    [Fact]
    public void The_example_verifies_as_it_is_printed()
    {
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            Regenerate();
        }

        var example = Region(File.ReadAllText(Document).ReplaceLineEndings("\n"));
        var files = FilesIn(example);
        Assert.True(NoteKey.TryParse(Encoding.UTF8.GetString(files["public-key.pem"]), out var key));
        files.Remove("public-key.pem");

        Assert.Equal("", Verified.Of(files, new() { Keys = [key] }).Told);
        var blob = files.Keys.Single(name => name.StartsWith("ledger/", StringComparison.Ordinal));
        var lines = Encoding.UTF8.GetString(files[blob]).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines.Index(), line => Assert.Contains($"| {line.Index} | `{MerkleHash.Leaf(Encoding.UTF8.GetBytes(line.Item))}` |", example, StringComparison.Ordinal));

        // Any byte of it changed is noticed.
        foreach (var (name, content) in files.Where(f => f.Key != "registry.jsonl"))
        {
            var altered = new Dictionary<string, byte[]>(files) { [name] = content.ToArray() };
            altered[name][content.Length / 2] ^= 1;
            Assert.True(Verified.Of(altered, new() { Keys = [key] }).IsTampered, name);
        }
    }

    private static string Region(string text) => text[(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..text.IndexOf(End, StringComparison.Ordinal)];

    // `name`, an empty line, a block. Segment lists have no end of line.
    private static Dictionary<string, byte[]> FilesIn(string example)
    {
        var files = new Dictionary<string, byte[]>();
        var parts = example.Split("\n```");
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            var name = parts[i].Split('`')[^2];
            var content = parts[i + 1][(parts[i + 1].IndexOf('\n', StringComparison.Ordinal) + 1)..] + "\n";
            files.Add(name, Encoding.UTF8.GetBytes(name.StartsWith(SegmentList.Folder, StringComparison.Ordinal) ? content.TrimEnd('\n') : content));
        }

        return files;
    }

    private static void Regenerate()
    {
        var ledger = new SampleLedger(2027) { Now = new(2026, 3, 1, 12, 10, 0, TimeSpan.Zero) };
        var writer = ledger.Start();
        ledger.Now = ledger.Now.AddSeconds(1);
        writer.Write("event", "\"what\":\"login\",");
        ledger.Seal();
        ledger.Now = ledger.Now.AddSeconds(1);
        writer.Close();
        ledger.Seal();

        var text = new StringBuilder();
        foreach (var (name, content) in ledger.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Prepend(new("public-key.pem", Encoding.UTF8.GetBytes(ledger.Key.ToPem()))))
        {
            text.Append($"\n`{name}`\n\n```text\n{Encoding.UTF8.GetString(content).TrimEnd('\n')}\n```\n");
        }

        text.Append("\n| Leaf | Hash |\n|---|---|\n");
        foreach (var record in ledger.Records)
        {
            text.Append($"| {record.Index} | `{record.Leaf}` |\n");
        }

        text.Append($"\nThe root of the first two is `{ledger.Checkpoints[0].Root}`, that of all three `{ledger.Checkpoints[1].Root}`.\n\n");
        var page = File.ReadAllText(Document).ReplaceLineEndings("\n");
        File.WriteAllText(Document, page.Replace(Start + Region(page), Start + text, StringComparison.Ordinal));
    }
}
