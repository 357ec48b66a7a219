using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// Makes a JSON answer shorter for a model that pays by the token. Members that identify something stay whole, names never change, and
/// the result is JSON no longer than what came.
/// <list type="bullet">
/// <item>Moderate: members that are null or empty go, white space goes, and a list shows its first 10 items (lists inside lists stay).</item>
/// <item>Aggressive: also every list shows 5 items, texts end after 500 characters and descriptions after 120, and what only
/// explains (examples, schemas, hypermedia links) goes.</item>
/// </list>
/// </summary>
internal static class Reduction
{
    /// <summary>False when the bytes are no JSON. The caller disposes the buffer.</summary>
    public static bool TryApply(
        ReductionLevel level, ReadOnlySpan<byte> json, [NotNullWhen(true)] out AnswerBuffer? reduced, [NotNullWhen(true)] out ReductionReport? report)
    {
        (reduced, report) = (null, null);
        var buffer = new AnswerBuffer(Math.Max(json.Length, 1));
        var cuts = new ReductionReport();
        try
        {
            if (level is ReductionLevel.None)
            {
                json.CopyTo(buffer.GetSpan(json.Length));
                buffer.Advance(json.Length);
            }
            else
            {
                var pass = new ReductionPass(json, buffer.GetSpan(json.Length), level is ReductionLevel.Aggressive, cuts);
                buffer.Advance(pass.Run());
            }

            (reduced, report) = (buffer, cuts);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            if (reduced is null)
            {
                buffer.Dispose();
            }
        }
    }
}
