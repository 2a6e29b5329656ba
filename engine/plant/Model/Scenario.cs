using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>A plant, its order book and what will happen to it: one folder on disk.</summary>
public sealed record Scenario
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    public string Description { get; init; } = "";

    public required PlantClock Clock { get; init; }

    /// <summary>How far the simulation runs when asked for no other end.</summary>
    public required Duration Horizon { get; init; }

    /// <summary>Statistics before this moment are thrown away.</summary>
    public Duration WarmUp { get; init; }

    /// <summary>Root of all randomness.</summary>
    public ulong Seed { get; init; } = 1;

    public required PlantModel Plant { get; init; }

    public ImmutableArray<Order> Orders { get; init; } = [];

    public ImmutableArray<Disturbance> Disturbances { get; init; } = [];

    /// <summary>Deliveries of material that are firmly agreed.</summary>
    public ImmutableArray<FirmReceipt> Receipts { get; init; } = [];

    public ImmutableArray<SupplyDisturbance> SupplyDisturbances { get; init; } = [];

    public ImmutableArray<LotDecision> LotDecisions { get; init; } = [];

    /// <summary>Offered hours that are booked, or will be at a known moment.</summary>
    public ImmutableArray<Reservation> Reservations { get; init; } = [];

    public DispatchRule Dispatch { get; init; } = DispatchRule.Edd;

    public ObjectiveWeights Objective { get; init; } = new();

    /// <summary>Currency of tariffs and costs, ISO 4217.</summary>
    public string Currency { get; init; } = "CNY";
}

/// <summary>Ties simulation time to the plant's wall clock.</summary>
/// <param name="Epoch">Local date and time of <see cref="SimTime.Zero"/>.</param>
/// <param name="TimeZone">IANA name, e.g. <c>Asia/Shanghai</c>.</param>
public sealed record PlantClock(DateTime Epoch, string TimeZone)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
    private readonly DateTimeOffset _epoch = AtOffset(Epoch, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    /// <summary>Wall-clock moment, with the plant's own offset.</summary>
    public DateTimeOffset ToWallClock(SimTime time) => TimeZoneInfo.ConvertTime(_epoch.AddMilliseconds(time.Milliseconds), _zone);

    public SimTime FromWallClock(DateTimeOffset moment) => new((long)Math.Round((moment - _epoch).TotalMilliseconds));

    /// <summary>A local date and time of the plant; one that the clock skips in spring is read with the offset before the jump.</summary>
    public SimTime FromLocal(DateTime local) => FromWallClock(AtOffset(local, _zone));

    private static DateTimeOffset AtOffset(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

/// <summary>Which waiting job an idle machine takes next.</summary>
public enum DispatchRule
{
    /// <summary>First in, first out: earliest ready.</summary>
    Fifo,

    /// <summary>Earliest due date.</summary>
    Edd,

    /// <summary>Shortest processing time.</summary>
    Spt,

    /// <summary>Apparent tardiness cost (Vepsäläinen and Morton, 1987).</summary>
    Atc,

    /// <summary>Least changeover first, then earliest due.</summary>
    LeastChangeover,
}

/// <summary>Something that goes wrong (or is done) at a known moment.</summary>
public sealed record Disturbance
{
    public required SimTime Time { get; init; }

    public required EquipmentId Equipment { get; init; }

    public DisturbanceKind Kind { get; init; }

    /// <summary>How long it lasts, > 0.</summary>
    public required Duration Duration { get; init; }
}

/// <summary>Kinds of <see cref="Disturbance"/>.</summary>
public enum DisturbanceKind
{
    Breakdown,
    Maintenance,
}

/// <summary>Weights of the scheduling objective; each term is also always reported by itself.</summary>
public sealed record ObjectiveWeights
{
    /// <summary>Per hour late and unit of order priority.</summary>
    public double Tardiness { get; init; } = 1;

    /// <summary>Per hour of the last completion.</summary>
    public double Makespan { get; init; } = 0.01;

    /// <summary>Per hour of setup and cleaning.</summary>
    public double ChangeoverTime { get; init; } = 0.1;

    /// <summary>Per point of changeover cost.</summary>
    public double ChangeoverCost { get; init; } = 0.01;

    /// <summary>Per currency unit of electricity.</summary>
    public double EnergyCost { get; init; }

    /// <summary>Per violated option window on a line.</summary>
    public double OptionViolation { get; init; } = 10;

    /// <summary>Per minute of utility work on a line.</summary>
    public double UtilityWork { get; init; } = 1;

    /// <summary>Per unit of Σ(actual − ideal)² of the levelled options.</summary>
    public double Levelling { get; init; } = 0.1;

    /// <summary>Per operation moved against the schedule in force.</summary>
    public double Instability { get; init; }
}
