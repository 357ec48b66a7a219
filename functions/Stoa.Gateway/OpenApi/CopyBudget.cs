namespace Stoa.Gateway.OpenApi;

/// <summary>
/// What all schemas of an expansion may come to, written out for each tool: a few bytes of references can stand for gigabytes. In bytes,
/// roughly.
/// </summary>
internal sealed class CopyBudget
{
    public const int MaxPerSchema = 256 * 1024;
    public const int MaxInAll = 32 * 1024 * 1024;

    private long _spent;

    public bool IsSpent => _spent > MaxInAll;

    public void Take(int bytes) => _spent += bytes;
}
