using System.Globalization;
using System.Text;

namespace Stoa.Gateway.Resources;

/// <summary>Where a walk through a document stands, and where it reports faults. Its path is spelled out only when one is reported.</summary>
internal sealed class Place
{
    private readonly Place? _parent;
    private readonly string? _key;
    private readonly int _index;
    private readonly FaultList _faults;

    public Place(FaultList faults)
        : this(null, null, 0, faults)
    {
    }

    private Place(Place? parent, string? key, int index, FaultList faults)
    {
        _parent = parent;
        _key = key;
        _index = index;
        _faults = faults;
    }

    public Place Field(string key) => new(this, key, 0, _faults);

    public Place Item(int index) => new(this, null, index, _faults);

    public void Fault(Position at, string reason)
    {
        if (!_faults.IsFull)
        {
            _faults.Add(new(at.Line, at.Column, ToString(), reason));
        }
    }

    public override string ToString()
    {
        var path = new StringBuilder();
        Spell(path);
        return path.ToString();
    }

    private void Spell(StringBuilder path)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Spell(path);
        if (_key is null)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{_index}]");
        }
        else
        {
            path.Append(NodePath.Step(_key, isFirst: path.Length == 0));
        }
    }
}
