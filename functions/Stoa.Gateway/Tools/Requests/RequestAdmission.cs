using Stoa.Gateway.Egress;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>What a tool sends must be possible: an address that may be called, templates that compile, names that do not collide.</summary>
internal static class RequestAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, AddressRules addresses, List<ResourceFault> faults)
    {
        if (!EgressTarget.TryCheck(new Uri(spec.Endpoint.Replace('{', '_').Replace('}', '_')), addresses, out var reason))
        {
            faults.Add(document.Fault("spec.endpoint", reason));
        }

        var before = faults.Count;
        var inputs = new InputNames(spec.InputSchema);
        ParameterAdmission.Check(document, spec, inputs, faults);
        TransformAdmission.Check(document, spec, inputs, faults);
        if (faults.Count == before)
        {
            CollisionAdmission.Check(document, new RequestPlan(spec), faults);
        }
    }
}
