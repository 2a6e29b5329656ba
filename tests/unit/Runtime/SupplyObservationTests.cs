using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Materials, lots, people and quality as a plant reports them: by names.</summary>
public class SupplyObservationTests
{
    private const long Minute = Duration.MillisecondsPerMinute;

    /// <summary>Says every event by names, reads it back and folds it.</summary>
    private sealed class RoundTrip(CompiledScenario plant) : IPlantEventSink
    {
        private readonly ObservationTranslator _translator = new(new PlantNames(plant));

        public PlantState State { get; } = new(plant);

        public HashSet<PlantEventKind> Kinds { get; } = [];

        public void On(in PlantEvent e)
        {
            Kinds.Add(e.Kind);
            Assert.True(_translator.TryRead(_translator.Write(e, "x"), out var read, out var problem), problem);
            Assert.Equal(e, read with { Source = e.Source });
            State.Apply(read);
        }
    }

    [Fact]
    public void Everything_that_happens_to_materials_in_the_car_parts_works_can_be_said_by_names()
    {
        var plant = CompiledScenario.Compile(CarPartsGenerator.Create(80));
        var round = new RoundTrip(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: round);
        simulator.RunUntil(SimTime.FromHours(24 * 9));
        round.State.AdvanceTo(simulator.Now);

        Assert.Equal(simulator.State.Materials.ToArray(), round.State.Materials.ToArray());
        Assert.Equal(simulator.State.Lots.ToArray(), round.State.Lots.ToArray());
        Assert.Superset(new HashSet<PlantEventKind>
        {
            PlantEventKind.MaterialShort, PlantEventKind.MaterialAllocated, PlantEventKind.MaterialConsumed, PlantEventKind.SupplyOrdered, PlantEventKind.SupplyExpected,
            PlantEventKind.SupplyReceived, PlantEventKind.LotHeld, PlantEventKind.LotReleased, PlantEventKind.LotScrapped, PlantEventKind.LotProduced,
        }, round.Kinds);
    }

    [Fact]
    public void Everything_that_people_do_can_be_said_by_names()
    {
        var tiny = People();
        tiny.Extra = tiny.Extra with { Auxiliaries = [tiny.Extra.Auxiliaries[0] with { SideJobs = 1, SideJobTime = Distribution.Constant(17 * Minute) }] };
        tiny.Disturbances = [new Disturbance { Equipment = new EquipmentId(0), Time = SimTime.FromHours(9), Duration = Duration.FromMinutes(50) }];
        var plant = tiny.Compile();
        var round = new RoundTrip(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: round);
        simulator.RunUntil(SimTime.FromHours(40));
        round.State.AdvanceTo(simulator.Now);

        Assert.Equal(simulator.State.OnDuty.ToArray(), round.State.OnDuty.ToArray());
        Assert.Equal(simulator.State.CrewMeters.ToArray(), round.State.CrewMeters.ToArray());
        Assert.Superset(new HashSet<PlantEventKind>
        {
            PlantEventKind.CrewRequested, PlantEventKind.CrewAssigned, PlantEventKind.CrewShiftChanged, PlantEventKind.SideJobStarted, PlantEventKind.RepairStarted,
        }, round.Kinds);
    }

    [Fact]
    public void Redyes_make_up_lots_and_what_is_made_again_can_be_said_by_names()
    {
        var tiny = new TinyPlant();
        var vat = tiny.Class("vat");
        tiny.Machine(vat);
        var product = tiny.Product(
            TinyPlant.Step(vat, 60) with { Id = "dye", ReworkProbability = 0.5, ReworkBy = [1], LossProbability = 0.3 },
            TinyPlant.Step(vat, 30) with { Id = "redye", Predecessors = [0], ReworkProbability = 0.5, ScrapFraction = 0.1 });
        for (var i = 0; i < 12; i++)
        {
            tiny.Order(product, o => o with { Quantity = 40, MakeUp = MakeUpPolicy.Lot });
        }

        var plant = tiny.Compile();
        var round = new RoundTrip(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: round);
        simulator.RunToCompletion(SimTime.FromHours(400));

        Assert.Equal(0, simulator.OpenOrders);
        Assert.Contains(PlantEventKind.MakeUpReleased, round.Kinds);
        Assert.Equal(simulator.State.Orders.ToArray(), round.State.Orders.ToArray());
    }

