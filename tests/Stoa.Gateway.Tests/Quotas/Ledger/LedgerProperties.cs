using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>
/// Random histories of three instances over one store that refuses, loses answers and delivers late, against the truth kept beside
/// them: what calls used, by scope and window.
/// </summary>
public class LedgerProperties
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly FsCheck.Config Runs = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(120);

    [Fact]
    public void Whatever_storage_does_the_limits_hold_and_the_books_cover_what_was_used() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: false), history =>
        {
            var world = new World();
            world.Play(history);
            Assert.All(world.UsedByDay, used => Assert.InRange(used.Amount, 0, used.Limit));
            Assert.InRange(world.MostUsedInAMinute, 0, World.OfMinute);
            world.AssertCovered();
        }));

    [Fact]
    public void Clocks_that_are_five_minutes_off_let_no_more_through() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: false), history =>
        {
            var world = new World(TimeSpan.FromMinutes(-5), TimeSpan.Zero, TimeSpan.FromMinutes(5));
            world.Play([.. history.Select(step => step.Kind is StepKind.Time ? step with { Number = step.Number % 3 } : step)]);
            Assert.All(world.UsedByDay, used => Assert.InRange(used.Amount, 0, used.Limit));
            world.AssertCovered();
        }));

    [Fact]
    public void What_exceeds_a_limit_is_what_calls_used_beyond_their_reservations() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: true), history =>
        {
            var world = new World();
            world.Play(history);
            Assert.All(world.UsedByDay, used => Assert.InRange(used.Amount, 0, used.Limit + world.Overrun));
            Assert.InRange(world.MostUsedInAMinute, 0, World.OfMinute + world.Overrun);
        }));

    [Fact]
    public void When_nobody_crashed_and_no_answer_was_lost_the_books_are_equal_to_the_last_token() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: true), history =>
        {
            var world = new World();
            world.Play([.. history.Where(step => step.Kind is not (StepKind.Crash or StepKind.Fault or StepKind.Time))]);
            world.AssertEqual();
        }));

    [Fact]
    public void What_is_borrowed_exceeds_a_window_by_no_more_than_may_be_and_is_paid_back() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: false), history =>
        {
            var world = new World(new Borrowing(20, TimeSpan.FromHours(1)));
            world.Play(history);
            Assert.All(world.UsedByDay, used => Assert.InRange(used.Amount, 0, used.Limit * 120 / 100));
            Assert.InRange(world.MostUsedInAMinute, 0, World.OfMinute * 120 / 100);
            world.AssertPaidBack(20);
            world.AssertCovered();
        }));

    [Fact]
    public void The_books_of_borrowers_are_equal_to_the_last_token_too() =>
        Check.One(Runs, Prop.ForAll(Histories(withOverruns: true), history =>
        {
            var world = new World(new Borrowing(30, TimeSpan.FromMinutes(10)));
            world.Play([.. history.Where(step => step.Kind is not (StepKind.Crash or StepKind.Fault or StepKind.Time))]);
            world.AssertEqual();
        }));

    private static Arbitrary<Step[]> Histories(bool withOverruns)
    {
        var step =
            from kind in Gen.Frequency(
                (8, Gen.Constant(StepKind.Reserve)), (6, Gen.Constant(StepKind.Settle)), (2, Gen.Constant(StepKind.TopUp)), (3, Gen.Constant(StepKind.Fault)),
                (2, Gen.Constant(StepKind.Flush)), (2, Gen.Constant(StepKind.Time)), (1, Gen.Constant(StepKind.Crash)))
            from instance in Gen.Choose(0, 2)
            from amount in Gen.Frequency((3, Gen.Choose(1, 10)), (1, Gen.Choose(30, 120)))
            from number in Gen.Choose(0, 1000)
            select new Step(kind, instance, amount, number, withOverruns);
        return step.ArrayOf().ToArbitrary();
    }

    private enum StepKind
    {
        Reserve,
        Settle,
        TopUp,
        Fault,
        Flush,
        Time,
        Crash,
    }

    private sealed record Step(StepKind Kind, int Instance, int Amount, int Number, bool MayOverrun);

    /// <summary>A call under way; what it topped up counts when it did.</summary>
    private sealed class CallOf(Reservation reservation, int consumer, long admitted, long reserved)
    {
        public Reservation Reservation => reservation;

        public int Consumer => consumer;

        public long Admitted { get; private set; } = admitted;

        public long Reserved { get; private set; } = reserved;

        /// <summary>Used for certain, as it has said so to top up.</summary>
        public long Used { get; private set; }

        public void TopUp(long by, long now) => (Used, Reserved, Admitted) = (Reserved, Reserved + by, now);
    }

    private sealed class World
    {
        public const long OfMinute = 250;
        private const long OfConsumer = 400;
        private const long OfTenant = 600;
        private const long Minute = 60_000;
        private const long Day = 86_400_000;

        private readonly StillTime _time = new();
        private readonly TimeSpan[] _skews;
        private readonly RoughStore _store = new(new MemoryRowStore());
        private readonly QuotaLedger _ledger;
        private readonly LeaseHolder[] _instances;
        private readonly List<CallOf>[] _calls = [[], [], []];
        private readonly List<(string Scope, long At, long Amount)> _used = [];
        private readonly QuotaSubject[] _consumers;
        private ulong _owners;

        public World(params TimeSpan[] skews)
            : this(null, skews)
        {
        }

        public World(Borrowing? borrow, params TimeSpan[] skews)
        {
            _skews = skews is [] ? new TimeSpan[3] : skews;
            _ledger = new(_store, _time, LeaseTerms.Default);
            _instances = [Join(0), Join(1), Join(2)];
            var tenant = new Limits([new(Dimension.Tokens, Window.Day, OfTenant), new(Dimension.Tokens, Window.Minute, OfMinute)]) { Borrow = borrow };
            var consumer = new Limits([new(Dimension.Tokens, Window.Day, OfConsumer)]) { Borrow = borrow };
            _consumers = [new("acme", [("c--a", consumer), ("t", tenant)]), new("acme", [("c--b", consumer), ("t", tenant)])];
        }

        public long Overrun { get; private set; }

        public IEnumerable<(long Amount, long Limit)> UsedByDay => _used.GroupBy(u => (u.Scope, u.At / Day))
            .Select(u => (u.Sum(c => c.Amount), u.Key.Scope is "t" ? OfTenant : OfConsumer));

        public long MostUsedInAMinute => _used.Where(u => u.Scope is "t")
            .Select(first => _used.Where(u => u.Scope is "t" && u.At >= first.At && u.At < first.At + Minute).Sum(u => u.Amount)).DefaultIfEmpty().Max();

        private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

        public void Play(Step[] history)
        {
            foreach (var step in history)
            {
                Take(step).GetAwaiter().GetResult();
            }

            for (var i = 0; i < _instances.Length; i++)
            {
                _calls[i].ToList().ForEach(call => Settle(i, call, call.Reserved));
                _instances[i].DrainAsync().GetAwaiter().GetResult();
            }
        }

        /// <summary>However many days: no more than their limits, and once what may be borrowed.</summary>
        public void AssertPaidBack(int percent) => Assert.All(_used.GroupBy(u => u.Scope), scope =>
        {
            var (limit, days) = (scope.Key is "t" ? OfTenant : OfConsumer, scope.Select(u => u.At / Day).Distinct().Count());
            Assert.InRange(scope.Sum(u => u.Amount), 0, (limit * days) + (limit * percent / 100));
        });

        public void AssertCovered() => Assert.All(UsedToday(), used => Assert.InRange(used.Amount, 0, Charged(used.Scope)));

        public void AssertEqual() => Assert.All(UsedToday(), used => Assert.Equal(used.Amount, Charged(used.Scope)));

        private IEnumerable<(string Scope, long Amount)> UsedToday() =>
            _used.Where(u => u.At / Day == Now / Day).GroupBy(u => u.Scope).Select(u => (u.Key, u.Sum(c => c.Amount)));

        private long Charged(string scope)
        {
            var entity = _ledger.LoadAsync("acme", scope, None).AsTask().GetAwaiter().GetResult();
            Assert.All(entity.Meters.SelectMany(m => m.Charges), c => Assert.True(c.Amount >= 0));
            return entity.Used(Dimension.Tokens, Window.Day);
        }

        private async Task Take(Step step)
        {
            var (instance, calls) = (_instances[step.Instance], _calls[step.Instance]);
            switch (step.Kind)
            {
                case StepKind.Reserve:
                    var consumer = step.Number % 2;
                    if (await TryAsync(() => instance.ReserveAsync(_consumers[consumer], new(new(0, step.Amount), default), None)) is { IsGranted: true } verdict)
                    {
                        calls.Add(new(verdict.Reservation, consumer, Now, step.Amount));
                    }

                    break;
                case StepKind.Settle when calls.Count > 0:
                    var call = calls[step.Number % calls.Count];
                    Settle(step.Instance, call, step.MayOverrun && step.Number % 5 == 0 ? call.Reserved + (step.Amount / 4) : call.Used + (step.Number % (call.Reserved - call.Used + 1)));
                    break;
                case StepKind.TopUp when calls.Count > 0 && calls[step.Number % calls.Count] is var stream:
                    var toppedUp = await TryAsync(() => instance.TopUpAsync(
                        _consumers[stream.Consumer], stream.Reservation, new(0, stream.Reserved), new(0, step.Amount), None));
                    if (toppedUp is { IsGranted: true })
                    {
                        Count(stream, stream.Reserved);
                        stream.TopUp(step.Amount, Now);
                    }

                    break;
                case StepKind.Fault:
                    _store.Expect((Fate)(step.Number % 7));
                    break;
                case StepKind.Flush:
                    await instance.FlushAsync();
                    break;
                case StepKind.Time:
                    TimeSpan[] pauses = [TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromHours(5)];
                    _time.Advance(pauses[step.Number % pauses.Length]);
                    break;
                case StepKind.Crash:
                    // Half of its calls are billed in full, the other half never got anywhere.
                    calls.Where((_, i) => i % 2 == 0).ToList().ForEach(c => Count(c, c.Reserved));
                    calls.Clear();
                    _instances[step.Instance] = Join(step.Instance);
                    break;
            }
        }

        private LeaseHolder Join(int instance)
        {
            var time = new StillTime(_time, _skews[instance]);
            return new(new(_store, time, LeaseTerms.Default), ++_owners, LeaseTerms.Default, time);
        }

        private void Settle(int instance, CallOf call, long used)
        {
            _calls[instance].Remove(call);
            Count(call, used);
            _instances[instance].Settle(call.Reservation, new(0, used));
        }

        private void Count(CallOf call, long used)
        {
            Overrun += Math.Max(0, used - call.Reserved);
            _used.AddRange(_consumers[call.Consumer].Scopes.Select(scope => (scope.Key, call.Admitted, used - call.Used)));
        }

        private static async Task<QuotaVerdict?> TryAsync(Func<ValueTask<QuotaVerdict>> ask)
        {
            try
            {
                return await ask();
            }
            catch (StorageUnavailableException)
            {
                return null;
            }
        }
    }
}
