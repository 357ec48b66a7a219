using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Caching;

/// <summary>Only what changes nothing may be answered from memory.</summary>
internal static class CacheAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, List<ResourceFault> faults)
    {
        if (spec.Cache is not null && !ToolHints.Of(spec).ReadOnly)
        {
            faults.Add(document.Fault("spec.cache", "Only a tool that changes nothing is cached. Set `annotations.readOnlyHint: true` if that is so, or remove `cache`."));
        }
    }
}
