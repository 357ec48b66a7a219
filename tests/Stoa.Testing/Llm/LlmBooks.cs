namespace Stoa.Testing.Llm;

/// <summary>What a scripted upstream has served, by its own count: the truth for tests of accounting.</summary>
public sealed class LlmBooks
{
    private readonly Lock _gate = new();
    private readonly List<LlmServed> _all = [];

    public IReadOnlyList<LlmServed> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Of those that were answered or begun; a refused request uses nothing.</summary>
    public long Input => All.Where(s => s is { Status: 200, Turn.Raw: null, Ask.Verb: not LlmVerb.CountTokens }).Sum(s => s.Input);

    public long Output => All.Sum(s => s.Output);

    public long CacheRead => All.Sum(s => s.CacheRead);

    internal LlmServed Open(LlmAsk ask, int status, LlmTurn turn)
    {
        var served = new LlmServed(ask, status, turn);
        lock (_gate)
        {
            _all.Add(served);
        }

        return served;
    }
}

/// <summary>One request in the books.</summary>
public sealed class LlmServed
{
    private long _output;

    internal LlmServed(LlmAsk ask, int status, LlmTurn turn) => (Ask, Status, Turn) = (ask, status, turn);

    public LlmAsk Ask { get; }

    public LlmTurn Turn { get; }

    public int Status { get; }

    public long Input => Ask.InputTokens;

    /// <summary>Pieces that were handed to the socket, or, in an answer that is no stream, all.</summary>
    public long Output => Interlocked.Read(ref _output);

    public long CacheRead => Status is 200 ? Turn.CacheRead : 0;

    /// <summary>True once the answer was sent to its end.</summary>
    public bool IsComplete { get; internal set; }

    /// <summary>True once the client has ended the connection in the middle of the answer.</summary>
    public bool IsLeft { get; internal set; }

    internal void Emit(long tokens) => Interlocked.Add(ref _output, tokens);
}
