using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;
using Stoa.Ledger.Proofs;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa audit prove</c>: the inclusion proof of a record.</summary>
internal sealed class AuditProveCommand : CliCommand
{
    private readonly Argument<string> _folder = AuditFolder.Argument();
    private readonly Option<string> _id = new("--id") { Description = "The record's id.", HelpName = "id", Required = true };

    public AuditProveCommand(Surroundings surroundings)
        : base(surroundings, "prove", "Prints the proof that a record is in the log.")
    {
        Add(_folder);
        Add(_id);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("A proof, and how anybody checks it", "stoa audit prove ./audit --id 01JQ2ZK8M3T5V7W9X1Y3Z5A7B9 > proof.json && node samples/audit/check-proof.mjs proof.json audit.pem"),
    ];

    public override string Details =>
        """
        The proof is a JSON document: the record, its leaf's place in the tree, the hashes on the way to the root, and the last signed
        checkpoint. Whoever has it and the log's public key needs nothing else, neither the ledger nor this command.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var (folder, id) = (call.Parsed.GetRequiredValue(_folder), call.Parsed.GetRequiredValue(_id));
        var source = AuditFolder.Open(folder);
        var (verdict, proof, fault) = await call.Err.WhileAsync($"Looking for {id} ...", () => Task.Run(() => new LedgerProver(source).Prove(id, ct), ct));
        if (proof is null)
        {
            throw verdict switch
            {
                ProofVerdict.NoRecord => new CommandStop(ExitCode.NotFound, $"No record in {folder} has the id {id}.", "Ids are those of the `id` member of records; `stoa audit verify` tells whether records are missing."),
                ProofVerdict.NotSealed => new CommandStop(ExitCode.No, $"The record {id} is there, and no checkpoint covers it yet.", "Download the ledger again after the next sealing."),
                _ => new CommandStop(ExitCode.No, $"There is no proof of {id}: {fault}.", $"`stoa audit verify {folder}` says what is wrong with the ledger."),
            };
        }

        var json = Encoding.UTF8.GetString(proof.ToJson());
        call.Out.Verbatim(call.Format is OutputFormat.Yaml ? YamlDisplay.Of(JsonNode.Parse(json)) : json + "\n");
        return ExitCode.Ok;
    }
}
