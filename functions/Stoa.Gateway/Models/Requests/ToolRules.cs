using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// What a tool must have before anybody is asked to use it: a function has a name, and parameters that are an object. Tools that a provider
/// runs itself pass unread, but for the URLs that it would call.
/// </summary>
internal static class ToolRules
{
    public static bool Tools(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is not JsonTokenType.StartArray)
        {
            return walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be an array of tools.");
        }

        var start = walk.Json.TokenStartIndex;
        for (var i = 0; walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray; i++)
        {
            draft.HasTools = true;
            walk.At("tools", i);
            if (walk.Json.TokenType is not JsonTokenType.StartObject)
            {
                return walk.Fail("must be an object.");
            }

            if (!Tool(ref draft))
            {
                return false;
            }
        }

        walk.At("tools");
        walk.TextBytes += walk.Json.BytesConsumed - start;
        return true;
    }

    /// <summary>Anthropic's <c>mcp_servers</c>, which it connects to.</summary>
    public static bool Servers(ref RequestWalk walk)
    {
        if (walk.Json.TokenType is not JsonTokenType.StartArray)
        {
            return walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be an array.");
        }

        for (var i = 0; walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray; i++)
        {
            walk.At("mcp_servers", i);
            if (walk.Json.TokenType is not JsonTokenType.StartObject)
            {
                return walk.Fail("must be an object.");
            }

            var opened = walk.Open();
            while (walk.NextName(opened))
            {
                var isUrl = walk.Json.ValueTextEquals("url"u8);
                walk.Json.Read();
                if (!(isUrl ? Address(ref walk, "url") : walk.Silent()))
                {
                    return false;
                }
            }

            if (walk.Refusal is not null)
            {
                return false;
            }
        }

        walk.At("mcp_servers");
        return true;
    }

    /// <summary>Chat wraps a function in a member of that name; the others have name and schema in the tool itself.</summary>
    private static bool Tool(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        var wire = draft.Wire;
        var schema = wire is Wire.Messages ? "input_schema" : "parameters";
        var seen = new Seen();
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            if (wire is Wire.Chat && walk.Json.ValueTextEquals("function"u8))
            {
                walk.Json.Read();
                seen.HasFunction = true;
                if (!Function(ref walk))
                {
                    return false;
                }
            }
            else if (!Member(ref walk, schema, "", ref seen))
            {
                return false;
            }
        }

        draft.AsksForMore |= seen.IsPriced;
        if (walk.Refusal is not null)
        {
            return false;
        }

        return wire switch
        {
            Wire.Chat => seen.HasFunction || !seen.IsFunction || walk.Fail("is missing.", "function"),
            Wire.Messages => !seen.IsFunction || Complete(ref walk, in seen, schema, needsSchema: true),
            _ => !seen.IsFunction || (seen.HasType ? Complete(ref walk, in seen, schema, needsSchema: false) : walk.Fail("is missing.", "type")),
        };
    }

    private static bool Function(ref RequestWalk walk)
    {
        if (walk.Json.TokenType is not JsonTokenType.StartObject)
        {
            return walk.Fail("must be an object.", "function");
        }

        var seen = new Seen();
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            if (!Member(ref walk, "parameters", "function.", ref seen))
            {
                return false;
            }
        }

        return walk.Refusal is null && (seen.HasName || walk.Fail("is missing.", "function.name"));
    }

    private static bool Complete(ref RequestWalk walk, in Seen seen, string schema, bool needsSchema) =>
        (seen.HasName || walk.Fail("is missing.", "name")) && (!needsSchema || seen.HasSchema || walk.Fail("is missing.", schema));

    private static bool Member(ref RequestWalk walk, string schema, string below, ref Seen seen)
    {
        if (walk.Json.ValueTextEquals("name"u8))
        {
            walk.Json.Read();
            seen.HasName = walk.Json.TokenType is JsonTokenType.String && !walk.Json.ValueSpan.IsEmpty;
            return seen.HasName || walk.Fail("must be a text that is not empty.", below + "name");
        }

        if (walk.Json.ValueTextEquals(schema))
        {
            walk.Json.Read();
            seen.HasSchema = walk.Json.TokenType is JsonTokenType.StartObject;
            return seen.HasSchema || walk.Json.TokenType is JsonTokenType.Null ? walk.Silent() : walk.Fail("must be an object (a JSON Schema).", below + schema);
        }

        if (below.Length == 0 && walk.Json.ValueTextEquals("type"u8))
        {
            walk.Json.Read();
            seen.HasType = walk.Json.TokenType is JsonTokenType.String;
            seen.IsFunction = !seen.HasType || walk.Json.ValueTextEquals("function"u8) || (schema == "input_schema" && walk.Json.ValueTextEquals("custom"u8));
            seen.IsPriced = !seen.IsFunction && Surcharges.IsOn(walk.Unescaped());
            return seen.HasType || walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be a text.", "type");
        }

        var isUrl = walk.Json.ValueTextEquals("server_url"u8);
        walk.Json.Read();
        return isUrl ? Address(ref walk, below + "server_url") : walk.Silent();
    }

    private static bool Address(ref RequestWalk walk, string member)
    {
        if (walk.Json.TokenType is not JsonTokenType.String)
        {
            return walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be a URL.", member);
        }

        return FetchedUrl.Complaint(walk.Unescaped()) is not { } complaint || walk.Fail(complaint, member);
    }

    /// <summary>A tool without a type is a function, except on the wire of responses, where one must be given.</summary>
    private struct Seen()
    {
        public bool HasType;
        public bool IsFunction = true;
        public bool HasFunction;
        public bool HasName;
        public bool HasSchema;
        public bool IsPriced;
    }
}
