using System.CommandLine;
using System.Globalization;
using Stoa.Cli.Output;
using Stoa.Ledger.Verification;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa audit verify</c>: whether a ledger is what was sealed.</summary>
internal sealed class AuditVerifyCommand : CliCommand
{
    // Beyond, counting goes on.
    private const int MostKept = 10_000;

    // Sealed every minute, and some patience.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    private readonly Argument<string> _folder = AuditFolder.Argument();
    private readonly Option<string[]> _keys = AuditFolder.KeyOption();
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "A checkpoint saved earlier: the log must still begin with its tree.", HelpName = "file" };
    private readonly Option<string?> _from = new("--from") { Description = "Read only blobs begun from this time on; the tiles speak for the rest.", HelpName = "time" };
    private readonly Option<string?> _to = new("--to") { Description = "Read only blobs begun before this time; the tiles speak for the rest.", HelpName = "time" };

    public AuditVerifyCommand(Surroundings surroundings)
        : base(surroundings, "verify", "Verifies a downloaded audit ledger: records, chains, tiles, roots, signatures.")
    {
        Add(_folder);
        Add(_keys);
        Add(_checkpoint);
        Add(_from);
        Add(_to);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("Everything, with the log's public key", "stoa audit verify ./audit --key audit.pem"),
        new("That nothing was taken back since a checkpoint that was kept", "stoa audit verify ./audit --key audit.pem --checkpoint kept-in-march"),
        new("One day", "stoa audit verify ./audit --key audit.pem --from 2026-03-01 --to 2026-03-02"),
        new("For a program", "stoa audit verify ./audit --key audit.pem -o json"),
    ];

    public override string Details =>
        """
        Needs no network and trusts no file of the ledger: only the public key, which must come from elsewhere, and a checkpoint that you
        kept. Every finding names the file, the record and its leaf in the tree. Times are RFC 3339; a date is midnight UTC.

        Exit code 0 when all is as it was sealed; 1 when somebody has altered, removed, added or signed something; 2 when something is
        missing that a crash also leaves (a close, an outcome, a seal), or no key was given. The newest five minutes need no seal yet.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var keys = AuditFolder.Keys(call.Parsed.GetValue(_keys) ?? []);
        var options = new VerifyOptions
        {
            Keys = keys,
            Older = call.Parsed.GetValue(_checkpoint) is { } file ? AuditFolder.CheckpointIn(file, keys) : null,
            From = Time(call, _from),
            To = Time(call, _to),
            Settling = Settling,
        };
        var source = AuditFolder.Open(call.Parsed.GetRequiredValue(_folder));
        var report = new AuditReport(MostKept);
        var progress = new AuditProgress(call.Err);
        var summary = await Task.Run(() => new LedgerVerifier(source, options, report.Add).Run(progress.Show, ct), ct);
        progress.Clear();
        if (!call.Format.TryPrint(call.Out, report.ToJson(summary)))
        {
            report.Print(call.Out, summary);
        }

        return report.ExitCode;
    }

    private static DateTimeOffset? Time(Invocation call, Option<string?> option) => call.Parsed.GetValue(option) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw CommandStop.Usage($"{option.Name} {text} is no time.", "For example: 2026-03-01 or 2026-03-01T13:30:00Z.");
}
