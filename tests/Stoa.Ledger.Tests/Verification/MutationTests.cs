using System.Globalization;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Random single mutations: every one is found, and told at the right place. STOA_MUTATIONS says how many.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int LedgerCount = 8;

    [Fact]
    public void Every_single_mutation_is_found_in_the_right_place()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STOA_MUTATIONS") ?? "500", CultureInfo.InvariantCulture);
        var ledgers = Enumerable.Range(0, LedgerCount).Select(i => SampleLedger.Lived(seed: 100 + i, records: 100 + (i * 130))).ToArray();
        Assert.All(ledgers, ledger => Assert.Equal("", Verified.Of(ledger).Told));
        var (made, narrowed, missed, misplaced) = (0, 0, new List<string>(), new List<string>());

        for (var seed = 0; made < count; seed++)
        {
            var random = new Random(seed);
            var ledger = ledgers[random.Next(ledgers.Length)];
            var kind = Mutator.Kinds[seed % Mutator.Kinds.Count];
            if (new Mutator(ledger, random).Make(kind) is not { } mutation)
            {
                continue;
            }

            made++;
            var verified = Verified.Of(mutation.Files, new() { Keys = [ledger.Key], Older = mutation.Kept });
            Assert.All(verified.Findings, f => Assert.False(f.Offset < 0, $"seed {seed}, {kind}: {f} is at no place in its file"));
            narrowed += verified.Findings.Where(mutation.IsRight).All(f => f.Suspects.Count > 1) ? 1 : 0;
            if (!verified.IsTampered || !verified.Findings.Any(mutation.IsRight))
            {
                (verified.IsTampered ? misplaced : missed).Add($"seed {seed}, {kind}: {mutation.What} ({ledger})\n  {string.Join("\n  ", verified.Findings.Take(5))}");
            }
        }

        output.WriteLine($"{made} mutations: {made - missed.Count - misplaced.Count} told in the right place, {narrowed} of them as one of several records that it can be");
        Assert.True(missed.Count == 0 && misplaced.Count == 0, $"{made} made, {missed.Count} not found, {misplaced.Count} in the wrong place:\n{string.Join('\n', missed.Concat(misplaced).Take(20))}");
    }
}
