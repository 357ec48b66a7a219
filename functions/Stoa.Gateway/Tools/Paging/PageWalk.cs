using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>Goes from page to page as the tool declares, and notices when the endpoint leads in a circle.</summary>
internal sealed class PageWalk
{
    private const int MaxCursorLength = 4096;

    /// <summary>Beyond every list, and far from where adding to it could wrap around.</summary>
    private const long MaxPosition = 1_000_000_000_000;

    private readonly PagePlan _plan;
    private readonly int _limit;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _position;

    public PageWalk(PagePlan plan, JsonElement arguments)
    {
        _plan = plan;
        var spec = plan.Spec;
        _limit = (int)Math.Clamp(NumberOf(arguments, plan.LimitArgument) ?? spec.DefaultLimit, 1, spec.MaxLimit);
        _position = Math.Clamp(NumberOf(arguments, plan.StartArgument) ?? (spec.Type is PaginationType.Page ? spec.FirstPage : 0), 0, MaxPosition);
        First = spec.Type switch
        {
            PaginationType.Offset or PaginationType.Page => AtPosition(),
            PaginationType.Cursor when TextOf(arguments, plan.StartArgument) is { Length: > 0 } cursor => At(cursor),
            _ => At(null),
        };
    }

    public PageRequest First { get; }

    /// <summary>
    /// What asks for the page after this one. Null at the end of the list; then <paramref name="remark"/> says so when the list may go on
    /// all the same, and <paramref name="fault"/> when the page is not what the tool declares.
    /// </summary>
    public PageRequest? Next(EgressReply reply, in PageList list, out string? remark, out string fault)
    {
        remark = null;
        fault = "";
        if (list.Count == 0)
        {
            return null;
        }

        return _plan.Spec.Type switch
        {
            PaginationType.Offset or PaginationType.Page => Further(list.Count),
            PaginationType.Cursor => Cursor(reply, ref remark, ref fault),
            _ => Link(reply, ref remark, ref fault),
        };
    }

    private PageRequest? Further(int count)
    {
        // A page that is not full is the last one; without a limit of ours nobody knows what full is.
        if (count < _limit && _plan.Spec.LimitParam is not null)
        {
            return null;
        }

        _position += _plan.Spec.Type is PaginationType.Page ? 1 : count;
        return AtPosition();
    }

    private PageRequest? Cursor(EgressReply reply, ref string? remark, ref string fault) => NextText(reply, out fault) switch
    {
        null => null,
        { Length: > MaxCursorLength } => Stop(out fault, $"has a next cursor of more than {MaxCursorLength} characters."),
        var cursor when !_seen.Add(cursor) => Stop(out remark, "The endpoint gave the same cursor twice, so the list may not be complete."),
        var cursor => At(cursor),
    };

    private PageRequest? Link(EgressReply reply, ref string? remark, ref string fault)
    {
        if ((LinkHeader.Next(reply.Header("Link")) ?? NextText(reply, out fault)) is not { } target)
        {
            return null;
        }

        if (reply.Url is not { } page || PageLink.Resolve(page, target, _plan.CredentialQueryName) is not { } next)
        {
            return Stop(out remark, "The link to the next page leads away from the endpoint's own address and was not followed, so the list is not complete.");
        }

        return _seen.Add(next.OriginalString) ? new([], next) : Stop(out remark, "The endpoint linked to the same page twice, so the list may not be complete.");
    }

    /// <summary>The text at the path of the next cursor; null when there is none, and false and the empty text are none.</summary>
    private string? NextText(EgressReply reply, out string fault)
    {
        fault = "";
        if (_plan.Next is not { } path)
        {
            return null;
        }

        var place = JsonPlace.Find(reply.Body.Span, path.Steps);
        switch (place.Kind)
        {
            case JsonTokenType.None or JsonTokenType.Null or JsonTokenType.False:
                return null;
            case JsonTokenType.String or JsonTokenType.Number:
                var reader = new Utf8JsonReader(reply.Body.Span[place.Start..place.End], JsonBody.ReaderOptions);
                reader.Read();
                var text = place.Kind is JsonTokenType.String ? reader.GetString()! : System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
                return text.Length == 0 ? null : text;
            default:
                fault = $"has {place.Words} at `{path.Text}` where the next page's cursor was expected.";
                return null;
        }
    }

    private PageRequest AtPosition() => At(_position.ToString(CultureInfo.InvariantCulture));

    private PageRequest At(string? start)
    {
        var query = new List<KeyValuePair<string, string>>(2);
        if (_plan.Spec.LimitParam is { } limit)
        {
            query.Add(new(limit, _limit.ToString(CultureInfo.InvariantCulture)));
        }

        if (start is not null && _plan.StartParam is { } parameter)
        {
            query.Add(new(parameter, start));
        }

        return new(query, null);
    }

    private static PageRequest? Stop<T>(out T said, T words)
    {
        said = words;
        return null;
    }

    private static long? NumberOf(in JsonElement arguments, string? name) =>
        name is not null && arguments.TryGetProperty(name, out var value) && long.TryParse(ParameterRoute.TextOf(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string? TextOf(in JsonElement arguments, string? name) =>
        name is not null && arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? ParameterRoute.TextOf(value) : null;
}
