using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>One pass of a <see cref="ResponseMapping"/> over an answer: reader in front, bytes copied behind, no recursion.</summary>
/// <remarks>What is kept is never longer than what came, but for a null in place of a root of one digit.</remarks>
internal ref struct MappingPass(ReadOnlySpan<byte> json, PathSet include, PathSet exclude, Span<byte> target)
{
    /// <summary>How much longer than the source the target has to be.</summary>
    public const int Spare = 4;

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly Span<byte> _target = target;
    private Utf8JsonReader _reader = new(json, JsonBody.ReaderOptions);
    private Levels _levels;
    private int _depth;
    private int _written;

    /// <summary>A container that is being copied in part.</summary>
    private struct Level
    {
        public ulong Include;
        public ulong Exclude;
        public int Index;
        public bool IsArray;
        public bool IsIncluded;
        public bool HasContent;
    }

    [InlineArray(JsonBody.MaxDepth + 1)]
    private struct Levels
    {
        private Level _first;
    }

    /// <summary>Bytes written.</summary>
    public int Run()
    {
        _reader.Read();
        var root = new Level { Include = include.Start, Exclude = exclude.Start, IsIncluded = include.IsEmpty };
        if (!TryCopyWhole(ref root) && !TryEnter(root))
        {
            // Nothing of it is wanted: the emptiest value of its kind.
            Write(_reader.TokenType switch { JsonTokenType.StartObject => "{}"u8, JsonTokenType.StartArray => "[]"u8, _ => "null"u8 });
            _reader.Skip();
        }

        while (_depth > 0)
        {
            _reader.Read();
            Step();
        }

        // Anything behind the value is a fault, which only reading on finds.
        _reader.Read();
        return _written;
    }

    private void Step()
    {
        ref var level = ref _levels[_depth];
        if (_reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            Write(level.IsArray ? "]"u8 : "}"u8);
            _depth--;
            return;
        }

        var step = _depth - 1;
        var child = new Level { IsIncluded = level.IsIncluded };
        scoped ReadOnlySpan<byte> name = default;
        if (level.IsArray)
        {
            child.Include = level.IsIncluded ? 0 : include.Item(level.Include, step, level.Index);
            child.Exclude = exclude.Item(level.Exclude, step, level.Index);
            level.Index++;
        }
        else
        {
            // With its quotes.
            name = _json.Slice((int)_reader.TokenStartIndex, _reader.ValueSpan.Length + 2);
            child.Include = level.IsIncluded ? 0 : include.Member(level.Include, step, _reader.ValueSpan);
            child.Exclude = exclude.Member(level.Exclude, step, _reader.ValueSpan);
            _reader.Read();
        }

        if (!IsWanted(ref child))
        {
            _reader.Skip();
            return;
        }

        if (level.HasContent)
        {
            Write(","u8);
        }

        level.HasContent = true;
        if (!level.IsArray)
        {
            Write(name);
            Write(":"u8);
        }

        if (!TryCopyWhole(ref child))
        {
            TryEnter(child);
        }
    }

    /// <summary>Whether the value that the reader stands on is copied, whole or in part, as a child of the container that is open.</summary>
    private bool IsWanted(ref Level child)
    {
        child.IsIncluded = child.IsIncluded || include.EndsAt(child.Include, _depth);
        return !exclude.EndsAt(child.Exclude, _depth) && (child.IsIncluded || (IsContainer && include.Into(child.Include, _depth, IsArray) != 0));
    }

    private readonly bool IsContainer => _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private readonly bool IsArray => _reader.TokenType is JsonTokenType.StartArray;

    /// <summary>The value as it came, when it is included and nothing can be excluded from it.</summary>
    private bool TryCopyWhole(ref Level value)
    {
        value.IsIncluded = value.IsIncluded || include.EndsAt(value.Include, _depth);
        if (!value.IsIncluded || exclude.EndsAt(value.Exclude, _depth) || (IsContainer && exclude.Into(value.Exclude, _depth, IsArray) != 0))
        {
            return false;
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Write(_json[start..(int)_reader.BytesConsumed]);
        return true;
    }

    private bool TryEnter(in Level container)
    {
        if (!IsContainer || exclude.EndsAt(container.Exclude, _depth))
        {
            return false;
        }

        var into = container with
        {
            IsArray = IsArray,
            Include = include.Into(container.Include, _depth, IsArray),
            Exclude = exclude.Into(container.Exclude, _depth, IsArray),
        };
        if (!into.IsIncluded && into.Include == 0)
        {
            return false;
        }

        Write(IsArray ? "["u8 : "{"u8);
        _levels[++_depth] = into;
        return true;
    }

    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[_written..]);
        _written += bytes.Length;
    }
}
