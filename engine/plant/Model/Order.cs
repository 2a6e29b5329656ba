using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>A sample is made to show, a bulk order to ship.</summary>
public enum OrderKind
{
    Bulk,
    Sample,
}

/// <summary>What happens when scrap leaves an order short by more than its tolerance.</summary>
public enum MakeUpPolicy
{
    /// <summary>It is delivered short.</summary>
    None,

    /// <summary>Make-up lots are released when all others are done, as many as fill the gap.</summary>
    Lot,
}

/// <summary>What a customer asked for (ISA-95 OperationsRequest).</summary>
public sealed record Order
{
    /// <summary>Unique in the order book.</summary>
    public required string Id { get; init; }

    public required ProductId Product { get; init; }

    /// <summary>Quantity, > 0, in <see cref="Unit"/>.</summary>
    public required double Quantity { get; init; }

    public string Unit { get; init; } = "pcs";

    /// <summary>Family of this order (its shade); <c>null</c> takes the product's.</summary>
    public FamilyId? Family { get; init; }

    /// <summary>Earliest start.</summary>
    public SimTime Release { get; init; }

    /// <summary>Promised completion; <c>null</c> when none was promised.</summary>
    public SimTime? Due { get; init; }

    /// <summary>Weight of one hour of tardiness, > 0; 1 is ordinary.</summary>
    public double Priority { get; init; } = 1;

    public OrderKind Kind { get; init; }

    /// <summary>Whether it may take capacity kept for express orders, at the premium (<see cref="MarketRules.ExpressShare"/>). Samples always may.</summary>
    public bool Express { get; init; }

    /// <summary>Whether it is treated as express.</summary>
    public bool IsExpress => Express || Kind == OrderKind.Sample;

    /// <summary>The firm that placed it; <c>null</c> for the plant's own.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>Lots of one dye lot share batches only with each other, and keep to one machine where the operation says so
    /// (<see cref="Operation.SameEquipment"/>); empty shares with all that have none.</summary>
    public string DyeLot { get; init; } = "";

    /// <summary>Largest lot that moves as one; <c>null</c> keeps the order whole.</summary>
    public double? LotSize { get; init; }

    /// <summary>What happens when scrap leaves the order short.</summary>
    public MakeUpPolicy MakeUp { get; init; }

    /// <summary>Quantity of one make-up lot, > 0; <c>null</c> is a tenth of the order.</summary>
    public double? MakeUpLot { get; init; }

    /// <summary>Most make-up lots, ≥ 1: they are unrolled with all others and sleep until they are called.</summary>
    public int MakeUpLots { get; init; } = UsualMakeUpLots;

    public const int UsualMakeUpLots = 3;

    /// <summary>Share of the quantity in [0, 1) that may be missing from a delivery that still counts as whole.</summary>
    public double ShortTolerance { get; init; }

    /// <summary>Share of the quantity, ≥ 0, that may be made too much by make-up lots; <c>null</c> sets no limit.</summary>
    public double? OverAllowance { get; init; }

    /// <summary>Whether the lots are of one size, as few as <see cref="LotSize"/> allows; otherwise all are full but the last.</summary>
    public bool EqualLots { get; init; }
}
