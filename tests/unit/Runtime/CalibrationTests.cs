using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Runtime.Calibration;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class CalibrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calibration-").FullName;
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plant_with_other_numbers_is_recovered_and_what_was_right_is_left_alone()
    {
        var model = RuntimePlants.Lively(600);
        var (cut, dye, routing) = (model.Plant.Equipment[0].Id, model.Plant.Equipment[1].Id, model.Plant.WorkMasters[0]);
        var world = Patched(model,
            new SetParameter($"equipment.{cut}.speed_factor", "0.8"),
            new SetParameter($"routings.{routing.Id}.{routing.Operations[0].Id}.variation", "lognormal(median 1.1, sigma 0.15)"),
            new SetParameter($"equipment.{cut}.time_to_repair", "lognormal(median 60 min, sigma 0.4)"),
            new SetParameter($"routings.{routing.Id}.{routing.Operations[1].Id}.rework_probability", "0.3"));
        await using var session = await LivedAsync(model, world, 600);

        var proposal = await Service().ProposeAsync(session, new CalibrationOptions { Failures = 8 }, Stop);

        var items = proposal.Items.ToDictionary(i => i.Path, StringComparer.Ordinal);
        Assert.InRange(Number(items[$"equipment.{cut}.speed_factor"].After), 0.76, 0.84);
        var variation = items[$"routings.{routing.Id}.{routing.Operations[0].Id}.variation"];
        Assert.Equal(CalibrationVerdict.Proposed, variation.Verdict);
        Assert.True(variation.DistanceAfter < variation.DistanceBefore && variation.LogLikelihoodAfter > variation.LogLikelihoodBefore);
        Assert.True(DigitalTwin.Plant.Scenarios.DistributionText.TryParseNumber(variation.After, out var law, out _));
        Assert.InRange(law.A, 1.06, 1.14);
        Assert.InRange(law.B, 0.13, 0.17);
        var rework = items[$"routings.{routing.Id}.{routing.Operations[1].Id}.rework_probability"];
        Assert.Equal(CalibrationVerdict.Proposed, rework.Verdict);
        Assert.InRange(Number(rework.After), 0.2, 0.4);
        Assert.NotEqual(CalibrationVerdict.Proposed, items[$"equipment.{dye}.speed_factor"].Verdict);
        Assert.NotEqual(CalibrationVerdict.Proposed, items[$"routings.{routing.Id}.{routing.Operations[1].Id}.addition_probability"].Verdict);
    }

    [Fact]
    public async Task A_plant_that_is_as_its_model_says_is_hardly_touched()
    {
        var model = RuntimePlants.Lively(600);
        await using var session = await LivedAsync(model, model, 600);

        var proposal = await Service().ProposeAsync(session, new CalibrationOptions(), Stop);

        Assert.True(proposal.Items.Length > 10);
        Assert.True(proposal.Changes.Count() <= 1, string.Join('\n', proposal.Changes));
    }

    [Fact]
    public async Task Too_little_seen_is_said_and_nothing_is_proposed()
    {
        var model = RuntimePlants.Lively(20);
        await using var session = await LivedAsync(model, Patched(model, new SetParameter($"equipment.{model.Plant.Equipment[0].Id}.speed_factor", "0.5")), 8);
        var service = Service();

        var proposal = await service.ProposeAsync(session, new CalibrationOptions(), Stop);

        Assert.All(proposal.Items, i => Assert.Equal(CalibrationVerdict.TooFew, i.Verdict));
        Assert.Empty(proposal.Patch());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => service.AcceptAsync(session, proposal, "planner", Stop));
        Assert.Contains("nothing to change", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_changes_until_a_person_accepts_then_the_running_twin_and_its_next_start_do()
    {
        var model = RuntimePlants.Lively(300);
        var cut = model.Plant.Equipment[0].Id;
        var journal = new KeptJournal();
        await using var session = await LivedAsync(model, Patched(model, new SetParameter($"equipment.{cut}.speed_factor", "0.8")), 300, journal);
        var service = Service();
        var proposal = await service.ProposeAsync(session, new CalibrationOptions(), Stop);
        Assert.Equal(1, session.Plant.Plant.Equipment[0].SpeedFactor);
        var before = RuntimePlants.Picture(session.View().State);

        var accepted = await service.AcceptAsync(session, proposal, "Ms Wu", Stop);

        Assert.Equal("Ms Wu", accepted.AcceptedBy);
        Assert.InRange(session.Plant.Plant.Equipment[0].SpeedFactor, 0.75, 0.85);
        Assert.Equal(before, RuntimePlants.Picture(session.View().State)); // what happened has happened
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.AcceptAsync(session, proposal, "another", Stop));
        var problems = new List<string>();
        var reopened = Service().Opened(RuntimePlants.Lively(300), problems);
        Assert.Empty(problems);
        Assert.Equal(session.Plant.Plant.Equipment[0].SpeedFactor, reopened.Plant.Equipment[0].SpeedFactor);
        Assert.Equal(session.Plant.Plant.WorkMasters[0].Operations[0].Variation, reopened.Plant.WorkMasters[0].Operations[0].Variation);
    }

    [Fact]
    public void Lives_that_have_not_ended_count_and_a_weibull_comes_back()
    {
        var law = Distribution.Weibull(2, 100);
        var random = new RandomSource(8, 0);
        var lives = Enumerable.Range(0, 40_000).Select(i => law.Sample(random, 1, i)).ToArray();
        var ended = lives.Where(l => l < 80).ToArray(); // watched for 80 only
        var censored = lives.Where(l => l >= 80).Select(_ => 80.0).ToArray();

        var fit = Fits.Weibull(ended, censored);
        var blind = Fits.Weibull(ended, []);

        Assert.InRange(fit.A, 1.94, 2.06);
        Assert.InRange(fit.B, 97, 103);
        Assert.True(blind.B < 65, "who forgets the censored lives believes in much shorter ones");
        Assert.InRange(Fits.Exponential(ended, censored).A, (ended.Sum() + censored.Sum()) / ended.Length - 1e-9, (ended.Sum() + censored.Sum()) / ended.Length + 1e-9);
    }

    private CalibrationService Service() => new(id => Path.Combine(_folder, id), TimeProvider.System);

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A twin that believes in <paramref name="model"/> and has watched <paramref name="world"/>.</summary>
    private static async Task<TwinSession> LivedAsync(CompiledScenario model, CompiledScenario world, int hours, IJournal? journal = null)
    {
        var session = RuntimePlants.Open(model, journal);
        var emulator = new Emulator(world, new SessionDoor(session), new EmulatorOptions { Seed = 4 });
        await emulator.BeginAsync(Stop);
        for (var h = 20; h <= hours; h += 20)
        {
            await emulator.AdvanceAsync(SimTime.FromHours(Math.Min(h, hours)), Stop);
        }

        await emulator.AdvanceAsync(SimTime.FromHours(hours), Stop);
        Assert.Equal(0, emulator.Refused);
        return session;
    }

    private static CompiledScenario Patched(CompiledScenario plant, params ScenarioPatch[] patches)
    {
        var patched = ScenarioPatch.Apply(plant.Scenario, patches);
        return CompiledScenario.Compile(patched.Scenario ?? throw new InvalidOperationException(string.Join('\n', patched.Diagnostics)));
    }
}
