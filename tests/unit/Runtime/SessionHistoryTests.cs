using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class SessionHistoryTests
{
    [Fact]
    public async Task A_past_moment_is_what_the_session_showed_then()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var then = new List<(SimTime Time, string Picture, string Bars)>();
        foreach (var part in WholeMoments(plant, RuntimePlants.Report(plant, 24)))
        {
            await session.IngestAsync(part, cancellation: TestContext.Current.CancellationToken);
            then.Add((session.Now, RuntimePlants.Picture(session.Snapshot()), Bars(session.History(default, session.Now))));
        }

        Assert.True(then.Count > 20);
        foreach (var (time, picture, bars) in then.Shuffle())
        {
            var moment = await session.Past.AtAsync(time, TestContext.Current.CancellationToken);
            Assert.Equal(time, moment.Time);
            Assert.Equal(picture, RuntimePlants.Picture(moment.State));
            Assert.Equal(bars, Bars(moment.History(default, time)));
        }
    }

    [Fact]
    public async Task A_moment_and_what_happened_since_is_a_later_moment()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await session.IngestAsync(RuntimePlants.Report(plant, 24), cancellation: TestContext.Current.CancellationToken);
        foreach (var (a, b) in ((double, double)[])[(0, 5), (3.7, 3.7), (5, 24), (11, 12), (2, 30)])
        {
            var earlier = (await session.Past.AtAsync(SimTime.FromHours(a), TestContext.Current.CancellationToken)).State.Fork();
            foreach (var e in session.Past.Between(SimTime.FromHours(a), SimTime.FromHours(b)))
            {
                earlier.Apply(e);
            }

            var later = await session.Past.AtAsync(SimTime.FromHours(b), TestContext.Current.CancellationToken);
            earlier.AdvanceTo(later.Time);
            Assert.Equal(RuntimePlants.Picture(later.State), RuntimePlants.Picture(earlier));
        }
    }

    [Fact]
    public async Task A_moment_knows_only_the_orders_and_the_schedule_of_then()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var report = RuntimePlants.Report(plant, 24);
        await session.IngestAsync(report[..200], cancellation: TestContext.Current.CancellationToken);
        var before = session.Now;
        var order = OrderDocument.Of(plant.Scenario.Orders[0], plant) with { Id = "RUSH" };
        var added = await session.AddOrdersAsync([order], TestContext.Current.CancellationToken);
        Assert.Empty(added.Problems);
        await session.IngestAsync(report[200..], cancellation: TestContext.Current.CancellationToken);

        var then = await session.Past.AtAsync(before - Duration.FromMilliseconds(1), TestContext.Current.CancellationToken);
        var now = await session.Past.AtAsync(session.Now, TestContext.Current.CancellationToken);
        Assert.Equal(-1, then.Names.Order("RUSH"));
        Assert.Equal(plant.Scenario.Orders.Length, now.Names.Order("RUSH"));
        Assert.Equal(plant.Scenario.Orders.Length, then.State.Orders.Length);
        Assert.Equal(RuntimePlants.Picture(session.Snapshot()), RuntimePlants.Picture(now.State));
    }

    [Fact]
    public async Task Looking_back_from_many_sides_at_once_while_the_plant_reports_disturbs_nobody()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var report = RuntimePlants.Report(plant, 24);
        await session.IngestAsync(report[..500], cancellation: TestContext.Current.CancellationToken);
        var middle = session.Now - Duration.FromMilliseconds(1);
        var expected = RuntimePlants.Picture((await session.Past.AtAsync(middle, TestContext.Current.CancellationToken)).State);
        var looks = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(expected, RuntimePlants.Picture((await session.Past.AtAsync(middle, TestContext.Current.CancellationToken)).State));
            }
        }).ToList();
        foreach (var part in report[500..].Chunk(50))
        {
            await session.IngestAsync(part, cancellation: TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(looks);
        Assert.Equal(RuntimePlants.Picture(Fold(plant, report)), RuntimePlants.Picture(session.Snapshot()));
    }

    private static PlantState Fold(DigitalTwin.Plant.Behaviour.CompiledScenario plant, List<Observation> report)
    {
        var state = new PlantState(plant);
        var translator = new ObservationTranslator(new PlantNames(plant));
        foreach (var observation in report)
        {
            Assert.True(translator.TryRead(observation, out var e, out _));
            state.Apply(e);
        }

        state.AdvanceTo(state.Now);
        return state;
    }

    /// <summary>Deliveries that end where a moment ends.</summary>
    private static IEnumerable<List<Observation>> WholeMoments(DigitalTwin.Plant.Behaviour.CompiledScenario plant, List<Observation> report)
    {
        var translator = new ObservationTranslator(new PlantNames(plant));
        var part = new List<Observation>();
        var last = default(SimTime);
        foreach (var observation in report)
        {
            Assert.True(translator.TryRead(observation, out var e, out _));
            if (part.Count >= 9 && e.Time > last)
            {
                yield return part;
                part = [];
            }

            part.Add(observation);
            last = e.Time;
        }

        yield return part;
    }

    private static string Bars(BarPage page) => string.Join('\n', page.Bars.Select(b => $"{b.Kind} {b.Equipment} {string.Join(',', b.Jobs)} {b.SetupStart} {b.Start} {b.End} {b.Outcome}"));
}
