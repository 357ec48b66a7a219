namespace Stoa.Gateway.OpenApi;

/// <summary>Collects, while operations pass, what the set's author should know although it stops nothing.</summary>
internal sealed class ExpansionFindings(ToolSetSpec spec, ToolOverrides overrides)
{
    private const int MostNamed = 3;

    private readonly HashSet<string> _missingIds = [.. spec.Filters.OperationIds ?? []];
    private readonly Dictionary<(string Needed, string Given), List<string>> _unmet = [];

    public void Saw(ApiOperation operation)
    {
        overrides.Saw(operation);
        if (operation.Id is { } id)
        {
            _missingIds.Remove(id);
        }
    }

    public void Made(MadeTool made)
    {
        if (made.Needs is not { } needs || needs.IsMetBy(made.Auth))
        {
            return;
        }

        if (!_unmet.TryGetValue((needs.Words, made.Auth), out var tools))
        {
            _unmet[(needs.Words, made.Auth)] = tools = [];
        }

        tools.Add(made.Tool!.Document.Name);
    }

    public IEnumerable<string> Said()
    {
        foreach (var ((needed, given), tools) in _unmet)
        {
            yield return given == "none"
                ? $"{Named(tools)} need a credential and have none: give {needed} with a Secret under `toolDefaults.auth`."
                : $"{Named(tools)} have `auth.type: {given}`, and the description asks for {needed}.";
        }

        foreach (var id in _missingIds.Order(StringComparer.Ordinal))
        {
            yield return $"`filters.operationIds` names `{id}`, which the description does not have.";
        }

        foreach (var operation in overrides.Unused)
        {
            yield return $"An override names `{operation}`, which the description does not have.";
        }
    }

    private static string Named(List<string> tools) => tools.Count <= MostNamed
        ? string.Join(", ", tools)
        : $"{string.Join(", ", tools.Take(MostNamed))} and {tools.Count - MostNamed} more";
}
