namespace Stoa.Gateway.Kernel;

/// <summary>What a caller may do. Each scope contains the ones before it, as MCP authorization asks (scope hierarchies MUST be honoured).</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary><c>stoa:read</c>: list, and call tools that only read.</summary>
    Read = 1,

    /// <summary><c>stoa:write</c>: call tools that change something.</summary>
    Write = 2 | Read,

    /// <summary><c>stoa:admin</c>: change configuration, within the caller's role.</summary>
    Admin = 4 | Write,
}

/// <summary>Scope names on the wire.</summary>
public static class ScopeNames
{
    public const string Read = "stoa:read";
    public const string Write = "stoa:write";
    public const string Admin = "stoa:admin";

    /// <summary>The union of named scopes; unknown names grant nothing.</summary>
    public static Scopes Parse(IEnumerable<string> names) => names.Aggregate(Scopes.None, (all, name) => all | Parse(name));

    public static Scopes Parse(string name) => name switch
    {
        Read => Scopes.Read,
        Write => Scopes.Write,
        Admin => Scopes.Admin,
        _ => Scopes.None,
    };

    /// <summary>The name of the widest scope contained, or an empty string.</summary>
    public static string NameOf(Scopes scopes) =>
        scopes.HasFlag(Scopes.Admin) ? Admin : scopes.HasFlag(Scopes.Write) ? Write : scopes.HasFlag(Scopes.Read) ? Read : "";
}
