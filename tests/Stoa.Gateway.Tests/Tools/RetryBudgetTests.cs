using Stoa.Gateway.Tools.Resilience;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>How many retries a failing endpoint can bring about.</summary>
public sealed class RetryBudgetTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Many_calls_at_once_bring_a_fifth_of_them_in_retries_and_ten_more()
    {
        var budget = new RetryBudget(_time);
        var retries = 0;
        for (var call = 0; call < 1000; call++)
        {
            budget.Call();
            while (budget.TryRetry())
            {
                retries++;
            }
        }

        Assert.InRange(retries, 205, 210);
    }

    [Fact]
    public void A_quiet_tool_may_retry_twice_a_second()
    {
        var budget = new RetryBudget(_time);
        Spend(budget);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(6, Spend(budget));
    }

    [Fact]
    public void What_is_not_used_does_not_pile_up()
    {
        var budget = new RetryBudget(_time);
        for (var call = 0; call < 10_000; call++)
        {
            budget.Call();
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RetryBudget.Most, Spend(budget));
    }

    private static int Spend(RetryBudget budget)
    {
        var spent = 0;
        while (budget.TryRetry())
        {
            spent++;
        }

        return spent;
    }
}
