namespace Stoa.Gateway.Egress;

/// <summary>
/// What one call may cost: time from connecting to the last body byte (for <see cref="EgressClient.OpenAsync"/>, to the last header
/// byte), bytes of body, and redirects within the same origin.
/// </summary>
internal readonly record struct EgressLimits(TimeSpan Timeout, int MaxBytes, int MaxRedirects = 3);
