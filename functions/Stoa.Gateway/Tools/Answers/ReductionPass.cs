using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// One pass of a <see cref="Reduction"/>: what stays is copied into a target as long as the source, and what turns out empty is taken
/// back.
/// </summary>
internal ref struct ReductionPass(ReadOnlySpan<byte> json, Span<byte> target, bool isAggressive, ReductionReport report)
{
    private const int ModerateItems = 10;
    private const int AggressiveItems = 5;
    private const int TextLength = 500;
    private const int DescriptionLength = 120;
    private const int PathLength = 200;

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly Span<byte> _target = target;
    private Utf8JsonReader _reader = new(json, JsonBody.ReaderOptions);
    private Levels _levels;
    private int _depth;
    private int _written;

    /// <summary>A container that is open in the target.</summary>
    private struct Level
    {
        /// <summary>Where the target ended before it, its name and its comma.</summary>
        public int Start;
        public int NameStart;
        public int NameLength;
        public int Items;
        public int MaxItems;
        public bool IsArray;
        public bool IsInArray;
        public bool HasContent;
        public bool ParentHadContent;
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
        Copy(default, isDescription: false);
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
            Close(level);
        }
        else if (level.IsArray)
        {
            if (level.Items++ < level.MaxItems)
            {
                Copy(default, isDescription: false);
            }
            else
            {
                _reader.Skip();
            }
        }
        else
        {
            StepMember();
        }
    }

    private void StepMember()
    {
        var name = _reader.ValueSpan;

        // With its quotes.
        var spelled = new Range((int)_reader.TokenStartIndex, (int)_reader.TokenStartIndex + name.Length + 2);
        _reader.Read();
        if (MemberPurpose.Identifies(name))
        {
            var start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            Begin(spelled);
            Write(_json[start..(int)_reader.BytesConsumed]);
        }
        else if (_reader.TokenType is JsonTokenType.Null)
        {
            report.Nulls++;
        }
        else if (isAggressive && MemberPurpose.Explains(name))
        {
            report.Explanations++;
            _reader.Skip();
        }
        else
        {
            Copy(spelled, MemberPurpose.Describes(name));
        }
    }

    /// <summary>Writes the comma and name of a value; true for the comma when something stood before it.</summary>
    private bool Begin(Range name)
    {
        if (_depth == 0)
        {
            return false;
        }

        ref var level = ref _levels[_depth];
        var hadContent = level.HasContent;
        if (hadContent)
        {
            Write(","u8);
        }

        level.HasContent = true;
        if (!level.IsArray)
        {
            Write(_json[name]);
            Write(":"u8);
        }

        return hadContent;
    }

    private void Copy(Range name, bool isDescription)
    {
        var start = _written;
        var hadContent = Begin(name);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Open(start, name, hadContent);
                break;
            case JsonTokenType.String when isAggressive:
                WriteText(_reader.ValueSpan, isDescription ? DescriptionLength : TextLength);
                break;
            default:
                Write(_json[(int)_reader.TokenStartIndex..(int)_reader.BytesConsumed]);
                break;
        }
    }

    private void Open(int start, Range name, bool parentHadContent)
    {
        var isArray = _reader.TokenType is JsonTokenType.StartArray;
        ref readonly var parent = ref _levels[_depth];
        var isInArray = parent.IsArray || parent.IsInArray;
        Write(isArray ? "["u8 : "{"u8);
        _levels[++_depth] = new()
        {
            Start = start,
            NameStart = name.Start.Value,
            NameLength = name.End.Value - name.Start.Value,
            MaxItems = isAggressive ? AggressiveItems : isInArray ? int.MaxValue : ModerateItems,
            IsArray = isArray,
            IsInArray = isInArray,
            ParentHadContent = parentHadContent,
        };
    }

    private void Close(in Level level)
    {
        if (level.Items > level.MaxItems)
        {
            report.AddList(report.HasRoom ? new(Path(), level.MaxItems, level.Items) : null);
        }

        _depth--;
        ref var parent = ref _levels[_depth];
        if (!level.HasContent && _depth > 0 && !parent.IsArray)
        {
            // Items keep their places in a list; a member has none.
            report.Empties++;
            _written = level.Start;
            parent.HasContent = level.ParentHadContent;
            return;
        }

        Write(level.IsArray ? "]"u8 : "}"u8);
    }

    // A link cut short leads nowhere.
    private void WriteText(ReadOnlySpan<byte> raw, int maxCharacters)
    {
        var keep = raw.StartsWith("http"u8) && !raw.Contains((byte)' ') ? raw.Length : TextCut.Keep(raw, maxCharacters);
        Write("\""u8);
        Write(raw[..keep]);
        if (keep < raw.Length)
        {
            report.Texts++;
            Write(TextCut.Ellipsis);
        }

        Write("\""u8);
    }

    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[_written..]);
        _written += bytes.Length;
    }

    /// <summary>Of the container that is open, in the source.</summary>
    private readonly string Path()
    {
        var path = new StringBuilder();
        for (var depth = 1; depth < _depth; depth++)
        {
            ref readonly var child = ref _levels[depth + 1];
            if (_levels[depth].IsArray)
            {
                path.Append('/').Append((_levels[depth].Items - 1).ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                var name = JsonString.ToString(_json.Slice(child.NameStart + 1, child.NameLength - 2));
                path.Append('/').Append(JsonPointer.Escape(name));
            }
        }

        return JsonText.Shorten(path.ToString(), PathLength);
    }
}
