using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>
/// Reads one YAML document into nodes, from parser events: no type is ever chosen by the text. Tags are refused, aliases share the node
/// they name and are charged its full weight, keys are texts.
/// </summary>
internal sealed class YamlNodes
{
    private const string Unreadable = "The YAML cannot be read on after this; put texts with special characters in quotes, and check escapes and tags.";
    private const string TextTag = "tag:yaml.org,2002:str";

    private readonly YamlChunk _chunk;
    private readonly NodeBudget _budget;
    private readonly Place _root;
    private readonly Parser _parser;
    private readonly Dictionary<string, Node> _anchors = [];
    private Mark _reached = Mark.Empty;

    private YamlNodes(YamlChunk chunk, NodeBudget budget, FaultList faults)
    {
        _chunk = chunk;
        _budget = budget;
        _root = new(faults);
        _parser = new(new Scanner(new StringReader(chunk.Text), skipComments: true));
    }

    /// <summary>The root, or null when the chunk holds no document or cannot be read on; the faults tell which.</summary>
    public static Node? Read(YamlChunk chunk, NodeBudget budget, FaultList faults) => new YamlNodes(chunk, budget, faults).Read();

    private Node? Read()
    {
        if (!Advance() || !Advance() || _parser.Current is not DocumentStart || !Advance() || Value(_root, 1) is not { } node || !Advance() || !Advance())
        {
            return null;
        }

        if (_parser.Current is not StreamEnd)
        {
            _root.Fault(At(_parser.Current!.Start), "Another document starts here; put a line with --- before it.");
        }

        return node;
    }

    /// <summary>False when the text is broken, which is then reported.</summary>
    private bool Advance()
    {
        try
        {
            _parser.MoveNext();
            _reached = _parser.Current?.End ?? _reached;
            return true;
        }
        catch (YamlException broken)
        {
            var tab = YamlTabs.Find(_chunk, broken);
            var reason = tab is null ? $"The YAML cannot be read on from here: {broken.Message.TrimEnd('.')}." : YamlTabs.Forbidden;
            _root.Fault(tab ?? At(broken.Start), reason);
            return false;
        }
        catch (Exception unforeseen) when (unforeseen is InvalidOperationException or ArgumentException)
        {
            // How YamlDotNet 16 ends on some texts: a bare ':' in a flow, a tag that is no URI, an escape beyond Unicode. Only its MoveNext runs here.
            _root.Fault(At(_reached), Unreadable);
            return false;
        }
    }

    private Node? Value(Place place, int depth)
    {
        var current = _parser.Current!;
        var at = At(current.Start);
        if (depth > NodeBudget.MaxDepth)
        {
            place.Fault(at, NodeBudget.TooDeep);
            return null;
        }

        var node = current switch
        {
            AnchorAlias alias => Alias(alias, place, depth),
            Scalar scalar => Text(scalar, at, place),
            SequenceStart => List(at, place, depth),
            MappingStart => Map(at, place, depth),
            _ => Missing(at, place),
        };
        if (node is not null && current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        if (current is NodeEvent { Tag.IsEmpty: false } tagged && tagged is not Scalar { Tag: { IsNonSpecific: false, Value: TextTag } })
        {
            place.Fault(at, "YAML tags (the words that start with !) are not accepted; remove it. To make a value text, put it in quotes.");
        }

        return node;
    }

    /// <summary>On some broken texts the parser closes a map between a key and its value.</summary>
    private static Node? Missing(Position at, Place place)
    {
        place.Fault(at, Unreadable);
        return null;
    }

    private Node? Alias(AnchorAlias alias, Place place, int depth)
    {
        var at = At(alias.Start);
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            // Not repeated: it may be a password that begins with an asterisk.
            place.Fault(at, "The alias (a word that starts with *) names no value that ends before it; define it earlier with &. To make a value text, put it in quotes.");
            return null;
        }

        if (depth + node.Weight.Height > NodeBudget.MaxDepth)
        {
            place.Fault(at, NodeBudget.TooDeep);
            return null;
        }

        return Charge(node.Weight, at, place) ? node : null;
    }

    private ScalarNode? Text(Scalar scalar, Position at, Place place)
    {
        if (!Charge(new(1, scalar.Value.Length, 0), at, place))
        {
            return null;
        }

        if (scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty)
        {
            return CoreScalar.Resolve(at, scalar.Value) is { Kind: not ScalarKind.Text } other ? other : new(at, ScalarKind.Text, scalar.Value, _chunk.TextAt(scalar));
        }

        if (!Surrogates.AreWhole(scalar.Value))
        {
            place.Fault(at, Surrogates.Broken);
            return null;
        }

        return new(at, ScalarKind.Text, scalar.Value, _chunk.TextAt(scalar));
    }

    private ListNode? List(Position at, Place place, int depth)
    {
        if (!Charge(new(1, 0, 0), at, place))
        {
            return null;
        }

        var items = new List<Node>();
        while (true)
        {
            if (!Advance())
            {
                return null;
            }

            if (_parser.Current is SequenceEnd)
            {
                return new(at, items);
            }

            if (Value(place.Item(items.Count), depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }
    }

    private MapNode? Map(Position at, Place place, int depth)
    {
        if (!Charge(new(1, 0, 0), at, place))
        {
            return null;
        }

        var entries = new MapEntries(place);
        while (true)
        {
            if (!Advance())
            {
                return null;
            }

            if (_parser.Current is MappingEnd)
            {
                return entries.ToNode(at);
            }

            if (Key(place) is not { } key)
            {
                return null;
            }

            var keyAt = At(_parser.Current!.Start);
            if (!Advance() || Value(place.Field(key), depth + 1) is not { } value)
            {
                return null;
            }

            entries.Add(key, keyAt, value);
        }
    }

    private string? Key(Place place)
    {
        var at = At(_parser.Current!.Start);
        if (_parser.Current is MappingStart { Style: MappingStyle.Flow })
        {
            place.Fault(at, "A map cannot be a key. If this is a template, put the whole text in quotes, as in '{{.input.city}}', or under `|`.");
            return null;
        }

        if (_parser.Current is not Scalar { Tag.IsEmpty: true, Anchor.IsEmpty: true } scalar || !Surrogates.AreWhole(scalar.Value))
        {
            place.Fault(at, "A key must be plain text: no list, map, alias, anchor or tag.");
            return null;
        }

        if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
        {
            place.Fault(at, "Merge keys (<<) are not part of YAML 1.2; write the fields out, or use an alias for a whole value.");
            return null;
        }

        return Charge(new(1, scalar.Value.Length, 0), at, place) ? scalar.Value : null;
    }

    private bool Charge(NodeWeight weight, Position at, Place place)
    {
        if (_budget.TryTake(weight))
        {
            return true;
        }

        place.Fault(at, _budget.TooLarge);
        return false;
    }

    private Position At(Mark mark) => new((int)mark.Line + _chunk.FirstLine - 1, (int)mark.Column);
}
