namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>The conversation for wires that know two sides only and one system prompt.</summary>
internal static class Conversation
{
    /// <summary>
    /// Instructions from the middle join <paramref name="system"/>, and the turns they stood between join each other. Without a single turn the
    /// system prompt is what the user says: such wires answer somebody.
    /// </summary>
    public static IReadOnlyList<Turn> Alternating(Prompt prompt, out IReadOnlyList<TextPart> system)
    {
        var instructions = prompt.System.Where(t => !t.IsEmpty).Select(t => new TextPart(t)).ToList();
        system = instructions;
        if (prompt.Turns.Count == 0)
        {
            system = [];
            return [new Turn(TurnRole.User, [.. instructions])];
        }

        if (!prompt.Turns.Exists(t => t.Role is TurnRole.System))
        {
            return prompt.Turns;
        }

        var turns = new List<Turn>();
        foreach (var turn in prompt.Turns)
        {
            if (turn.Role is TurnRole.System)
            {
                instructions.AddRange(turn.Parts.OfType<TextPart>().Where(p => !p.Text.IsEmpty));
            }
            else if (turns is [.., var last] && last.Role == turn.Role)
            {
                last.Parts.AddRange(turn.Parts);
            }
            else
            {
                turns.Add(turn);
            }
        }

        return turns;
    }
}
