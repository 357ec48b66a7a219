using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stoa.Cli.Documents;
using Stoa.Cli.Session;

namespace Stoa.Cli.Gateway;

/// <summary>Turns what went wrong with a gateway into words and an exit code. No word ever holds the key.</summary>
internal sealed class GatewayFaults(Connection connection, string? key, bool asConsumer)
{
    private const string IssueOne = "Issue one with `stoa keys create <consumer> -n <tenant>`, then give it to `stoa login`, or use it once with STOA_KEY.";

    private string Where => connection.Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Not even asked without a key: the answer is known.</summary>
    public void RequireKey()
    {
        if (key is null)
        {
            throw new CommandStop(
                ExitCode.Denied,
                connection.ManagementKey is not null ? "Calling tools needs a consumer's key, and the stored one only manages."
                    : connection.HasOtherLogin ? $"You are signed in to another gateway, not to {Where}."
                    : $"You are not signed in to {Where}.",
                connection.ManagementKey is not null
                    ? IssueOne
                    : $"Run `stoa login --endpoint {Where}`, or set STOA_KEY.");
        }
    }

    /// <summary>The document of a success; an empty object when there was none.</summary>
    public JsonNode Expect(GatewayReply reply) => reply.IsSuccess && (reply.Body is not null || reply.Status == 204)
        ? reply.Body ?? new JsonObject()
        : throw Of(reply);

    public CommandStop Of(GatewayReply reply)
    {
        if (reply.Message is not { } said)
        {
            return reply.Status is >= 300 and < 400
                ? Stop(ExitCode.Unavailable, $"{Where} redirects to {reply.Location}.", "A key is not carried along. If that is the gateway, name it with --endpoint.")
                : Stop(ExitCode.Unavailable, $"What answers at {Where} (status {reply.Status}) does not speak as a Stoa gateway does.", "Check the URL: --endpoint, STOA_ENDPOINT or `stoa login`.");
        }

        var message = reply.Findings.Count == 0 ? said : $"{said}\n{string.Join('\n', reply.Findings.Select(f => $"  - {f}"))}";
        return reply.Status switch
        {
            401 => Stop(ExitCode.Denied, $"{Where} does not accept the key: {message}", Instead("one that is valid there") ?? "Run `stoa login` with a key that is valid there, or set STOA_KEY."),
            403 => Stop(ExitCode.Denied, message, !reply.IsRefusal("role_required") ? null : asConsumer ? IssueOne : Instead("an administrator's") ?? "Sign in with an administrator's key: `stoa login`."),
            404 when UnknownKind(said) is { } kind => CommandStop.Usage(said, KindNames.Nearest(kind) is { } near ? $"Did you mean `{near}`?" : null),
            404 when said == "There is nothing at this URL." => Stop(ExitCode.NotFound, $"The gateway at {Where} does not know this command.", "It is older than your `stoa`, or the URL has a path too much."),
            404 when said.Contains(" has no revision ", StringComparison.Ordinal) => Stop(ExitCode.NotFound, said.Split(". GET ")[0].TrimEnd('.') + ".", "`stoa history` lists the revisions."),
            404 => Stop(ExitCode.NotFound, message, AdviceOnMissing(said)),
            429 or >= 500 => Stop(ExitCode.Unavailable, message, reply.RetryAfter is { } wait ? $"Try again in {wait} s." : "Try again in a moment."),
            400 when said.StartsWith("Say by what usage is summed", StringComparison.Ordinal) => CommandStop.Usage("Say by what usage is summed: --by model, tool, day, consumer or provider.", "Without --by, `stoa usage` shows how the limits stand now."),
            400 when said.StartsWith("Name the tenant", StringComparison.Ordinal) => CommandStop.Usage("Name the tenant: -n <tenant>.", "Or set STOA_NAMESPACE, or keep one with `stoa login -n <tenant>`."),
            _ => Stop(ExitCode.No, message, null),
        };
    }

    /// <summary>True when what is missing is the thing asked for, not the place it was looked for in.</summary>
    public static bool IsAbsence(GatewayReply reply) =>
        reply is { Status: 404, Message: { } said } && UnknownKind(said) is null && !said.StartsWith("There is no tenant ", StringComparison.Ordinal);

    private static string? UnknownKind(string said) => said.Split('\'') is ["There is no kind ", var kind, ..] ? kind : null;

    // `stoa login` would change nothing as long as something goes before it.
    private string? Instead(string better) =>
        connection.KeySource is { } source ? $"{source} gave this key, before the stored login: leave it out, or give {better}." : null;

    private string? AdviceOnMissing(string said) =>
        asConsumer ? "`stoa tools` lists the tools of this key."
        : connection.Namespace is { } tenant && !said.StartsWith("There is no tenant ", StringComparison.Ordinal) ? $"Looked in tenant {tenant} at {Where}."
        : null;

    public CommandStop Of(HttpRequestException e)
    {
        var socket = e.InnerException as SocketException ?? e.InnerException?.InnerException as SocketException;
        return (e.HttpRequestError, socket?.SocketErrorCode) switch
        {
            (_, SocketError.ConnectionRefused) => Unreachable("the connection was refused"),
            (HttpRequestError.NameResolutionError, _) => Unreachable($"there is no host {connection.Endpoint.Host}"),
            (HttpRequestError.SecureConnectionError, _) => Stop(ExitCode.Unavailable, $"No secure connection to {Where}: {(e.InnerException ?? e).Message}", "Check the certificate, or whether the URL should say http."),
            _ => Unreachable((e.InnerException ?? e).Message),
        };
    }

    public CommandStop TooSlow(TimeSpan patience) => Stop(ExitCode.Unavailable, $"{Where} did not answer within {patience.TotalMinutes:0} minutes.", "It may still do what was asked; look before you repeat it.");

    private CommandStop Unreachable(string why) => Stop(
        ExitCode.Unavailable,
        $"No gateway answers at {Where}: {why}.",
        Connection.IsLoopback(connection.Endpoint)
            ? "Is the gateway running? Start it with `dotnet run --project functions/Stoa.Functions`, or name another with --endpoint."
            : "Is the gateway running, and is the URL right? Name another with --endpoint or `stoa login`.");

    private CommandStop Stop(int code, string message, string? advice) => new(code, Without(message), advice);

    private string Without(string text) => key is null ? text : text.Replace(key, "***", StringComparison.Ordinal);
}
