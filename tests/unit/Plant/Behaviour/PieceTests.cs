using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Lots worked and counted piece by piece, followed by hand. Times are minutes.</summary>
public class PieceTests
{
    private const double Minute = 60_000;

    /// <summary>One machine, one lot; five minutes before the first piece, ten for each.</summary>
    private static TinyPlant Lot(double quantity, Func<Operation, Operation>? with = null, AfterBreakdown after = AfterBreakdown.Resume, params (double At, double Repair)[] breakdowns)
    {
        var plant = new TinyPlant
        {
            Disturbances = [.. breakdowns.Select(b => new Disturbance { Equipment = new EquipmentId(0), Time = SimTime.FromHours(b.At / 60), Duration = Duration.FromMinutes(b.Repair) })],
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { AfterBreakdown = after });
        var step = TinyPlant.Step(c, 5) with { CountPieces = true, UnitTime = Distribution.Constant(10 * Minute) };
        plant.Order(plant.Product(with?.Invoke(step) ?? step), o => o with { Quantity = quantity });
        return plant;
    }

    private static double[] Counted(IEnumerable<PlantEvent> events) =>
        [.. events.Where(e => e.Kind == PlantEventKind.PieceCompleted).Select(e => e.Time.Milliseconds / Minute)];

    private static double End(IEnumerable<PlantEvent> events) => events.Single(e => e.Kind == PlantEventKind.BatchEnded).Time.Milliseconds / Minute;

    [Fact]
    public void Every_piece_is_an_event_and_the_lot_ends_with_the_last()
    {
        var (simulator, events) = Lot(3).Run();

        Assert.Equal([15, 25, 35], Counted(events));
        Assert.Equal(35, End(events));
        var kpis = PlantKpis.Of(simulator.State).Equipment[0];
        Assert.Equal((3, 0, 3), (kpis.Pieces, kpis.ScrapPieces, kpis.Produced));
        Assert.Equal(35 / 60.0, kpis.ProcessedHours, 9);
    }

    [Fact]
    public void A_piece_in_work_goes_on_after_a_breakdown_where_it_was()
    {
        var (_, events) = Lot(3, breakdowns: (20, 7)).Run();

        Assert.Equal([15, 32, 42], Counted(events));
        Assert.Equal(42, End(events));
    }

    [Fact]
    public void Where_work_begins_anew_only_the_piece_in_work_is_lost()
    {
        var (simulator, events) = Lot(3, after: AfterBreakdown.Repeat, breakdowns: [(7, 1), (25, 7)]).Run();

        // The first breakdown costs the five minutes before the first piece too; the second only two of the second piece.
        Assert.Equal([23, 42, 52], Counted(events));
        Assert.Equal(3, PlantKpis.Of(simulator.State).Equipment[0].Pieces);
    }

    [Fact]
    public void Pieces_of_a_lost_lot_are_counted_again_in_its_make_up()
    {
        var (simulator, events) = Lot(2, after: AfterBreakdown.Scrap, breakdowns: (20, 10)).Run();

        Assert.Equal(3, Counted(events).Length); // one of the lost lot, two of the other
        Assert.Equal(2, simulator.State.Pieces[0].Good);
        Assert.Equal(2, events.Single(e => e.Kind == PlantEventKind.Scrapped).Value);
    }

    [Fact]
    public void Scrap_is_told_piece_by_piece_and_adds_up_at_the_end()
    {
        var (simulator, events) = Lot(400, o => o with { ScrapFraction = 0.25 }).Run();

        var pieces = events.Where(e => e.Kind == PlantEventKind.PieceCompleted).ToList();
        var scrap = pieces.Count(e => e.Value == 1);
        Assert.Equal(400, pieces.Count);
        Assert.InRange(scrap, 70, 130);
        Assert.Equal(scrap, events.Single(e => e.Kind == PlantEventKind.Scrapped).Value, 9);
        var kpis = PlantKpis.Of(simulator.State).Equipment[0];
        Assert.Equal((400, scrap), (kpis.Pieces, kpis.ScrapPieces));
        Assert.Equal(scrap, kpis.Scrap, 9);
    }

