namespace DigitalTwin.Plant.Model;

/// <summary>A firm that owns machines or places orders in a shared factory.</summary>
public sealed record Tenant
{
    /// <summary>Unique name used in the files.</summary>
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Weight in fairness, > 0; 1 is an ordinary member.</summary>
    public double FairnessWeight { get; init; } = 1;
}

/// <summary>A place with its own travel times, tariff and position on the map.</summary>
public sealed record Site
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Electricity tariff of the site's meter, or <c>null</c> when energy is not priced.</summary>
    public TariffId? Tariff { get; init; }
}
