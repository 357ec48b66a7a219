using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Usage;

/// <summary>
/// What a provider has reported so far, as it reports it: -1 where it said nothing that makes sense. Streams report in parts, a later one
/// replacing what an earlier one said.
/// </summary>
internal struct UsageCounts()
{
    /// <summary>More tokens than any model takes or gives: such a number is a mistake, or meant to do harm.</summary>
    private const long Most = 1_000_000_000;

    public long Input = -1;
    public long Output = -1;
    public long Total = -1;
    public long CacheRead = -1;
    public long CacheWrite = -1;
    public long CacheWriteHour = -1;
    public long Reasoning = -1;
    public long AudioInput = -1;
    public long AudioOutput = -1;

    /// <summary>Gemini: what its own tools put into the prompt, which the count of the prompt leaves out.</summary>
    public long ToolInput = -1;

    /// <summary>Anthropic: what was done beside the answer.</summary>
    public BesideUsage Beside;

    /// <summary>Whether <see cref="Output"/> is the sum of the whole answer so far, rather than where it began (Anthropic's message_start).</summary>
    public bool IsFinal;

    public static bool IsSane(long number) => number is >= 0 and <= Most;

    /// <summary>In the gateway's terms; null when input or output is not known.</summary>
    public readonly TokenUsage? ToUsage(Wire wire) => Input >= 0 && IsOutputKnown(wire) ? Complete(wire, Input, Math.Max(Output, 0)) : null;

    /// <summary>As <see cref="ToUsage"/>, with an estimate where the provider said nothing.</summary>
    public readonly TokenUsage Complete(Wire wire, long input, long output)
    {
        var read = Math.Max(CacheRead, 0) + Beside.CacheRead;
        var write = Math.Max(CacheWrite, 0) + Beside.CacheWrite;
        if (Input >= 0)
        {
            // Anthropic counts cached tokens beside its input, the others within.
            input = wire is Wire.Messages ? Input + Beside.Input + read + write : Input + Math.Max(ToolInput, 0);
        }

        if (IsOutputKnown(wire))
        {
            // Gemini counts thoughts beside its candidates.
            output = Math.Max(output, Math.Max(Output, 0) + Beside.Output + (wire is Wire.Gemini ? Math.Max(Reasoning, 0) : 0));

            // Some servers leave reasoning out of the output, but not out of the total.
            output = wire is not Wire.Messages && Input >= 0 && Total > input + output ? Total - input : output;
        }

        read = Math.Min(read, input);
        write = Math.Min(write, input - read);
        return new(input, output)
        {
            CacheRead = read,
            CacheWrite = write,
            CacheWriteHour = Math.Clamp(CacheWriteHour, 0, write),
            Reasoning = Math.Clamp(Reasoning, 0, output),
            AudioInput = Math.Clamp(AudioInput, 0, input),
            AudioOutput = Math.Clamp(AudioOutput, 0, output),
            IsEstimate = Input < 0 || !IsOutputKnown(wire),
        };
    }

    /// <summary>Embeddings have none; Gemini leaves a zero out.</summary>
    private readonly bool IsOutputKnown(Wire wire) => Output >= 0 || (Input >= 0 && wire is Wire.Embeddings or Wire.Gemini);
}
