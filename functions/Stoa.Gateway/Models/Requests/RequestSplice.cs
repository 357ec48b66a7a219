using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// Writes a request for a provider that speaks the caller's own wire: the model's name, the bound of the answer and the wish for usage are
/// replaced or added where they stand, every other byte is the caller's.
/// </summary>
internal static class RequestSplice
{
    private const int MostEdits = 7;

    /// <param name="model">As the provider calls it.</param>
    /// <param name="outputBound">The most tokens that all answers together may have: a bound above is lowered, one that is missing is added. Null: as the caller had it.</param>
    /// <param name="forceUsage">Asks for usage in chat streams (<c>stream_options.include_usage</c>).</param>
    /// <param name="type">OpenAI's newer models refuse <c>max_tokens</c> in chat completions; most other servers know nothing else, and Mistral refuses what it does not know.</param>
    public static void Write(ModelRequest request, string model, long? outputBound, bool forceUsage, ProviderType type, IBufferWriter<byte> output)
    {
        Span<Edit> edits = stackalloc Edit[MostEdits];
        var count = 0;
        var places = request.Places;
        if (places.Model.Equals(default))
        {
            edits[count++] = new(places.Start, places.Start, What.Model | What.Name);
        }
        else if (model != request.WrittenModel)
        {
            edits[count++] = Replace(places.Model, What.Model);
        }

        if (outputBound is { } bound)
        {
            Bound(request, Math.Max(1, bound / request.Choices), type, edits, ref count);
        }

        if (type is ProviderType.Mistral)
        {
            ForMistral(request, edits, ref count);
        }
        else if (forceUsage && request is { Wire: Wire.Chat, IsStream: true, WantsUsage: false })
        {
            edits[count++] = Usage(places);
        }

        edits = edits[..count];
        edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        Copy(request.Body.Span, edits, model, output);
    }

    private static void Bound(ModelRequest request, long bound, ProviderType type, Span<Edit> edits, ref int count)
    {
        if (request.Wire is Wire.Embeddings)
        {
            return;
        }

        var places = request.Places;
        var hasBound = false;
        foreach (var cap in (ReadOnlySpan<RequestPlaces.Cap>)[places.MaxTokens, places.MaxCompletionTokens])
        {
            hasBound |= cap.Amount is not null;

            // To some servers zero is no bound at all; to Anthropic it is one, of a request that only fills the cache.
            if (cap.Amount > bound || (cap.Amount is 0 && request.Wire is not Wire.Messages))
            {
                edits[count++] = Replace(cap.Value, What.Number, bound);
            }
        }

        if (hasBound)
        {
            return;
        }

        var isCompletion = request.Wire is Wire.Chat && type is ProviderType.OpenAI or ProviderType.AzureOpenAI;
        var name = request.Wire is Wire.Responses ? What.MaxOutputTokens : isCompletion ? What.MaxCompletionTokens : What.MaxTokens;
        var empty = name is What.MaxCompletionTokens || (type is ProviderType.Mistral && !places.MaxTokens.IsPresent) ? places.MaxCompletionTokens : places.MaxTokens;
        edits[count++] = empty.IsPresent ? Replace(empty.Value, What.Number, bound) : new(places.Start, places.Start, name | What.Name, bound);
    }

    /// <summary>Mistral refuses what it does not know, and tells usage unasked.</summary>
    private static void ForMistral(ModelRequest request, Span<Edit> edits, ref int count)
    {
        var places = request.Places;
        if (request.Wire is not Wire.Chat)
        {
            return;
        }

        if (places.MaxCompletionTokens.IsPresent && !places.MaxTokens.IsPresent)
        {
            edits[count++] = new(places.MaxCompletionTokensName, places.MaxCompletionTokens.Value.Start.Value, What.MaxTokensName);
        }

        if (!places.StreamOptions.Equals(default))
        {
            edits[count++] = Drop(request.Body.Span, places.StreamOptionsName, places.StreamOptions.End.Value);
        }
    }

    /// <summary>A member with the comma behind it; with the one before it when it is the last.</summary>
    private static Edit Drop(ReadOnlySpan<byte> body, int start, int end)
    {
        var rest = body[end..];
        var next = rest.IndexOfAnyExcept(" \t\r\n"u8);
        return rest[next] == ',' ? new(start, end + next + 1, What.None) : new(body[..start].LastIndexOf((byte)','), end, What.None);
    }

    private static Edit Usage(in RequestPlaces places)
    {
        if (!places.IncludeUsage.Equals(default))
        {
            return Replace(places.IncludeUsage, What.True);
        }

        if (places.HasStreamOptions)
        {
            var inside = places.StreamOptions.Start.Value + 1;
            return new(inside, inside, What.IncludeUsage);
        }

        return places.StreamOptions.Equals(default)
            ? new(places.Start, places.Start, What.StreamOptions | What.Name)
            : Replace(places.StreamOptions, What.StreamOptions);
    }

    private static Edit Replace(Range place, What what, long number = 0) => new(place.Start.Value, place.End.Value, what, number);

    private static void Copy(ReadOnlySpan<byte> body, ReadOnlySpan<Edit> edits, string model, IBufferWriter<byte> output)
    {
        var done = 0;
        foreach (var edit in edits)
        {
            output.Write(body[done..edit.Start]);
            Write(edit, model, output);
            done = edit.End;
        }

        output.Write(body[done..]);
    }

    private static void Write(in Edit edit, string model, IBufferWriter<byte> output)
    {
        var isMember = edit.What.HasFlag(What.Name);
        switch (edit.What & ~What.Name)
        {
            case What.Model:
                output.Write(isMember ? "\"model\":\""u8 : "\""u8);
                output.Write(JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
                output.Write("\""u8);
                break;
            case What.Number:
                Number(edit.Number, output);
                break;
            case What.MaxTokensName:
                output.Write("\"max_tokens\":"u8);
                break;
            case What.True:
                output.Write("true"u8);
                break;
            case What.IncludeUsage:
                output.Write("\"include_usage\":true,"u8);
                break;
            case What.StreamOptions:
                output.Write(isMember ? "\"stream_options\":{\"include_usage\":true}"u8 : "{\"include_usage\":true}"u8);
                break;
            case What.MaxTokens:
                output.Write("\"max_tokens\":"u8);
                Number(edit.Number, output);
                break;
            case What.MaxCompletionTokens:
                output.Write("\"max_completion_tokens\":"u8);
                Number(edit.Number, output);
                break;
            case What.MaxOutputTokens:
                output.Write("\"max_output_tokens\":"u8);
                Number(edit.Number, output);
                break;
        }

        // A request is never empty, so a member put first always has one after it.
        if (isMember)
        {
            output.Write(","u8);
        }
    }

    private static void Number(long number, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(20);
        Utf8Formatter.TryFormat(number, room, out var written);
        output.Advance(written);
    }

    [Flags]
    private enum What
    {
        None = 0,
        Model = 1,
        Number = 2,
        True = 4,
        IncludeUsage = 8,
        StreamOptions = 16,
        MaxTokens = 32,
        MaxCompletionTokens = 64,
        MaxOutputTokens = 128,

        /// <summary>A member of its own, with name and comma, rather than a value in another's place.</summary>
        Name = 256,

        /// <summary>The name alone, in place of another that the value had.</summary>
        MaxTokensName = 512,
    }

    /// <summary>What to write in place of the bytes from start to end.</summary>
    private readonly record struct Edit(int Start, int End, What What, long Number = 0);
}
