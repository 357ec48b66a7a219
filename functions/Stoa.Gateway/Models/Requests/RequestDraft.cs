namespace Stoa.Gateway.Models.Requests;

/// <summary>What is known of a request halfway through its pass.</summary>
internal ref struct RequestDraft(Wire wire, ReadOnlySpan<byte> body)
{
    public RequestWalk Walk = new(body);

    public Wire Wire { get; } = wire;

    /// <summary>The URL names the model, so the body need not.</summary>
    public bool HasPathModel { get; init; }

    public int Start { get; set; }

    public string? Model { get; set; }

    public Range ModelPlace { get; set; }

    public bool IsStream { get; set; }

    public bool WantsUsage { get; set; }

    public Range StreamOptions { get; set; }

    /// <summary>Where the name of the member at hand begins.</summary>
    public int NameStart { get; set; }

    public int StreamOptionsName { get; set; }

    public int MaxCompletionTokensName { get; set; }

    public bool HasStreamOptions { get; set; }

    public Range IncludeUsage { get; set; }

    public RequestPlaces.Cap MaxTokens { get; set; }

    public RequestPlaces.Cap MaxCompletionTokens { get; set; }

    public int Choices { get; set; } = 1;

    public string? EndUser { get; set; }

    public Dictionary<string, string>? Tags { get; set; }

    public int Messages { get; set; }

    public bool HasInput { get; set; }

    public bool HasTools { get; set; }

    public long TokenIds { get; set; }

    public string? StateMember { get; set; }

    public bool IsBackground { get; set; }

    public bool AsksForMore { get; set; }

    public void Dispose() => Walk.Dispose();

    public readonly ModelRequest ToRequest(ReadOnlyMemory<byte> body, string model) => new()
    {
        Wire = Wire,
        Body = body,
        Model = model,
        WrittenModel = Model,
        IsBackground = IsBackground,
        AsksForMore = AsksForMore,
        IsStream = IsStream,
        MaxOutputTokens = (MaxTokens.Amount, MaxCompletionTokens.Amount) is ({ } one, { } other) ? Math.Min(one, other) : MaxTokens.Amount ?? MaxCompletionTokens.Amount,
        Choices = Choices,
        WantsUsage = WantsUsage,
        StateMember = StateMember,
        TextBytes = Walk.TextBytes,
        MediaParts = Walk.MediaParts,
        FileBytes = Walk.FileBytes,
        Messages = Messages,
        HasTools = HasTools,
        TokenIds = TokenIds,
        EndUser = Wire is Wire.Messages ? Tags?.GetValueOrDefault("user_id") : EndUser,
        Tags = Tags ?? (IReadOnlyDictionary<string, string>)System.Collections.Frozen.FrozenDictionary<string, string>.Empty,
        Places = new()
        {
            Start = Start,
            Model = ModelPlace,
            MaxTokens = MaxTokens,
            MaxCompletionTokens = MaxCompletionTokens,
            StreamOptions = StreamOptions,
            StreamOptionsName = StreamOptionsName,
            MaxCompletionTokensName = MaxCompletionTokensName,
            HasStreamOptions = HasStreamOptions,
            IncludeUsage = IncludeUsage,
        },
    };
}
