using System.CommandLine;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Verification;

namespace Stoa.Cli.Commands;

/// <summary>What the audit commands are given: a folder with a ledger, public keys, checkpoints.</summary>
internal static class AuditFolder
{
    public static Argument<string> Argument() => new("folder")
    {
        Description = "A folder with the files of the audit container: checkpoints, ledger, segments, tile and registry.jsonl.",
    };

    public static Option<string[]> KeyOption() => new("--key")
    {
        Description = "The log's public key, PEM or C2SP verifier key, in this file; again for an older one. STOA_KEY is not this key.", HelpName = "file",
    };

    public static LedgerSource Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw CommandStop.Usage($"There is no folder {folder}.");
        }

        return Directory.Exists(Path.Combine(folder, "checkpoints")) || Directory.Exists(Path.Combine(folder, "ledger"))
            ? new FolderSource(folder)
            : throw CommandStop.Usage($"{folder} holds no ledger: neither ledger nor checkpoints is in it.", "Download the blobs of the audit container with their folders, and name the folder that they are in.");
    }

    public static IReadOnlyList<NoteKey> Keys(string[] files) => [.. files.Select(file =>
    {
        var text = Read(file);
        if (NoteKey.TryParse(text, out var key))
        {
            return key;
        }

        throw text.Contains("PRIVATE KEY", StringComparison.Ordinal)
            ? CommandStop.Usage($"{file} holds a private key; what is needed is the public one.", $"For example: openssl ec -in {file} -pubout")
            : CommandStop.Usage($"{file} holds no public key on the curve P-256.", "It begins with -----BEGIN PUBLIC KEY-----, or is a verifier key as name+id+key.");
    })];

    public static Checkpoint CheckpointIn(string file, IReadOnlyList<NoteKey> keys)
    {
        if (!SignedNote.TryParse(System.Text.Encoding.UTF8.GetBytes(Read(file)), out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint))
        {
            throw CommandStop.Usage($"{file} is no checkpoint.", "Give a copy of a file out of the folder checkpoints, or the `checkpoint` of a proof, as it was saved earlier.");
        }

        return keys.Count == 0 || keys.Any(key => key.Judge(note, checkpoint.Origin) is SignatureVerdict.Good)
            ? checkpoint
            : throw CommandStop.Usage($"The checkpoint in {file} is not signed with the given key.", "Give the key of that time too: --key may be repeated.");
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandStop.Usage($"{file} cannot be read: {fault.Message}");
        }
    }
}
