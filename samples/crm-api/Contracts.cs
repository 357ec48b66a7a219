using System.ComponentModel.DataAnnotations;

namespace Stoa.Samples.CrmApi;

/// <summary>A company that buys from us, and the person there to talk to.</summary>
public sealed record Customer(
    string Id, string Name, string Contact, string Email, string Segment, string City, DateTimeOffset CreatedAt);

/// <summary>One purchase. Amounts are in euros.</summary>
public sealed record Order(string Id, string CustomerId, string Product, decimal Amount, string Status, DateOnly PlacedOn);

/// <summary>What somebody wrote down about a customer.</summary>
public sealed record Note(string Id, string CustomerId, string Text, DateTimeOffset CreatedAt);

/// <summary>The first items of a list, and how many there are in all.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total);

/// <summary>What a year brought in, cancelled orders left out.</summary>
public sealed record RevenueReport(int Year, string Currency, decimal Total, IReadOnlyList<SegmentRevenue> Segments);

/// <summary>One segment's share of a report.</summary>
public sealed record SegmentRevenue(string Segment, int Orders, decimal Revenue);

/// <summary>A customer to be created: every field counts.</summary>
public sealed record NewCustomer(
    [Required, Text(120)] string Name,
    [Required, Text(120)] string Contact,
    [Required, StringLength(254), EmailAddress] string Email,
    [Required, Segment] string Segment,
    [Required, Text(80)] string City);

/// <summary>Changes to a customer: what is absent or null stays as it is.</summary>
public sealed record CustomerChange(
    [Text(120)] string? Name,
    [Text(120)] string? Contact,
    [StringLength(254), EmailAddress] string? Email,
    [Segment] string? Segment,
    [Text(80)] string? City);

/// <summary>A note to be added.</summary>
public sealed record NewNote([Required, Text(2000)] string Text);

/// <summary>Absent, or text with something to read in it.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int maximumLength) : base(maximumLength) => ErrorMessage = "Must be text of 1 to {1} characters.";

    public override bool IsValid(object? value) => value is null || (base.IsValid(value) && !string.IsNullOrWhiteSpace((string)value));
}

/// <summary>Absent, or one of the segments we sell to.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class SegmentAttribute : AllowedValuesAttribute
{
    public SegmentAttribute() : base(null, "startup", "smb", "enterprise") => ErrorMessage = "Must be startup, smb or enterprise.";
}

/// <summary>Absent, or one of the states an order can be in.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class OrderStatusAttribute : AllowedValuesAttribute
{
    public OrderStatusAttribute() : base(null, "open", "paid", "shipped", "cancelled") =>
        ErrorMessage = "Must be open, paid, shipped or cancelled.";
}
