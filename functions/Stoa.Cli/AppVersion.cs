using System.Reflection;

namespace Stoa.Cli;

/// <summary>This build.</summary>
internal static class AppVersion
{
    public static string Number { get; } = typeof(AppVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>With the commit it was built from, when known.</summary>
    public static string Full { get; } = typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? Number;
}
