using System.Numerics;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// Up to 64 paths walked at once. A set of bits says which of them lead to the place where the walk stands; one step on, those remain
/// whose next step leads there.
/// </summary>
internal sealed class PathSet(IReadOnlyList<ResponsePath> paths)
{
    private readonly ResponsePath[] _paths = [.. paths];

    public bool IsEmpty => _paths.Length == 0;

    /// <summary>All of them, at the root.</summary>
    public ulong Start => _paths.Length == 64 ? ulong.MaxValue : (1UL << _paths.Length) - 1;

    /// <summary>Whether one of them ends after so many steps.</summary>
    public bool EndsAt(ulong active, int depth)
    {
        for (; active != 0; active &= active - 1)
        {
            if (_paths[BitOperations.TrailingZeroCount(active)].Steps.Length == depth)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Those that go on from an array, or from an object.</summary>
    public ulong Into(ulong active, int depth, bool array)
    {
        var into = 0UL;
        for (; active != 0; active &= active - 1)
        {
            var steps = _paths[BitOperations.TrailingZeroCount(active)].Steps;
            into |= steps.Length > depth && steps[depth].IsMember != array ? active & (0 - active) : 0;
        }

        return into;
    }

    /// <summary>From those that <see cref="Into"/> left, the ones that go to the member of this raw name.</summary>
    public ulong Member(ulong active, int depth, ReadOnlySpan<byte> raw)
    {
        var member = 0UL;
        for (; active != 0; active &= active - 1)
        {
            member |= _paths[BitOperations.TrailingZeroCount(active)].Steps[depth].TakesMember(raw) ? active & (0 - active) : 0;
        }

        return member;
    }

    /// <summary>From those that <see cref="Into"/> left, the ones that go to this item.</summary>
    public ulong Item(ulong active, int depth, int index)
    {
        var item = 0UL;
        for (; active != 0; active &= active - 1)
        {
            item |= _paths[BitOperations.TrailingZeroCount(active)].Steps[depth].TakesItem(index) ? active & (0 - active) : 0;
        }

        return item;
    }
}
