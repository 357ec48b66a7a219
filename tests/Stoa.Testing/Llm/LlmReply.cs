using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>One answer on its way: what was asked, what is said, cut to the bound that the request set, and what it comes to.</summary>
internal sealed class LlmReply
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public LlmReply(LlmAsk ask, LlmTurn turn)
    {
        Ask = ask;
        Turn = turn;
        var all = Cut(turn).ToArray();
        Pieces = ask.MaxTokens is { } most && most < all.Length && !turn.IgnoresBound ? all[..most] : all;
        IsCut = Pieces.Count < all.Length;
    }

    public LlmAsk Ask { get; }

    public LlmTurn Turn { get; }

    /// <summary>In the order of a stream.</summary>
    public IReadOnlyList<LlmPiece> Pieces { get; }

    /// <summary>Whether the bound on output tokens ended it.</summary>
    public bool IsCut { get; }

    public string Text => Joined(LlmPieceKind.Text);

    public string Thinking => Joined(LlmPieceKind.Thinking);

    public long Input => Ask.InputTokens;

    public long Output => Pieces.Count;

    public long Reasoning => Pieces.Count(piece => piece.Kind is LlmPieceKind.Thinking);

    /// <summary>A number that is the same for the same request, for ids.</summary>
    public string Id => Ask.Request.Number.ToString("d9", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Tools called, with as much of their arguments as was said.</summary>
    public IReadOnlyList<(int Index, string Name, string Arguments)> Calls =>
        [.. Pieces.Where(p => p.Kind is LlmPieceKind.Call).GroupBy(p => p.Call).Select(g => (g.Key, Turn.Calls[g.Key].Name, string.Concat(g.Select(p => p.Text))))];

    public static string Json(object value) => JsonSerializer.Serialize(value, Relaxed);

    public static string Data(object value) => $"data: {Json(value)}\n\n";

    private string Joined(LlmPieceKind kind) => string.Concat(Pieces.Where(p => p.Kind == kind).Select(p => p.Text));

    private static IEnumerable<LlmPiece> Cut(LlmTurn turn) =>
        turn.Thinking.Select(text => new LlmPiece(LlmPieceKind.Thinking, text, 0))
            .Concat(turn.Text.Select(text => new LlmPiece(LlmPieceKind.Text, text, 0)))
            .Concat(turn.Calls.SelectMany((call, at) => call.Pieces.Select(text => new LlmPiece(LlmPieceKind.Call, text, at))));
}

/// <param name="Call">Of a call: which.</param>
internal sealed record LlmPiece(LlmPieceKind Kind, string Text, int Call);

internal enum LlmPieceKind
{
    Thinking,
    Text,
    Call,
}

/// <summary>One frame of a stream, written at once.</summary>
/// <param name="IsPiece">Whether it carries a token.</param>
internal readonly record struct LlmFrame(string Text, bool IsPiece = false);
