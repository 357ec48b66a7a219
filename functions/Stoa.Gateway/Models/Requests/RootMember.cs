using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>The members of a request that the gateway reads, by wire; what is not here passes unread.</summary>
internal enum RootMember
{
    Other,
    Model,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    Choices,
    Metadata,
    Messages,
    Input,

    /// <summary>For whom the caller asks.</summary>
    EndUser,

    /// <summary>How fast or where the provider is to work, which may have its price.</summary>
    Tier,

    /// <summary>Chat's way to let the provider search, which has its price.</summary>
    WebSearch,

    /// <summary>Azure's: where the provider is to read, with rights that are its owner's.</summary>
    DataSources,

    /// <summary>Text or parts that stand outside the messages.</summary>
    Content,

    /// <summary>Schemas, which the model reads as they are written.</summary>
    Schema,
    Tools,
    McpServers,

    /// <summary>Refers to what the provider has stored, unless null.</summary>
    Stored,

    /// <summary>Asks the provider to store or go on by itself, when true.</summary>
    Storing,
}

/// <summary>The table behind <see cref="RootMember"/>.</summary>
internal static class RootMembers
{
    private static readonly SearchValues<byte> Usual = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private static readonly (string Name, RootMember Member)[] Chat =
    [
        ("model", RootMember.Model), ("messages", RootMember.Messages), ("stream", RootMember.Stream), ("tools", RootMember.Tools),
        ("max_tokens", RootMember.MaxTokens), ("max_completion_tokens", RootMember.MaxCompletionTokens),
        ("stream_options", RootMember.StreamOptions), ("n", RootMember.Choices), ("metadata", RootMember.Metadata),
        ("functions", RootMember.Schema), ("response_format", RootMember.Schema), ("prediction", RootMember.Content),
        ("user", RootMember.EndUser), ("safety_identifier", RootMember.EndUser), ("service_tier", RootMember.Tier),
        ("web_search_options", RootMember.WebSearch), ("data_sources", RootMember.DataSources), ("dataSources", RootMember.DataSources),
    ];

    private static readonly (string Name, RootMember Member)[] Messages =
    [
        ("model", RootMember.Model), ("messages", RootMember.Messages), ("stream", RootMember.Stream), ("tools", RootMember.Tools),
        ("max_tokens", RootMember.MaxTokens), ("system", RootMember.Content), ("metadata", RootMember.Metadata),
        ("output_config", RootMember.Schema), ("output_format", RootMember.Schema), ("mcp_servers", RootMember.McpServers),
        ("service_tier", RootMember.Tier), ("speed", RootMember.Tier), ("inference_geo", RootMember.Tier),
    ];

    private static readonly (string Name, RootMember Member)[] Responses =
    [
        ("model", RootMember.Model), ("input", RootMember.Input), ("instructions", RootMember.Content), ("stream", RootMember.Stream),
        ("tools", RootMember.Tools), ("max_output_tokens", RootMember.MaxTokens), ("metadata", RootMember.Metadata),
        ("text", RootMember.Schema), ("store", RootMember.Storing), ("background", RootMember.Storing),
        ("previous_response_id", RootMember.Stored), ("conversation", RootMember.Stored), ("prompt", RootMember.Stored),
        ("user", RootMember.EndUser), ("safety_identifier", RootMember.EndUser), ("service_tier", RootMember.Tier),
    ];

    private static readonly (string Name, RootMember Member)[] Embeddings =
    [
        ("model", RootMember.Model), ("input", RootMember.Input), ("metadata", RootMember.Metadata), ("user", RootMember.EndUser),
    ];

    /// <summary>The member whose name the reader is on, and that name as a literal.</summary>
    public static (string Name, RootMember Member) Find(Wire wire, ref Utf8JsonReader json)
    {
        foreach (var row in Of(wire))
        {
            if (json.ValueTextEquals(row.Name))
            {
                return row;
            }
        }

        return ("", RootMember.Other);
    }

    /// <summary>
    /// The member that a reader which ignores case would find under this name: those written in Go do, and know two letters more than ASCII
    /// has. Null when there is none.
    /// </summary>
    public static string? Resembled(Wire wire, ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAnyExcept(Usual))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(name).Replace('\u017F', 's').Replace('\u212A', 'k');
        return Array.Find(Of(wire), row => row.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).Name;
    }

    private static (string Name, RootMember Member)[] Of(Wire wire) => wire switch
    {
        Wire.Chat => Chat,
        Wire.Messages => Messages,
        Wire.Responses => Responses,
        Wire.Embeddings => Embeddings,
        _ => throw new ArgumentOutOfRangeException(nameof(wire), wire, "No door takes it."),
    };
}
