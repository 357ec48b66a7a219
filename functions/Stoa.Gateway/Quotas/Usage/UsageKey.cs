namespace Stoa.Gateway.Quotas.Usage;

/// <summary>What a sum of usage is about.</summary>
/// <param name="Name">The tool's name, or the model's as callers name it.</param>
/// <param name="Provider">The LlmProvider that served; empty for tools, and for calls that never reached one.</param>
internal readonly record struct UsageKey(string Consumer, UsageKind Kind, string Name, string Provider)
{
    /// <summary>Stands for all there is no room to tell apart. No name can be written so.</summary>
    public const string Rest = "(other)";

    /// <summary>The sum that takes what has no sum of its own.</summary>
    public UsageKey ToRest() => new(Rest, Kind, Rest, "");
}

internal enum UsageKind : byte
{
    Tool,
    Model,
}
