using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Requests;

/// <summary>A body read as a request to a model: the request, or why it is none and the member that is at fault.</summary>
internal readonly record struct ModelReading(ModelRequest? Request, Refusal? Refusal, string? Param);
