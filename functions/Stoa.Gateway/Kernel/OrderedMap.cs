using System.Text.Json;

namespace Stoa.Gateway.Kernel;

/// <summary>A map of texts as stored JSON holds it: ordinal order of the keys, and no member at all when it is empty.</summary>
internal static class OrderedMap
{
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        var entries = map.OrderBy(e => e.Key, StringComparer.Ordinal).ToArray();
        if (entries.Length == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in entries)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
