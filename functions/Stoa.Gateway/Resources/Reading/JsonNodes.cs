using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>Reads one JSON value (RFC 8259) into nodes. Strict: no comments, no trailing commas, nothing after the value.</summary>
internal ref struct JsonNodes
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly NodeBudget _budget;
    private readonly Place _root;
    private Utf8JsonReader _reader;
    private PositionTrack _track;

    private JsonNodes(ReadOnlySpan<byte> text, NodeBudget budget, FaultList faults)
    {
        _text = text;
        _budget = budget;
        _root = new(faults);

        // Two more than allowed, so that our own check speaks first.
        _reader = new(text, new JsonReaderOptions { MaxDepth = NodeBudget.MaxDepth + 2 });
    }

    /// <summary>The value, or null when it cannot be read on; the faults tell why.</summary>
    public static Node? Read(ReadOnlySpan<byte> text, NodeBudget budget, FaultList faults)
    {
        var nodes = new JsonNodes(text, budget, faults);
        return nodes.Read();
    }

    private Node? Read()
    {
        var complete = false;
        try
        {
            _reader.Read();
            var node = Value(_root, 1);
            complete = node is not null;
            _ = node is null || _reader.Read();
            return node;
        }
        catch (JsonException broken)
        {
            // The reader's own message may quote the text, which may be a secret.
            _root.Fault(
                Broken(broken),
                complete ? "The JSON is complete before this; remove what follows. To send several documents use an array, or YAML with --- between them."
                    : "The JSON is malformed here, or ends too early; check quotes, commas and brackets.");
            return null;
        }
    }

    private Node? Value(Place place, int depth)
    {
        var at = Here();
        if (depth > NodeBudget.MaxDepth)
        {
            place.Fault(at, NodeBudget.TooDeep);
            return null;
        }

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Map(at, place, depth),
            JsonTokenType.StartArray => List(at, place, depth),
            JsonTokenType.String => Text(at, place) is { } text ? Charged(new ScalarNode(at, ScalarKind.Text, text), place) : null,
            JsonTokenType.Number => Charged(Number(at), place),
            JsonTokenType.Null => Charged(new ScalarNode(at, ScalarKind.Null, ""), place),
            _ => Charged(new ScalarNode(at, ScalarKind.Flag, _reader.TokenType is JsonTokenType.True ? "true" : "false"), place),
        };
    }

    private MapNode? Map(Position at, Place place, int depth)
    {
        if (!Charge(new(1, 0, 0), at, place))
        {
            return null;
        }

        var entries = new MapEntries(place);
        while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
        {
            var keyAt = Here();
            if (Text(keyAt, place) is not { } key || !Charge(new(1, key.Length, 0), keyAt, place))
            {
                return null;
            }

            _reader.Read();
            if (Value(place.Field(key), depth + 1) is not { } value)
            {
                return null;
            }

            entries.Add(key, keyAt, value);
        }

        return entries.ToNode(at);
    }

    private ListNode? List(Position at, Place place, int depth)
    {
        if (!Charge(new(1, 0, 0), at, place))
        {
            return null;
        }

        var items = new List<Node>();
        while (_reader.Read() && _reader.TokenType is not JsonTokenType.EndArray)
        {
            if (Value(place.Item(items.Count), depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new(at, items);
    }

    private readonly string? Text(Position at, Place place)
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // How the reader says that escapes spell half a surrogate pair; the token's type is already known.
            place.Fault(at, Surrogates.Broken);
            return null;
        }
    }

    private readonly ScalarNode Number(Position at) =>
        NumberText.Canonical(Encoding.ASCII.GetString(_reader.ValueSpan)) is { } number
            ? new(at, ScalarKind.Number, number)
            : new(at, ScalarKind.Unrepresentable, "");

    private readonly ScalarNode? Charged(ScalarNode node, Place place) => Charge(node.Weight, node.At, place) ? node : null;

    private readonly bool Charge(NodeWeight weight, Position at, Place place)
    {
        if (_budget.TryTake(weight))
        {
            return true;
        }

        place.Fault(at, _budget.TooLarge);
        return false;
    }

    private Position Here() => _track.MoveTo(_text, (int)_reader.TokenStartIndex);

    private readonly Position Broken(JsonException broken)
    {
        var line = (int)(broken.LineNumber ?? 0);
        var rest = _text;
        for (var i = 0; i < line; i++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        var inLine = (int)Math.Min(broken.BytePositionInLine ?? 0, rest.Length);
        return new(line + 1, SourceText.PositionOf(rest, inLine).Column);
    }
}
