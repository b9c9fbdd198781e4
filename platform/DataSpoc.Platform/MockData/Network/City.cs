namespace DataSpoc.Platform.MockData.Network;

/// <summary>A city of the network.</summary>
/// <param name="Name">In its own language.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Share">Of all parcels; the shares add up to 1.</param>
/// <param name="Snow">How likely winter precipitation is snow.</param>
internal sealed record City(string Name, double Latitude, double Longitude, double Share, double Snow)
{
    /// <summary>Where the mock network works.</summary>
    public static IReadOnlyList<City> All { get; } =
    [
        new("Lisboa", 38.7223, -9.1393, 0.26, 0.0),
        new("Porto", 41.1579, -8.6291, 0.19, 0.05),
        new("Braga", 41.5454, -8.4265, 0.09, 0.15),
        new("Setúbal", 38.5244, -8.8882, 0.08, 0.0),
        new("Coimbra", 40.2033, -8.4103, 0.08, 0.1),
        new("Aveiro", 40.6405, -8.6538, 0.06, 0.02),
        new("Leiria", 39.7436, -8.8071, 0.06, 0.02),
        new("Faro", 37.0194, -7.9304, 0.06, 0.0),
        new("Viseu", 40.6566, -7.9125, 0.05, 0.4),
        new("Évora", 38.5714, -7.9135, 0.04, 0.02),
        new("Guarda", 40.5373, -7.2676, 0.03, 0.8),
    ];
}