    /// <summary>Tracked steel from two suppliers, untracked bolts; one machine.</summary>
    private static CompiledScenario Shop()
    {
        var tiny = new TinyPlant();
        var c = tiny.Class("c");
        tiny.Machine(c);
        var product = tiny.Product(TinyPlant.Step(c, 10) with { Id = "cut" });
        tiny.Extra = tiny.Extra with
        {
            Materials = [new Material { Id = "steel", Name = "steel", Tracked = true }, new Material { Id = "bolt", Name = "bolt", InitialStock = 50 }],
            Sources =
            [
                new MaterialSource { Material = new MaterialId(0), Supplier = "mill", LeadTime = Distribution.Constant(1000 * Minute) },
                new MaterialSource { Material = new MaterialId(0), Supplier = "other", LeadTime = Distribution.Constant(1000 * Minute) },
            ],
            BillOfMaterials = [new BillLine(product, 0, new MaterialId(0), 2), new BillLine(product, 0, new MaterialId(1), 4)],
        };
        tiny.Order(product);
        return CompiledScenario.Compile(tiny.Build() with
        {
            Receipts =
            [
                new FirmReceipt { Material = new MaterialId(0), Quantity = 8, Time = new SimTime(900 * Minute), Source = new SourceId(0), Lot = "HEAT-2" },
                new FirmReceipt { Material = new MaterialId(0), Quantity = 6, Time = new SimTime(300 * Minute), Source = new SourceId(0), Lot = "HEAT-1" },
            ],
        });
    }

    private static Observation Say(string kind, double minutes, Func<Observation, Observation>? with = null)
    {
        var o = new Observation { Id = $"{kind}-{minutes}-{Guid.NewGuid():N}", Kind = kind, Time = PlantMoment.At(new SimTime((long)(minutes * Minute))) };
        return with?.Invoke(o) ?? o;
    }

