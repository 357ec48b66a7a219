namespace Stoa.Gateway.Kernel;

/// <summary>A credential in memory. It cannot print itself, so it cannot reach a log by accident; <see cref="Reveal"/> marks each use.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
