using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Records;

/// <summary>A line of <c>registry.jsonl</c>: an instance that began, and the leaf hash of its <c>open</c>. Written before the instance's first record.</summary>
internal sealed record Registration(InstanceId Instance, Sha256Hash OpenHash, DateTimeOffset OpenedAt)
{
    /// <summary>The file in a downloaded folder.</summary>
    public const string FileName = "registry.jsonl";

    public string ToLine() => $$"""{"inst":"{{Instance}}","openHash":"{{OpenHash}}","openedAt":"{{RecordTime.Format(OpenedAt)}}"}""";

    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out Registration? registration)
    {
        registration = null;
        if (!CanonicalJson.IsCanonical(line) || line[0] != '{')
        {
            return false;
        }

        var (instance, openHash, openedAt) = ((InstanceId?)null, (Sha256Hash?)null, (DateTimeOffset?)null);
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            var text = json.TokenType is JsonTokenType.String ? json.ValueSpan : default;
            if (name.SequenceEqual("inst"u8) && InstanceId.TryParse(text, out var id))
            {
                instance = id;
            }
            else if (name.SequenceEqual("openHash"u8) && Sha256Hash.TryParseHex(text, out var hash))
            {
                openHash = hash;
            }
            else if (name.SequenceEqual("openedAt"u8) && RecordTime.TryParse(text, out var time))
            {
                openedAt = time;
            }

            json.Skip();
        }

        if (instance is { } i && openHash is { } h && openedAt is { } t)
        {
            registration = new(i, h, t);
        }

        return registration is not null;
    }
}
