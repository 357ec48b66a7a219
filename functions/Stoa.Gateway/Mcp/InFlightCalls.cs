using System.Collections.Concurrent;
using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// Calls of older revisions under way on this instance, so that <c>notifications/cancelled</c> can stop them: there a disconnect is not a
/// cancellation (2025-11-25, streamable HTTP). A hint, not a record: a notification that reaches another instance finds nothing, and the
/// call ends by its own time limit. Without sessions, clients that share a credential share its ids too: where an id means two calls, it
/// cancels neither.
/// </summary>
internal sealed class InFlightCalls
{
    private readonly ConcurrentDictionary<(string Credential, string Id), Registration> _calls = new();

    /// <summary>
    /// Enters a call until the registration is disposed. A second one of the same id goes unregistered and makes the first ambiguous.
    /// </summary>
    public Registration Enter(Caller caller, ReadOnlyMemory<byte> id)
    {
        var registration = new Registration(this, (caller.CredentialId, Encoding.UTF8.GetString(id.Span)));
        var held = _calls.GetOrAdd(registration.Key, registration);
        held.IsAmbiguous |= held != registration;
        return registration;
    }

    /// <summary>Cancels the caller's own call of that id, if it is here and the only one.</summary>
    public void Cancel(Caller caller, ReadOnlyMemory<byte> id)
    {
        if (_calls.TryGetValue((caller.CredentialId, Encoding.UTF8.GetString(id.Span)), out var call) && !call.IsAmbiguous)
        {
            call.Source.Cancel();
        }
    }

    internal sealed class Registration(InFlightCalls calls, (string Credential, string Id) key) : IDisposable
    {
        public (string Credential, string Id) Key => key;

        // Not disposed: a cancellation may race with the end of the call, and a source without a timer holds nothing.
        public CancellationTokenSource Source { get; } = new();

        public bool IsAmbiguous { get; set; }

        public void Dispose() => calls._calls.TryRemove(new KeyValuePair<(string, string), Registration>(key, this));
    }
}