    [Fact]
    public void Every_piece_has_its_own_luck_and_the_plan_follows_the_counter()
    {
        var plant = Lot(50, o => o with { UnitTime = Distribution.Exponential(10 * Minute), Variation = Distribution.Uniform(0.5, 1.5) });
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0));
        var gaps = new HashSet<long>();
        while (simulator.State.Jobs[0].EndAt < 0 && simulator.Step())
        {
            if (simulator.State.Pieces[0].Good > 0)
            {
                var left = simulator.State.PiecesLeft(0);
                Assert.Equal(simulator.State.Pieces[0].DoneMs + left * 10 * Minute, simulator.State.Jobs[0].PlannedMs, 1.0);
                gaps.Add(simulator.State.Pieces[0].DoneMs);
            }
        }

        Assert.Equal(50, gaps.Count);
        Assert.Equal(simulator.State.Jobs[0].EndAt, simulator.State.Pieces[0].DoneMs);
    }

    [Fact]
    public void A_broken_quantity_is_cut_into_whole_pieces_of_equal_size()
    {
        var (_, events) = Lot(2.6).Run();

        Assert.Equal(3, Counted(events).Length); // 26 min of work, 5 before it
        Assert.Equal(31, End(events), 1e-3);
    }

    [Fact]
    public void Speed_and_work_content_shorten_every_piece()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { SpeedFactor = 2 });
        plant.Order(plant.Product(TinyPlant.Step(c, 0) with { CountPieces = true, UnitTime = Distribution.Constant(10 * Minute) }), o => o with { Quantity = 2 });

        Assert.Equal([5, 10], Counted(plant.Run().Events));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fork_in_the_middle_of_a_lot_goes_on_bit_identically(bool fromState)
    {
        var plant = Lot(200, o => o with { UnitTime = Distribution.Exponential(10 * Minute), ScrapFraction = 0.1, Interruptible = true }, AfterBreakdown.Repeat, (300, 20), (900, 5)).Compile();
        var straight = new EventRecorder();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(3, 0), sink: straight);
        simulator.RunUntil(SimTime.FromHours(7.3));
        var before = straight.Events.Count;
        var forked = new EventRecorder();
        var fork = fromState
            ? new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(3, 0), simulator.State, forked)
            : simulator.Fork(forked);

        simulator.RunToCompletion(SimTime.FromHours(500));
        fork.RunToCompletion(SimTime.FromHours(500));

        Assert.True(before > 20 && forked.Events.Count > 100);
        Assert.Equal(straight.Events.Skip(before), forked.Events);
        Assert.Equal(simulator.State.Pieces.ToArray(), fork.State.Pieces.ToArray());
    }

    [Fact]
    public void A_counter_seen_on_the_floor_tells_when_the_lot_ends()
    {
        var state = new PlantState(Lot(10, o => o with { UnitTime = Distribution.Uniform(9 * Minute, 11 * Minute) }).Compile());
        void See(double at, PlantEventKind kind, double value = 0, int arg = -1) =>
            state.Apply(new PlantEvent(SimTime.FromHours(at / 60), kind, kind is PlantEventKind.OrderReleased or PlantEventKind.JobReady ? -1 : 0, kind == PlantEventKind.OrderReleased ? -1 : 0, kind == PlantEventKind.OrderReleased ? 0 : -1, arg, value, EventSource.Observed));

        See(0, PlantEventKind.OrderReleased);
        See(0, PlantEventKind.JobReady);
        See(0, PlantEventKind.JobAssigned, arg: 0);
        See(0, PlantEventKind.BatchStarted);
        for (var piece = 1; piece <= 6; piece++)
        {
            See(20 * piece, PlantEventKind.PieceCompleted, piece == 2 ? 1 : 0); // twice as slow as the model thinks
        }

        Assert.Equal(4, state.PiecesLeft(0));
        Assert.Equal((120 + 40) * Minute, state.ExpectedEndMs(0), 1.0);
        var future = new PlantSimulator(state.Plant, new DispatchPolicy(), new RandomSource(1, 0), state);
        future.RunToCompletion(SimTime.FromHours(100));
        Assert.InRange(future.State.Jobs[0].EndAt / Minute, 156, 164);
        Assert.Equal(1, future.State.Pieces[0].Scrap);
    }

    [Fact]
    public void A_machine_that_does_not_count_refuses_a_counter()
    {
        var (simulator, _) = Lot(3, o => o with { CountPieces = false }).Run();

        Assert.Empty(simulator.State.Pieces.ToArray());
        Assert.False(simulator.State.Permits(new PlantEvent(simulator.Now, PlantEventKind.PieceCompleted, 0, 0)));
    }

    [Fact]
    public void What_is_done_again_is_counted_anew_with_new_luck()
    {
        var (simulator, events) = Lot(5, o => o with { UnitTime = Distribution.Exponential(10 * Minute), ReworkProbability = 0.9, ReworkTime = Distribution.Constant(Minute) }).Run();

        var attempts = events.Count(e => e.Kind == PlantEventKind.BatchRework) + 1;
        Assert.True(attempts > 1);
        Assert.Equal(5 * attempts, Counted(events).Length);
        Assert.Equal(5, simulator.State.Pieces[0].Good);
        var times = events.Where(e => e.Kind == PlantEventKind.PieceCompleted).Select(e => e.Time.Milliseconds).ToArray();
        Assert.NotEqual(times[1] - times[0], times[6] - times[5]);
    }
}
