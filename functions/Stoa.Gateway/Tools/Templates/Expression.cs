using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>What stands between <c>{{</c> and <c>}}</c>, compiled: a path or a literal, then at most a default and the wish for JSON text.</summary>
internal sealed class Expression
{
    /// <summary>
    /// How many members and items one rendering may look at: far more than answers have, and few enough that hundreds of expressions over
    /// a huge flat answer end in milliseconds.
    /// </summary>
    public const int MaxWork = 500_000;

    public const string TooMuchWork = "The values are too large for all that this tool looks up in them. Ask for less.";

    private readonly byte[] _literal;
    private readonly TemplateRoot? _root;
    private readonly PathStep[] _steps;
    private readonly ContextMember _member;

    private Expression(TemplateRoot? root, PathStep[] steps, ContextMember member, byte[] literal) =>
        (_root, _steps, _member, _literal) = (root, steps, member, literal);

    /// <summary>Stands in for a value that is missing or null; JSON.</summary>
    public byte[] Default { get; init; } = [];

    /// <summary>Whether the value's JSON text is meant, quotes and all, and not the value.</summary>
    public bool AsJsonText { get; init; }

    public static Expression Literal(byte[] json) => new(null, [], default, json);

    public static Expression Path(TemplateRoot root, PathStep[] steps) => new(root, steps, default, []);

    public static Expression Context(ContextMember member) => new(TemplateRoot.Context, [], member, []);

    public Expression With(byte[] fallback, bool asJsonText) => new(_root, _steps, _member, _literal) { Default = fallback, AsJsonText = asJsonText };

    /// <summary>The value's JSON as its document spells it; empty when it is missing, or null, and has no default.</summary>
    /// <param name="scope">What it is read from.</param>
    /// <param name="scratch">Room for a text of the context in JSON.</param>
    /// <param name="work">What is left of <see cref="MaxWork"/>; below 0 the result means nothing.</param>
    public ReadOnlySpan<byte> Find(scoped in TemplateScope scope, Span<byte> scratch, scoped ref int work)
    {
        var found = _root switch
        {
            null => _literal,
            TemplateRoot.Input => Follow(scope.Input, ref work),
            TemplateRoot.Response => Follow(scope.Response, ref work),
            _ => JsonEscape.Quote(TextOf(scope.Context), scratch),
        };
        return found.IsEmpty || found[0] == (byte)'n' ? Default : found;
    }

    private ReadOnlySpan<byte> Follow(JsonElement at, scoped ref int work)
    {
        foreach (var step in _steps)
        {
            if (!step.TryFollow(at, ref work, out at))
            {
                return [];
            }
        }

        return at.ValueKind is JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(at);
    }

    private string TextOf(TemplateContext context) => _member switch
    {
        ContextMember.Tenant => context.Tenant,
        ContextMember.Consumer => context.Consumer,
        ContextMember.Tool => context.Tool,
        _ => context.RequestId,
    };
}

internal enum ContextMember
{
    Tenant,
    Consumer,
    Tool,
    RequestId,
}