    private static async Task<IngestReceipt> TellAsync(TwinSession session, params Observation[] observations) =>
        await session.IngestAsync(observations, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_delivery_is_the_one_that_is_expected_first_unless_its_lot_or_supplier_says_otherwise()
    {
        await using var session = RuntimePlants.Open(Shop());
        Assert.Empty((await TellAsync(session, Say("SupplyReceived", 280, o => o with { Material = "steel", Value = 6 }))).Refused);
        Assert.Empty((await TellAsync(session, Say("SupplyReceived", 290, o => o with { Material = "steel", Lot = "HEAT-2", Value = 7.5 }))).Refused);

        var state = session.Snapshot();

        Assert.Equal(MaterialQuantity.Parts(13.5), state.Materials[0].OnHand);
        Assert.Equal(0, state.Materials[0].OnOrder);
        Assert.Equal(["HEAT-1", "HEAT-2"], Enumerable.Range(2, 2).Select(l => LotNames.Of(state, l)));
    }

    [Fact]
    public async Task What_comes_unannounced_is_inferred_and_what_nobody_delivers_is_marked()
    {
        await using var session = RuntimePlants.Open(Shop());
        var receipt = await TellAsync(session,
            Say("SupplyReceived", 10, o => o with { Material = "steel", Supplier = "other", Value = 20 }),
            Say("SupplyReceived", 11, o => o with { Material = "bolt", Value = 20 }),
            Say("SupplyReceived", 12, o => o with { Material = "gold", Value = 20 }),
            Say("SupplyReceived", 13, o => o with { Material = "steel" }));

        Assert.Equal(1, receipt.Accepted);
        Assert.Equal(["material 'gold' is not in the scenario", "no delivery of 'bolt' is under way"], receipt.Refused.Select(r => r.Reason).Where(r => !r.Contains("value", StringComparison.Ordinal)).Order());
        var state = session.Snapshot();
        Assert.Equal(MaterialQuantity.Parts(20), state.Materials[0].OnHand);
        Assert.Equal(MaterialQuantity.Parts(14), state.Materials[0].OnOrder); // the firm receipts are still to come
        Assert.Equal(1, state.Sources[1].Orders);
        Assert.Equal(1, state.Lots[2].Source);
    }

    [Fact]
    public async Task Quality_decides_about_lots_by_their_names_and_counts_correct_the_books()
    {
        await using var session = RuntimePlants.Open(Shop());
        var receipt = await TellAsync(session,
            Say("SupplyReceived", 10, o => o with { Material = "steel", Value = 6 }),
            Say("QualityResult", 11, o => o with { Lot = "HEAT-1", Verdict = "hold" }),
            Say("LotCounted", 12, o => o with { Lot = "HEAT-1", Value = 5.5 }),
            Say("LotCounted", 13, o => o with { Material = "bolt", Value = 48 }),
            Say("QualityResult", 14, o => o with { Lot = "HEAT-9", Verdict = "hold" }),
            Say("QualityResult", 15, o => o with { Lot = "HEAT-1", Verdict = "splendid" }),
            Say("LotCounted", 16, o => o with { Lot = "HEAT-1", Value = 0 }));

        Assert.Equal(4, receipt.Accepted);
        Assert.Equal(3, receipt.Refused.Count);
        var state = session.Snapshot();
        Assert.Equal((MaterialQuantity.Parts(5.5), MaterialQuantity.Parts(5.5), LotStatus.Hold), (state.Materials[0].OnHand, state.Materials[0].OnHold, state.Lots[2].Status));
        Assert.Equal((MaterialQuantity.Parts(48), -MaterialQuantity.Parts(2)), (state.Materials[1].OnHand, state.Materials[1].Adjusted));
        Assert.Empty((await TellAsync(session, Say("QualityResult", 20, o => o with { Lot = "HEAT-1", Verdict = "passed" }))).Refused);
        Assert.Equal(LotStatus.Released, session.Snapshot().Lots[2].Status);
    }

    [Fact]
    public async Task The_future_of_a_twin_uses_what_was_reported_to_have_come()
    {
        var plant = Shop();
        await using var session = RuntimePlants.Open(plant);
        await TellAsync(session, Say("OrderReleased", 0, o => o with { Order = "O1" }), Say("MaterialShort", 0, o => o with { Job = "O1/1/cut", Material = "steel" }),
            Say("SupplyReceived", 30, o => o with { Material = "steel", Value = 6 }));

        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), session.Snapshot());
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal(40, simulator.State.Orders[0].CompletedAt / Minute); // nobody reported that the job was given its steel
    }

    /// <summary>Two dyers from 8 to 16 o'clock, each batch of 100 minutes needs one; two vats.</summary>
    private static TinyPlant People()
    {
        var tiny = new TinyPlant();
        var vat = tiny.Class("vat");
        tiny.Machine(vat, m => m with { RepairCrew = new CrewNeed("dyers") });
        tiny.Machine(vat, m => m with { RepairCrew = new CrewNeed("dyers") });
        tiny.Extra = tiny.Extra with
        {
            Calendars = [new WorkCalendar { Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(16, 0))] }],
            Auxiliaries = [new AuxiliaryResource { Id = "dyers", Name = "dyers", Count = 2, Shifts = [new CrewShift(new CalendarId(0), 2)] }],
        };
        var product = tiny.Product(TinyPlant.Step(vat, 100) with { Id = "dye", Crew = new CrewNeed("dyers") });
        for (var i = 0; i < 8; i++)
        {
            tiny.Order(product);
        }

        return tiny;
    }

    [Fact]
    public async Task Absence_holds_until_the_next_shift_in_every_future()
    {
        var plant = People().Compile();
        await using var session = RuntimePlants.Open(plant);
        var receipt = await TellAsync(session,
            Say("CrewShiftChanged", 480, o => o with { Crew = "dyers", Value = 2 }),
            Say("CrewAbsent", 490, o => o with { Crew = "dyers", Value = 1 }),
            Say("CrewAbsent", 491, o => o with { Crew = "dyers", Value = 3 }),
            Say("CrewAbsent", 492, o => o with { Crew = "cooks", Value = 1 }));

        Assert.Equal(2, receipt.Accepted);
        Assert.Equal(2, receipt.Refused.Count);
        Assert.Equal(1, session.Snapshot().OnDuty[0]);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), session.Snapshot());
        simulator.RunUntil(new SimTime(950 * Minute));
        Assert.Equal(1, simulator.State.OnDuty[0]);
        simulator.RunUntil(new SimTime((24 * 60 + 481) * Minute));
        Assert.Equal(2, simulator.State.OnDuty[0]);
    }

    [Fact]
    public async Task A_redye_that_quality_reports_calls_the_child_jobs_of_the_routing()
    {
        var tiny = new TinyPlant();
        var vat = tiny.Class("vat");
        tiny.Machine(vat);
        tiny.Order(tiny.Product(
            TinyPlant.Step(vat, 60) with { Id = "dye", ReworkProbability = 0.5, ReworkBy = [1] }, TinyPlant.Step(vat, 30) with { Id = "redye", Predecessors = [0] }));
        await using var session = RuntimePlants.Open(tiny.Compile());
        Observation[] batch =
        [
            Say("OrderReleased", 0, o => o with { Order = "O1" }), Say("JobReady", 0, o => o with { Job = "O1/1/dye" }),
            Say("JobAssigned", 0, o => o with { Job = "O1/1/dye", Equipment = "M1" }), Say("BatchStarted", 0, o => o with { Job = "O1/1/dye", Equipment = "M1" }),
        ];
        Assert.Empty((await TellAsync(session, batch)).Refused);

        var receipt = await TellAsync(session, Say("QualityResult", 66, o => o with { Job = "O1/1/dye", Equipment = "M1", Verdict = "redye" }));

        Assert.Empty(receipt.Refused);
        var jobs = session.Snapshot().Jobs.ToArray();
        Assert.Equal((JobStatus.Done, JobStatus.Waiting), (jobs[0].Status, jobs[1].Status));
        Assert.Equal(EquipmentStatus.Idle, session.Snapshot().Equipment[0].Status);
    }
}
