namespace Stoa.Gateway.Models.Translation.Rules;

internal enum Treatment
{
    /// <summary>Said in the target's own way.</summary>
    Carried,

    /// <summary>Left out and reported as a loss: the answer is still an answer to the question.</summary>
    Dropped,

    /// <summary>Left out, the answer would be one to another question, or not what the caller's code can read.</summary>
    Refused,
}
