using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>When a material is ordered anew.</summary>
public enum ReorderRule
{
    /// <summary>Never: what is in stock and firmly coming must do.</summary>
    None,

    /// <summary>(s, S): when the inventory position falls to s or below, up to S.</summary>
    OrderUpTo,

    /// <summary>(s, Q): when the inventory position falls to s or below, as many Q as lift it above s.</summary>
    FixedQuantity,

    /// <summary>(R, S): every R, up to S.</summary>
    Periodic,

    /// <summary>Lot for lot: whatever demand takes the inventory position below the safety stock.</summary>
    PerOrder,
}

/// <summary>When jobs are given their material.</summary>
public enum AllocationMoment
{
    /// <summary>When nothing else is missing: predecessors are done and waits are over.</summary>
    WhenReady,

    /// <summary>When the order is released, for all its jobs: later orders cannot take it away.</summary>
    AtRelease,
}

/// <summary>Which lot of a material is used first.</summary>
public enum LotPicking
{
    /// <summary>First in, first out.</summary>
    Fifo,

    /// <summary>First expired, first out; lots that never expire come last.</summary>
    Fefo,
}

/// <summary>Something that production uses up: bought, or made by a product that names it.</summary>
/// <remarks>Inventory position = stock − promised to jobs − asked for by waiting jobs + on order.</remarks>
public sealed record Material
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Unit of all its quantities: <c>kg</c>, <c>pcs</c>, <c>m</c>.</summary>
    public string Unit { get; init; } = "pcs";

    /// <summary>Stock at the epoch, ≥ 0.</summary>
    public double InitialStock { get; init; }

    /// <summary>Stock that should never be touched, ≥ 0: the target of <see cref="ReorderRule.PerOrder"/>.</summary>
    public double SafetyStock { get; init; }

    public ReorderRule Reorder { get; init; }

    /// <summary>s, ≥ 0; may be left at 0 where the rule has none.</summary>
    public double ReorderPoint { get; init; }

    /// <summary>S of (s, S) and (R, S).</summary>
    public double OrderUpTo { get; init; }

    /// <summary>Q of (s, Q), > 0 there.</summary>
    public double OrderQuantity { get; init; }

    /// <summary>R of (R, S), > 0 there.</summary>
    public Duration ReviewPeriod { get; init; }

    /// <summary>How bad a shortage is, ≥ 0; 1 is ordinary.</summary>
    public double Criticality { get; init; } = 1;

    /// <summary>Whether every receipt is a lot of its own that can be traced and held.</summary>
    public bool Tracked { get; init; }

    /// <summary>Which lot is used first, where lots are tracked.</summary>
    public LotPicking Picking { get; init; }

    /// <summary>Life of a lot from its receipt; <c>null</c> keeps for ever. Orders the lots of <see cref="LotPicking.Fefo"/>.</summary>
    public Duration? ShelfLife { get; init; }
}

/// <summary>Who delivers a material, and how.</summary>
public sealed record MaterialSource
{
    public required MaterialId Material { get; init; }

    /// <summary>Name of the supplier; one supplier may deliver several materials.</summary>
    public required string Supplier { get; init; }

    /// <summary>Order to delivery (ms).</summary>
    public required Distribution LeadTime { get; init; }

    /// <summary>Smallest order, ≥ 0; a smaller need is rounded up to it.</summary>
    public double MinLot { get; init; }

    /// <summary>Price per unit, currency.</summary>
    public double Price { get; init; }

    /// <summary>Units a day that the source can make; <c>null</c> without limit. An order's lead time begins when its quantity is made.</summary>
    public double? CapacityPerDay { get; init; }

    /// <summary>Whether nobody else could deliver the material, whatever this table says.</summary>
    public bool SingleSource { get; init; }

    /// <summary>Probability in [0, 1] that a delivery takes no longer than its drawn lead time.</summary>
    public double Reliability { get; init; } = 1;

    /// <summary>Factor ≥ 1 on the lead time of a delivery that is late.</summary>
    public double LateFactor { get; init; } = 2;

    /// <summary>Deliveries wait on hold until they are inspected for this long; <c>null</c> may be used at once. Tracked materials only.</summary>
    public Duration? Inspection { get; init; }
}

/// <summary>A delivery that is firmly agreed.</summary>
public sealed record FirmReceipt
{
    public required MaterialId Material { get; init; }

    public required double Quantity { get; init; }

    public required SimTime Time { get; init; }

    /// <summary>Source that delivers, as an index into <see cref="PlantModel.Sources"/>; <c>null</c> when it does not matter.</summary>
    public SourceId? Source { get; init; }

    /// <summary>The supplier's own name of the lot; empty for a number.</summary>
    public string Lot { get; init; } = "";
}

/// <summary>One line of a bill of materials: what an operation of a product uses up.</summary>
/// <param name="Product">The product.</param>
/// <param name="Operation">Index of the operation in the product's routing.</param>
/// <param name="Material">What is used.</param>
/// <param name="Quantity">Per unit of the order's quantity, > 0.</param>
/// <param name="ScrapAllowance">Share in [0, 1) added for what is lost on the way.</param>
/// <remarks>Used up at the first start of the operation; a repetition (redye) uses nothing more.</remarks>
public sealed record BillLine(ProductId Product, int Operation, MaterialId Material, double Quantity, double ScrapAllowance = 0);

/// <summary>A supplier that cannot do as usual for a while.</summary>
public sealed record SupplyDisturbance
{
    public required string Supplier { get; init; }

    public required SimTime From { get; init; }

    public required SimTime To { get; init; }

    /// <summary>Factor > 0 on the lead time of what is ordered in this time; <c>null</c> closes the supplier: nothing is ordered from it,
    /// and what is under way there comes later by the length of the closure.</summary>
    public double? LeadTimeFactor { get; init; }
}

/// <summary>What quality does with a lot.</summary>
public enum LotAction
{
    /// <summary>Nobody may use it until it is released.</summary>
    Hold,

    /// <summary>May be used (again).</summary>
    Release,

    /// <summary>What is left of it is thrown away.</summary>
    Scrap,
}

/// <summary>At a known moment quality does something with the lot of a firm receipt.</summary>
/// <param name="Receipt">Index of the receipt in <see cref="Scenario.Receipts"/>; it has a lot name.</param>
public sealed record LotDecision(SimTime Time, int Receipt, LotAction Action);

/// <summary>Quantities of material as whole millionths of the unit, so that sums are exact.</summary>
public static class MaterialQuantity
{
    /// <summary>Parts of one unit.</summary>
    public const long One = 1_000_000;

    /// <summary>Largest quantity, in units: the parts of it are still exact in a <c>double</c>.</summary>
    public const double Max = 1e9;

    /// <summary>The nearest whole number of parts.</summary>
    public static long Parts(double units) => (long)Math.Round(units * One);

    public static double Units(long parts) => parts / (double)One;
}
