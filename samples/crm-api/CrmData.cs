using System.Globalization;

namespace Stoa.Samples.CrmApi;

/// <summary>
/// The whole database, in memory: the same fictional companies at every start, and gone with the process. Callers get immutable
/// records; null (or false) means that no customer has the id asked for.
/// </summary>
public sealed class CrmData(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Customer> _customers = new(Seed.Customers().Select(c => KeyValuePair.Create(c.Id, c)));
    private readonly List<Order> _orders = [.. Seed.Orders()];
    private readonly List<Note> _notes = [];
    private int _lastCustomer = Seed.LastCustomer;
    private int _lastNote = 9000;

    /// <summary>Customers whose name, contact, email or city contains the text, in the order they were created.</summary>
    public Page<Customer> Search(string? text, string? segment, int limit)
    {
        lock (_gate)
        {
            var found = _customers.Values
                .Where(c => segment is null || c.Segment == segment)
                .Where(c => text is null || Mentions(c, text))
                .ToList();
            return new([.. found.Take(limit)], found.Count);
        }
    }

    public Customer? Find(string id)
    {
        lock (_gate)
        {
            return _customers.GetValueOrDefault(id);
        }
    }

    public Customer Create(NewCustomer draft)
    {
        lock (_gate)
        {
            var customer = new Customer(
                Id("cus", ++_lastCustomer), draft.Name, draft.Contact, draft.Email, draft.Segment, draft.City, clock.GetUtcNow());
            _customers.Add(customer.Id, customer);
            return customer;
        }
    }

    public Customer? Change(string id, CustomerChange change)
    {
        lock (_gate)
        {
            return Find(id) is { } old ? _customers[id] = old with
            {
                Name = change.Name ?? old.Name,
                Contact = change.Contact ?? old.Contact,
                Email = change.Email ?? old.Email,
                Segment = change.Segment ?? old.Segment,
                City = change.City ?? old.City,
            } : null;
        }
    }

    /// <summary>Deletes a customer with its orders and notes.</summary>
    public bool Delete(string id)
    {
        lock (_gate)
        {
            _orders.RemoveAll(o => o.CustomerId == id);
            _notes.RemoveAll(n => n.CustomerId == id);
            return _customers.Remove(id);
        }
    }

    /// <summary>A customer's orders, newest first.</summary>
    public Page<Order>? Orders(string customerId, string? status)
    {
        lock (_gate)
        {
            return _customers.ContainsKey(customerId)
                ? All(_orders
                    .Where(o => o.CustomerId == customerId && (status is null || o.Status == status))
                    .OrderByDescending(o => o.PlacedOn))
                : null;
        }
    }

    /// <summary>A customer's notes, newest first.</summary>
    public Page<Note>? Notes(string customerId)
    {
        lock (_gate)
        {
            return _customers.ContainsKey(customerId) ? All(_notes.Where(n => n.CustomerId == customerId).Reverse()) : null;
        }
    }

    public Note? AddNote(string customerId, string text)
    {
        lock (_gate)
        {
            if (!_customers.ContainsKey(customerId))
            {
                return null;
            }

            var note = new Note(Id("note", ++_lastNote), customerId, text, clock.GetUtcNow());
            _notes.Add(note);
            return note;
        }
    }

    public RevenueReport Revenue(int year)
    {
        lock (_gate)
        {
            var segments = _orders
                .Where(o => o.PlacedOn.Year == year && o.Status != "cancelled")
                .GroupBy(o => _customers[o.CustomerId].Segment)
                .Select(segment => new SegmentRevenue(segment.Key, segment.Count(), segment.Sum(o => o.Amount)))
                .OrderByDescending(s => s.Revenue)
                .ToList();
            return new(year, "EUR", segments.Sum(s => s.Revenue), segments);
        }
    }

    internal static string Id(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{number}");

    private static bool Mentions(Customer c, string text) =>
        new[] { c.Name, c.Contact, c.Email, c.City }.Any(field => field.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static Page<T> All<T>(IEnumerable<T> items)
    {
        var list = items.ToList();
        return new(list, list.Count);
    }
}
