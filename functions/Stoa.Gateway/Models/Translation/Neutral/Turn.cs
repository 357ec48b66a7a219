namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>What one side said at a stretch. Results of tools belong to the user's side.</summary>
internal sealed record Turn(TurnRole Role, List<Part> Parts);

internal enum TurnRole
{
    User,
    Assistant,

    /// <summary>An instruction in the middle of the conversation; those at its head are the prompt's own.</summary>
    System,
}
