using System.Globalization;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Models;

/// <summary>What no single field of an <c>LlmRoute</c> can tell: that its weights let something through, and that a name for models is there.</summary>
internal static class LlmRouteCheck
{
    /// <summary>Headers that carry credentials are no property to route by: a condition would repeat them in configuration.</summary>
    private static readonly string[] CredentialHeaders = ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "proxy-authorization"];

    public static void Run(DocumentTree document, FaultList faults)
    {
        if (document.Find("spec.targets") is not ListNode targets || targets.Items.Count == 0)
        {
            return;
        }

        if (document.Text("spec.strategy") == "weighted" && targets.Items.All(t => t is MapNode map && map["weight"] is ScalarNode { Text: "0" }))
        {
            faults.Add(document.Fault("spec.targets", "Every target has the weight 0; give at least one a weight."));
        }

        for (var i = 0; i < targets.Items.Count; i++)
        {
            foreach (var entry in ((targets.Items[i] as MapNode)?["when"] as MapNode)?["headers"] is MapNode headers ? headers.Entries : [])
            {
                if (CredentialHeaders.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
                {
                    var path = string.Create(CultureInfo.InvariantCulture, $"spec.targets[{i}].when.headers.{entry.Key}");
                    faults.Add(new(entry.KeyAt.Line, entry.KeyAt.Column, path, $"The header `{entry.Key}` carries a credential; use `consumers` to tell callers apart."));
                }
            }
        }
    }
}
