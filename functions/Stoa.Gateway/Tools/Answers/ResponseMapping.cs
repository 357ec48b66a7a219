using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// Keeps of a JSON answer what the included paths name (everything when there are none) and drops what the excluded ones name. Objects
/// and arrays on the way to an included part stay as its frame, items that go leave no gap; order, spelling and numbers stay as they came, white space goes where
/// parts are taken out. A path that finds nothing is no error. One pass over the bytes, linear in them times the number of paths.
/// </summary>
internal sealed class ResponseMapping
{
    /// <summary>Of each kind.</summary>
    public const int MaxPaths = 64;

    private readonly PathSet _include;
    private readonly PathSet _exclude;

    /// <summary>At most <see cref="MaxPaths"/> of each.</summary>
    public ResponseMapping(IReadOnlyList<ResponsePath> include, IReadOnlyList<ResponsePath> exclude)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(include.Count, MaxPaths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exclude.Count, MaxPaths);
        (_include, _exclude) = (new(include), new(exclude));
    }

    /// <summary>False when the bytes are no JSON of the readers' depth; nothing is written then.</summary>
    public bool TryWrite(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var pass = new MappingPass(json, _include, _exclude, output.GetSpan(json.Length + MappingPass.Spare));
        try
        {
            output.Advance(pass.Run());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
