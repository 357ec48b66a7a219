namespace Stoa.Samples.CrmApi;

/// <summary>Twenty-five invented companies and their orders: arithmetic, not chance, so that a demo repeats to the cent.</summary>
internal static class Seed
{
    private const int FirstCustomer = 1001;
    private const int FirstOrder = 5001;

    private static readonly DateTimeOffset FirstDay = new(2024, 1, 8, 9, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, string Contact, string Email, string Segment, string City)[] Companies =
    [
        ("Alder & Finch Logistics", "Mara Lindqvist", "mara@alderfinch.example", "enterprise", "Gothenburg"),
        ("Bluebell Bakeries", "Tom Okafor", "tom@bluebell.example", "smb", "Leeds"),
        ("Copperline Robotics", "Ines Duarte", "ines@copperline.example", "startup", "Porto"),
        ("Dunmore Insurance", "Saoirse Kehoe", "saoirse@dunmore.example", "enterprise", "Cork"),
        ("Eastgate Cycles", "Jonas Weber", "jonas@eastgate.example", "smb", "Leipzig"),
        ("Fennel & Rye", "Amina Haddad", "amina@fennelrye.example", "smb", "Lyon"),
        ("Granite Peak Energy", "Lukas Brunner", "lukas@granitepeak.example", "enterprise", "Bern"),
        ("Harbourlight Media", "Chloe Martens", "chloe@harbourlight.example", "startup", "Ghent"),
        ("Ironbark Timber", "Piotr Zielak", "piotr@ironbark.example", "smb", "Gdansk"),
        ("Juniper Clinics", "Elena Rossetti", "elena@juniper.example", "enterprise", "Bologna"),
        ("Kestrel Analytics", "Noah Virtanen", "noah@kestrelanalytics.example", "startup", "Tampere"),
        ("Lanternfish Games", "Yuki Aalto", "yuki@lanternfish.example", "startup", "Helsinki"),
        ("Meridian Freight", "Sofia Marques", "sofia@meridian.example", "enterprise", "Lisbon"),
        ("Northwind Orchards", "Henrik Dahl", "henrik@northwindorchards.example", "smb", "Odense"),
        ("Oakhollow Schools", "Grace Whitlock", "grace@oakhollow.example", "smb", "Bristol"),
        ("Pinecrest Hotels", "Marco Bellini", "marco@pinecrest.example", "enterprise", "Trento"),
        ("Quillpost", "Zofia Kowal", "zofia@quillpost.example", "startup", "Krakow"),
        ("Riverstone Builders", "Daan Visser", "daan@riverstone.example", "smb", "Utrecht"),
        ("Saltmarsh Seafood", "Bridget Nolan", "bridget@saltmarsh.example", "smb", "Galway"),
        ("Tessera Labs", "Ilya Novak", "ilya@tessera.example", "startup", "Brno"),
        ("Umber Print House", "Laura Castell", "laura@umberprint.example", "smb", "Girona"),
        ("Valewood Foods", "Andreas Keller", "andreas@valewood.example", "enterprise", "Graz"),
        ("Willowbrook Care", "Hannah Price", "hannah@willowbrook.example", "smb", "Cardiff"),
        ("Xenia Travel", "Nikos Pappas", "nikos@xenia.example", "startup", "Patras"),
        ("Yarrow Textiles", "Freya Holm", "freya@yarrow.example", "smb", "Aarhus"),
    ];

    private static readonly (string Product, decimal Amount)[] Products =
    [
        ("Standard plan, 12 months", 2388.00m),
        ("Enterprise plan, 12 months", 18000.00m),
        ("Onboarding workshop", 1250.00m),
        ("Priority support, 12 months", 3600.00m),
        ("Ten extra seats", 890.50m),
    ];

    private static readonly string[] Statuses = ["paid", "shipped", "open", "paid", "cancelled"];

    public static int LastCustomer => FirstCustomer + Companies.Length - 1;

    public static IEnumerable<Customer> Customers() => Companies.Select((c, i) =>
        new Customer(CrmData.Id("cus", FirstCustomer + i), c.Name, c.Contact, c.Email, c.Segment, c.City, FirstDay.AddDays(11 * i)));

    /// <summary>One to four orders for each company, placed from January 2025 to June 2026.</summary>
    public static IEnumerable<Order> Orders() => Enumerable.Range(0, Companies.Length)
        .SelectMany(company => Enumerable.Range(0, 1 + company % 4), (company, nth) => (Company: company, Nth: nth))
        .Select((order, i) =>
        {
            var (product, amount) = Products[(order.Company + 2 * order.Nth) % Products.Length];
            var status = Statuses[(order.Company * 3 + order.Nth) % Statuses.Length];
            var placedOn = new DateOnly(2025, 1, 2).AddDays((order.Company * 37 + order.Nth * 151) % 540);
            return new Order(
                CrmData.Id("ord", FirstOrder + i), CrmData.Id("cus", FirstCustomer + order.Company), product, amount, status, placedOn);
        });
}
