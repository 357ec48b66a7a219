using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Quotas;

/// <summary>All that limits a call: what is counted on books, and what each call must keep by itself.</summary>
internal sealed record CallQuota(QuotaSubject Subject, CallTerms Terms);

/// <summary>What a call must keep besides the books: of all policies that concern it the narrowest.</summary>
/// <param name="TokensPerRequest">And whose limit that is.</param>
/// <param name="LocalCap">Calls per minute that this instance lets through uncounted while the books cannot be read; null: none.</param>
internal sealed record CallTerms((string Scope, long Most)? TokensPerRequest, TimeSpan? MaxDuration, int? LocalCap)
{
    public static CallTerms Of(IEnumerable<(string Key, QuotaPolicySpec Spec)> policies)
    {
        var all = policies.ToList();

        // A tool's own rate says nothing of outages, and does not stand in the way.
        var outages = all.Select(p => p.Spec.WhenStorageIsDown).ToList();
        var isOpen = outages.Count > 0 && outages.TrueForAll(o => o is { Action: OutageAction.OpenWithLocalCap });
        (string, long)? perRequest = null;
        foreach (var (key, spec) in all)
        {
            if (spec.Tokens?.MaxPerRequest is { } most && !(perRequest?.Item2 <= most))
            {
                perRequest = (key, most);
            }
        }

        return new(perRequest, all.Min(p => p.Spec.MaxRequestDuration), isOpen ? outages.Min(o => o!.RequestsPerMinute) : null);
    }
}
