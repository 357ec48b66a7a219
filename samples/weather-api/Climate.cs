namespace Stoa.Samples.WeatherApi;

/// <summary>
/// The weather of a few cities, the same at every start: invented figures in the shape that weather services commonly answer with, far more
/// than an agent wants to read.
/// </summary>
internal static class Climate
{
    private static readonly City[] Cities =
    [
        new(2643743, "London", "GB", 51.5085, -0.1257, 17.4, 72, 1016, 4.1, 802, "Clouds", "broken clouds"),
        new(2988507, "Paris", "FR", 48.8534, 2.3488, 19.8, 61, 1018, 3.2, 800, "Clear", "clear sky"),
        new(2657896, "Zürich", "CH", 47.3667, 8.55, 14.2, 80, 1012, 2.6, 500, "Rain", "light rain"),
        new(1850147, "Tokyo", "JP", 35.6895, 139.6917, 27.9, 78, 1008, 5.7, 501, "Rain", "moderate rain"),
        new(2673730, "Stockholm", "SE", 59.3326, 18.0649, 11.3, 69, 1021, 6.0, 803, "Clouds", "scattered clouds"),
    ];

    /// <summary>Null for a city that is not known. Units are <c>metric</c> (°C), <c>imperial</c> (°F) or <c>standard</c> (K).</summary>
    public static Report? At(string name, string units)
    {
        var city = Array.Find(Cities, c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return city is null ? null : new(
            new(city.Longitude, city.Latitude),
            [new(city.Code, city.Group, city.Sky, "04d")],
            "stations",
            new(In(city.Celsius, units), In(city.Celsius - 0.8, units), In(city.Celsius - 1.6, units), In(city.Celsius + 1.9, units), city.Pressure, city.Humidity, city.Pressure, city.Pressure - 4),
            10000,
            new(city.Wind, 240, city.Wind * 1.6),
            new(75),
            1785412800,
            new(2, 2075535, city.Country, 1785386400, 1785441600),
            0,
            city.Id,
            city.Name,
            200);
    }

    private static double In(double celsius, string units) => Math.Round(units switch { "metric" => celsius, "imperial" => celsius * 9 / 5 + 32, _ => celsius + 273.15 }, 2);

    private sealed record City(
        int Id, string Name, string Country, double Latitude, double Longitude, double Celsius, int Humidity, int Pressure, double Wind, int Code, string Group, string Sky);
}

internal sealed record Report(
    Coordinates Coord, IReadOnlyList<Sky> Weather, string Base, Readings Main, int Visibility, Wind Wind, Clouds Clouds, long Dt, Sun Sys, int Timezone, int Id, string Name, int Cod);

internal sealed record Coordinates(double Lon, double Lat);

internal sealed record Sky(int Id, string Main, string Description, string Icon);

internal sealed record Readings(double Temp, double FeelsLike, double TempMin, double TempMax, int Pressure, int Humidity, int SeaLevel, int GrndLevel);

internal sealed record Wind(double Speed, int Deg, double Gust);

internal sealed record Clouds(int All);

internal sealed record Sun(int Type, int Id, string Country, long Sunrise, long Sunset);
