using System.Buffers;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// The reader of one request on its single pass, and what it has counted so far. Methods that read a value start on its first token and end on
/// its last; they return false once there is a <see cref="Refusal"/>.
/// </summary>
internal ref struct RequestWalk
{
    private const int MaxDepth = 64;
    private const int MaxName = 4096;

    public Utf8JsonReader Json;
    private MemberNames _names;
    private byte[]? _scratch;
    private string _member = "";
    private int _index = -1;

    public RequestWalk(ReadOnlySpan<byte> body)
    {
        Json = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        _names = new();
    }

    /// <summary>The member of the root that is read now.</summary>
    public readonly string Member => _member;

    public Refusal? Refusal { get; private set; }

    /// <summary>The path of the member that was refused.</summary>
    public string? Param { get; private set; }

    public long TextBytes { get; set; }

    public long FileBytes { get; set; }

    public int MediaParts { get; set; }

    /// <summary>The token's place in the body.</summary>
    public readonly Range Token => new((int)Json.TokenStartIndex, (int)Json.BytesConsumed);

    /// <summary>The member of the root that is read now, for refusals to name; a literal, or null for one that has no name of ours.</summary>
    public void At(string member, int index = -1) => (_member, _index) = (member, index);

    /// <param name="below">Within the member that <see cref="At"/> names, for example <c>function.name</c>.</param>
    public bool Fail(string complaint, string below = "", RefusalKind kind = RefusalKind.MalformedRequest)
    {
        var path = _index < 0 ? _member : $"{_member}[{_index}]";
        path = (path.Length, below.Length) switch
        {
            (_, 0) => path,
            (0, _) => below,
            _ => $"{path}.{below}",
        };
        Param = path.Length == 0 ? null : path;
        Refusal = new(kind, $"{(path.Length == 0 ? "The body" : path)} {complaint}");
        return false;
    }

    /// <summary>On the opening brace; the result goes to <see cref="NextName"/>.</summary>
    public readonly int Open() => _names.Open();

    /// <summary>Moves to the name of the object's next member; false at its end, and when it is refused.</summary>
    public bool NextName(int opened)
    {
        Json.Read();
        if (Json.TokenType is JsonTokenType.EndObject)
        {
            _names.Close(opened);
            return false;
        }

        if (Json.ValueSpan.Length > MaxName)
        {
            return Fail($"has a member whose name is longer than {MaxName} bytes.");
        }

        var name = Unescaped();
        if (!_names.Add(opened, name))
        {
            return Fail($"says \"{JsonText.Shorten(Encoding.UTF8.GetString(name), 64)}\" twice; every member may occur once.", kind: RefusalKind.MalformedBody);
        }

        return _names.Count(opened) <= MemberNames.Most || Fail($"has an object of more than {MemberNames.Most} members.");
    }

    /// <summary>A name or string without its escapes; good until the next call.</summary>
    public ReadOnlySpan<byte> Unescaped()
    {
        if (!Json.ValueIsEscaped)
        {
            return Json.ValueSpan;
        }

        if (_scratch is null || _scratch.Length < Json.ValueSpan.Length)
        {
            ReturnScratch();
            _scratch = ArrayPool<byte>.Shared.Rent(Json.ValueSpan.Length);
        }

        return _scratch.AsSpan(0, Json.CopyString(_scratch));
    }

    /// <summary>A value that says nothing to the model.</summary>
    public bool Silent() => Any(counts: false);

    /// <summary>A value all of whose strings the model reads.</summary>
    public bool Text() => Any(counts: true);

    /// <summary>A value that the model reads as it is written, names and braces included: schemas and arguments of tools.</summary>
    public bool Whole()
    {
        var start = Json.TokenStartIndex;
        if (!Any(counts: false))
        {
            return false;
        }

        TextBytes += Json.BytesConsumed - start;
        return true;
    }

    public void Dispose()
    {
        _names.Dispose();
        ReturnScratch();
    }

    private bool Any(bool counts)
    {
        switch (Json.TokenType)
        {
            case JsonTokenType.StartObject:
                var opened = Open();
                while (NextName(opened))
                {
                    Json.Read();
                    if (!Any(counts))
                    {
                        return false;
                    }
                }

                return Refusal is null;

            case JsonTokenType.StartArray:
                while (Json.Read() && Json.TokenType is not JsonTokenType.EndArray)
                {
                    if (!Any(counts))
                    {
                        return false;
                    }
                }

                return true;

            case JsonTokenType.String when counts:
                TextBytes += Json.ValueSpan.Length;
                return true;

            default:
                return true;
        }
    }

    private void ReturnScratch()
    {
        if (_scratch is not null)
        {
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = null;
        }
    }
}
