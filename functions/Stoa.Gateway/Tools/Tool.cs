using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>A tool of one revision, ready to be called. Its schemas are compiled when the first call needs them, not when it is listed.</summary>
internal sealed class Tool(string name, ToolSpec spec, Revision revision) : Target
{
    private readonly Lazy<JsonSchema> _input = new(() => Compile(spec.InputSchema));
    private readonly Lazy<JsonSchema?> _output = new(() => spec.OutputSchema is { } schema ? Compile(schema) : null);
    private readonly Lazy<ToolParts> _parts = new(() => new(spec));

    public override string Name => name;

    /// <summary>The revision that it belongs to, whose secrets it uses.</summary>
    public Revision Revision => revision;

    public ToolSpec Spec => spec;

    public ToolHints Hints { get; } = ToolHints.Of(spec);

    public override TargetQuota? Quota { get; } = spec is { QuotaPolicyRef: null, RateLimit: null } ? null
        : new(spec.QuotaPolicyRef?.Name, spec.RateLimit is { } rate ? new(rate.RequestsPerMinute, rate.Burst) : null);

    public override Scopes RequiredScope => Hints.ReadOnly ? Scopes.Read : Scopes.Write;

    public override AuditMode Audit => spec.Audit ?? (Hints.ReadOnly ? AuditMode.Buffered : AuditMode.Closed);

    public JsonSchema Input => _input.Value;

    public JsonSchema? Output => _output.Value;

    /// <summary>How its request is made.</summary>
    public RequestPlan Plan => _parts.Value.Plan;

    /// <summary>How its pages are read; null for a tool that has no pages.</summary>
    public PagePlan? Pages => _parts.Value.Pages;

    /// <summary>What it makes of an answer; null for a tool that shows answers as they come.</summary>
    public ResponseTransform? Transform => _parts.Value.Transform;

    /// <summary>Whether a template of it may look at who calls.</summary>
    public bool HasTemplates => spec.RequestTransform is not null || spec.ResponseTransform is not null;

    // Schemas were compiled once when the tool was applied, so a fault here means a damaged revision.
    private static JsonSchema Compile(JsonElement schema) => JsonSchema.TryCompile(schema, SchemaOptions.Default, out var compiled, out var fault)
        ? compiled
        : throw new InvalidOperationException($"A stored schema no longer compiles: {fault.Reason}");
}

/// <summary>What the first call of a tool works out for all that follow.</summary>
internal sealed class ToolParts
{
    public ToolParts(ToolSpec spec)
    {
        Plan = new(spec);
        Pages = PagePlan.Of(spec.Pagination, Plan);
        Transform = ResponseTransform.Of(spec);
    }

    public RequestPlan Plan { get; }

    public PagePlan? Pages { get; }

    public ResponseTransform? Transform { get; }
}
