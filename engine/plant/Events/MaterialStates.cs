using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Flat, reference-free structs. Quantities are whole parts (see MaterialQuantity), so that sums are exact; times are ms, −1 when not yet.

/// <summary>Stock of one material.</summary>
public struct MaterialState
{
    /// <summary>In stock, whatever its quality status.</summary>
    public long OnHand;

    /// <summary>The part of it on hold.</summary>
    public long OnHold;

    /// <summary>Promised to jobs that have not begun.</summary>
    public long Allocated;

    /// <summary>Asked for by jobs that wait in line.</summary>
    public long Backlog;

    /// <summary>Under way from sources, firm receipts included.</summary>
    public long OnOrder;

    /// <summary>Jobs that wait for nothing but this material.</summary>
    public int WaitingJobs;

    /// <summary>First lot in the order of use, linked by <see cref="LotState.Next"/>; −1 when none.</summary>
    public int FirstLot;

    /// <summary>Lots created so far: the number of the next one.</summary>
    public int Lots;

    /// <summary>Totals since the epoch: never reset, so that the balance can be checked.</summary>
    public long Received;
    public long Produced;
    public long Consumed;
    public long Scrapped;

    /// <summary>Found more (or less, negative) than booked when somebody counted.</summary>
    public long Adjusted;

    /// <summary>Up to when stock and waiting are booked in the meters.</summary>
    public long MeteredUntil;

    /// <summary>Free to be promised; negative when promised stock was put on hold.</summary>
    public readonly long Free => OnHand - OnHold - Allocated;

    /// <summary>Inventory position: what reorder rules look at.</summary>
    public readonly long Position => OnHand + OnOrder - Allocated - Backlog;
}

/// <summary>Running totals of one material since the statistics were reset.</summary>
public struct MaterialMeters
{
    /// <summary>Asked for by jobs.</summary>
    public long Demanded;

    /// <summary>The part of it that was there when asked for.</summary>
    public long FilledAtOnce;

    public long Consumed;
    public long Received;

    /// <summary>Jobs that ran short of it.</summary>
    public int Shortages;

    /// <summary>Σ stock × time, parts·ms.</summary>
    public double StockPartMs;

    /// <summary>Σ jobs waiting for it × time, ms.</summary>
    public double WaitingMs;
}

/// <summary>Where a job stands with its material.</summary>
public struct JobMaterial
{
    public MaterialNeedStatus Status;

    /// <summary>Material it ran short of, also when that is over; −1 when it never did.</summary>
    public int ShortOf;

    /// <summary>When it asked for its material.</summary>
    public long AskedAt;

    /// <summary>When it began to wait for nothing but material.</summary>
    public long ShortSince;

    /// <summary>When everything was promised to it.</summary>
    public long AllocatedAt;
}

/// <summary>One source's deliveries.</summary>
public struct SourceState
{
    /// <summary>Orders placed so far: also the index of the next draw.</summary>
    public int Orders;

    /// <summary>Until when its capacity is taken.</summary>
    public long BusyUntil;
}

/// <summary>A delivery under way. Places of deliveries that came are used again.</summary>
public struct SupplyState
{
    public bool Open;
    public int Material;

    /// <summary>Source that delivers; −1 for a firm receipt that names none.</summary>
    public int Source;

    /// <summary>Firm receipt that this is; −1 for an order of a reorder rule.</summary>
    public int Receipt;

    public long Quantity;
    public long OrderedAt;
    public long DueAt;

    /// <summary>Next free place (while not <see cref="Open"/>); −1 at the end.</summary>
    public int NextFree;
}

/// <summary>One lot: the stock of a material that is not tracked, a receipt of one that is, or what a lot of an order became.</summary>
public struct LotState
{
    public LotStatus Status;

    /// <summary>Material it is stock of; −1 for a finished product that is shipped, or while being made.</summary>
    public int Material;

    /// <summary>What is left of it.</summary>
    public long Quantity;

    /// <summary>What came or was made.</summary>
    public long Initial;

    public long CreatedAt;

    /// <summary>End of its shelf life; <see cref="long.MaxValue"/> when it keeps.</summary>
    public long ExpiresAt;

    /// <summary>When its inspection ends; −1 when it is not inspected.</summary>
    public long InspectedAt;

    /// <summary>Source it came from; −1 when made here or there from the start.</summary>
    public int Source;

    /// <summary>Firm receipt that brought it; −1 for none.</summary>
    public int Receipt;

    /// <summary>Lot of the order book (see <see cref="Model.JobTable"/>) that it is; −1 for a bought one.</summary>
    public int JobLot;

    /// <summary>Running number among the lots of its material.</summary>
    public int Number;

    /// <summary>Next lot of the material in the order of use; −1 at the end.</summary>
    public int Next;

    /// <summary>Whether jobs may use it.</summary>
    public readonly bool IsUsable => Status is LotStatus.Available or LotStatus.Released;
}
