namespace Stoa.Cli;

/// <summary>What the process says at its end. Scripts rely on these: they are part of the interface.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and the answer is no: differences, a tool's error, refused documents.</summary>
    public const int No = 1;

    public const int Usage = 2;

    /// <summary>Not signed in, or not allowed.</summary>
    public const int Denied = 3;

    public const int NotFound = 4;

    /// <summary>No gateway there, or one that cannot answer now.</summary>
    public const int Unavailable = 5;

    /// <summary>128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>For help and documentation.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done"),
        (No, "the command ran and the answer is no: differences found, a tool's error, documents refused"),
        (Usage, "the command line or a local file cannot be used"),
        (Denied, "not signed in, or not allowed (401, 403)"),
        (NotFound, "not found"),
        (Unavailable, "the gateway cannot be reached, is busy (429) or fails (5xx)"),
        (Interrupted, "interrupted by Ctrl+C"),
    ];
}
