using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Kpis;

/// <summary>One vat of 100 kg (working 08–18 every day, epoch Monday 08:00), two orders of one operation of 2 h; small enough to reckon by hand.</summary>
internal static class OneVat
{
    public static readonly DateTime Epoch = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Unspecified);

    public static Scenario Scenario(Func<Equipment, Equipment>? vat = null, Func<Operation, Operation>? dye = null, int orders = 2)
    {
        var machine = new Equipment
        {
            Id = "V1", Name = "Vat 1", Class = new(0), Site = new(0), Calendar = new CalendarId(0), Changeover = new ChangeoverRuleId(0),
            CapacityNominal = 100, CapacityMax = 100, CapacityUnit = "kg", IdleKw = 1, RunningKw = 10,
        };
        var operation = new Operation
        {
            Id = "dye", Name = "Dye", Alternatives = [new Alternative { Class = new(0) }], FixedTime = Distribution.Constant(2 * Duration.MillisecondsPerHour),
        };
        return new Scenario
        {
            Id = "tiny",
            Name = "Tiny",
            Clock = new PlantClock(Epoch, "Asia/Shanghai"),
            Horizon = Duration.FromHours(48),
            Plant = new PlantModel
            {
                Sites = [new Site { Id = "S", Name = "Site", Tariff = new(0) }],
                EquipmentClasses = [new EquipmentClass { Id = "vat", Name = "Vats" }],
                Equipment = [vat?.Invoke(machine) ?? machine],
                Families = [new Family { Id = "dark", Name = "Dark" }],
                ChangeoverRules =
                [
                    new MatrixChangeover
                    {
                        Id = "wash", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty,
                        FromClean = new Changeover(Duration.FromMinutes(30), 7) { EnergyKwh = 3, WaterM3 = 2 },
                    },
                ],
                WorkMasters = [new WorkMaster { Id = "R", Name = "Route", Operations = [dye?.Invoke(operation) ?? operation] }],
                Products = [new Product { Id = "P", Name = "Product", WorkMaster = new(0), Family = new FamilyId(0) }],
                Calendars =
                [
                    new WorkCalendar { Id = "day", Name = "Day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(18, 0))] },
                ],
                Tariffs = [new Tariff { Id = "T", Name = "Flat", BasePrice = 0.5, DemandPricePerKwMonth = 30 }],
            },
            Orders = [.. Orders().Take(orders)],
        };
    }

    /// <summary>A: bulk, 50 kg, due after 3 h. B: sample, 100 kg, due after 4 h, priority 2. Then ordinary ones without due date.</summary>
    public static IEnumerable<Order> Orders()
    {
        yield return new Order { Id = "A", Product = new(0), Quantity = 50, Unit = "kg", Due = SimTime.FromHours(3) };
        yield return new Order { Id = "B", Product = new(0), Quantity = 100, Unit = "kg", Due = SimTime.FromHours(4), Priority = 2, Kind = OrderKind.Sample };
        for (var i = 0; ; i++)
        {
            yield return new Order { Id = $"C{i}", Product = new(0), Quantity = 80, Unit = "kg" };
        }
    }

    /// <summary>Folds events given by hours.</summary>
    public static PlantState Fold(this PlantState state, params (double Hours, PlantEventKind Kind, int Equipment, int Job, int Order, int Arg, double Value)[] events)
    {
        foreach (var e in events)
        {
            state.Apply(new PlantEvent(SimTime.FromHours(e.Hours), e.Kind, e.Equipment, e.Job, e.Order, e.Arg, e.Value));
        }

        return state;
    }

    /// <summary>Release, ready, assignment and start of a one-job order on the vat at one moment.</summary>
    public static PlantState Begin(this PlantState state, double hours, int job, double planned = 2) => state.Fold(
        (hours, PlantEventKind.OrderReleased, -1, -1, job, -1, 0),
        (hours, PlantEventKind.JobReady, -1, job, -1, -1, 0),
        (hours, PlantEventKind.JobAssigned, 0, job, -1, job, 0),
        (hours, PlantEventKind.BatchStarted, 0, job, -1, 0, planned * Duration.MillisecondsPerHour));

    public static PlantState End(this PlantState state, double hours, int job) => state.Fold(
        (hours, PlantEventKind.BatchEnded, 0, job, -1, -1, 0),
        (hours, PlantEventKind.OrderCompleted, -1, -1, job, -1, 0));

    public static PlantState At(this PlantState state, double hours)
    {
        state.AdvanceTo(SimTime.FromHours(hours));
        return state;
    }
}
