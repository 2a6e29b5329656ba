using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Security;

/// <summary>A session as one caller may see it: the whole of it for the operator; for a firm its own work, and the work of others as nothing but
/// busy time. This is the only place where that is decided, and the firm comes from who the caller is, never from what it asks.</summary>
/// <remarks>A firm's view is made once per version of the plant and shared by all of that firm.</remarks>
public sealed class TenantView
{
    private static readonly ConditionalWeakTable<TwinView, ConcurrentDictionary<int, TwinView>> Views = [];
    private static readonly ConditionalWeakTable<CompiledScenario, ConcurrentDictionary<int, CompiledScenario>> Plants = [];
    private readonly int _firm;

    private TenantView(TwinSession session, Caller caller, int firm) => (Session, Caller, _firm) = (session, caller, firm);

    /// <summary>The session itself: for commands, and for what is the same for everybody (clock, liveness, names of machines).</summary>
    public TwinSession Session { get; }

    public Caller Caller { get; }

    /// <summary>Whether everything may be seen.</summary>
    public bool IsWhole => _firm < 0;

    /// <summary>What the caller may see of a session.</summary>
    /// <returns><c>null</c> when its firm has no part in that plant, and nothing of it is its business.</returns>
    public static TenantView? Of(TwinSession session, Caller caller)
    {
        var firm = caller.Firm is null ? -1 : FirmIn(session.Original.Plant, caller.Firm);
        return caller.Permits.IsEmpty || (caller.Firm is not null && firm < 0) ? null : new TenantView(session, caller, firm);
    }

    /// <summary>The sessions that a caller may see at all.</summary>
    public static IEnumerable<TenantView> All(SessionRegistry sessions, Caller caller) => sessions.All.Select(s => Of(s, caller)).OfType<TenantView>();

    /// <summary>The session now, as far as the caller may see it.</summary>
    public TwinView View() => Of(Session.View());

    /// <summary>A view of the session, as far as the caller may see it.</summary>
    public TwinView Of(TwinView whole) => IsWhole ? whole : Views.GetOrCreateValue(whole).GetOrAdd(_firm, _ => Make(whole));

    /// <summary>Executed and running bars; those of others without jobs and family.</summary>
    public BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000)
    {
        var page = Session.History(from, to, equipment, limit);
        return IsWhole ? page : new BarPage([.. page.Bars.Select(Own)], page.More);
    }

    /// <summary>What others have planned: bars without jobs and family. Empty for whom the schedule in force shows everything.</summary>
    public IReadOnlyList<Bar> BusyAhead()
    {
        var view = Session.View();
        return IsWhole || view.Schedule.Schedule is not { } schedule ? [] : [.. schedule.Batches
            .Where(b => !b.Jobs.Any(j => IsOwn(j)) && b.End > view.Now && view.State.Jobs[b.Jobs[0]].StartAt < 0)
            .Select(b => new Bar { Kind = BarKind.Batch, Equipment = b.Equipment.Index, SetupStart = b.SetupStart.Milliseconds, Start = b.SetupStart.Milliseconds, End = b.End.Milliseconds, Outcome = BarOutcome.Open })];
    }

    /// <summary>The forecast of an order; <c>null</c> while there is none, and for orders of others.</summary>
    public OrderForecast? ForecastOf(int order) => Sees(order) ? Session.Forecast.Of(order) : null;

    /// <summary>Whether an order of the book is the caller's business.</summary>
    public bool Sees(int order)
    {
        var orders = Session.Plant.Scenario.Orders;
        return IsWhole || ((uint)order < (uint)orders.Length && orders[order].Tenant?.Index == _firm);
    }

    /// <summary>Index of an order; −1 when there is none of this name that the caller may know of.</summary>
    public int OrderNamed(string id) => Session.Names.Order(id) is >= 0 and var order && Sees(order) ? order : -1;

    /// <summary>The orders that the caller may see, by index.</summary>
    public IEnumerable<int> Orders(TwinView view) => Enumerable.Range(0, view.State.Orders.Length).Where(Sees);

    private static int FirmIn(PlantModel plant, string firm)
    {
        for (var t = 0; t < plant.Tenants.Length; t++)
        {
            if (plant.Tenants[t].Id.Equals(firm, StringComparison.OrdinalIgnoreCase))
            {
                return t;
            }
        }

        return -1;
    }

    private TwinView Make(TwinView whole)
    {
        var plant = Plants.GetOrCreateValue(whole.State.Plant).GetOrAdd(_firm, firm => whole.State.Plant.SeenBy(firm));
        var schedule = whole.Schedule.Schedule is not { } all ? null : all with
        {
            Origin = "", Batches = [.. all.Batches.Select(OwnPart).OfType<PlannedBatch>()],
        };
        return whole with { State = whole.State.SeenBy(plant, _firm), Schedule = new ScheduleInForce(schedule, whole.Schedule.Version, "") };
    }

    private PlannedBatch? OwnPart(PlannedBatch batch) =>
        batch.Jobs.All(j => IsOwn(j)) ? batch : batch.Jobs.Any(j => IsOwn(j)) ? batch with { Jobs = [.. batch.Jobs.Where(j => IsOwn(j))] } : null;

    private Bar Own(Bar bar)
    {
        var own = bar.Jobs.IsDefaultOrEmpty ? [] : bar.Jobs.RemoveAll(j => !IsOwn(j));
        return own.IsEmpty
            ? bar with { Jobs = own, Family = -1, SetupStart = bar.Start, Outcome = bar.Outcome == BarOutcome.Rework ? BarOutcome.Done : bar.Outcome }
            : bar with { Jobs = own };
    }

    private bool IsOwn(int job)
    {
        var plant = Session.Plant;
        return (uint)job < (uint)plant.Jobs.JobCount && plant.OrderOf(job).Tenant?.Index == _firm;
    }
}
