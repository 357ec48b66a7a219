namespace Stoa.Functions;

/// <summary>What the process says to whoever started it by hand.</summary>
internal static class Greeting
{
    public static void TellAdminKey(string key) => Console.WriteLine(
        $"""
        Administrator key, shown this once (only its hash is kept):

            {key}

        """);

    public static void Tell(GatewaySettings settings, ICollection<string> urls)
    {
        if (settings.HostPort is not null)
        {
            return;
        }

        Console.WriteLine($"Stoa Serverless listens on {string.Join(" ", urls)}");
        if (settings.IsEmbedded)
        {
            Console.WriteLine($"Embedded mode: state is in {Path.GetFullPath(settings.DataPath)}, for this one process; tools may call loopback addresses. For trying and developing.");
        }
    }
}
