using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Training;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class TrainingTests : IDisposable
{
    private static readonly CompiledScenario s_plant = RuntimePlants.Lively(25);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("training-");
    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_attempt_done_again_is_the_same_to_the_last_event()
    {
        var room = Room();
        room.Create(Draft("night"), SimTime.FromHours(6), 0, Stop);
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 90], Gen.Int[0, 1000]).Array[1, 12].Sample(
            moves =>
            {
                var session = room.Begin("night", "wang");
                foreach (var (kind, minutes, pick) in moves)
                {
                    session.Advance(Duration.FromMinutes(minutes));
                    TryDecide(session, kind, pick);
                }

                session.Finish();
                var kept = room.Store.Attempt(session.Attempt.Id)!;
                Assert.Equal(16, kept.EventHash.Length);
                // Another process: everything is read back, done again, and compared by its hash.
                var again = Room().Find(kept.Id)!;
                Assert.Equal(kept.EventHash, again.Attempt.EventHash);
                Assert.Equal(RuntimePlants.Picture(session.View().State), RuntimePlants.Picture(again.View().State));
            },
            iter: 15, threads: 1);
    }

    [Fact]
    public void The_parts_of_a_score_sum_to_the_regret_and_the_score_is_the_same_every_time()
    {
        var room = Room();
        room.Create(Draft("night") with { Faults = [new ScriptedFault(3_600_000, s_plant.Plant.Equipment[0].Id, 7_200_000)] }, SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("night", "li");
        for (var i = 0; i < 6; i++)
        {
            session.Advance(Duration.FromMinutes(40));
            TryDecide(session, i, 7 * i);
        }

        var decisions = session.Attempt.Entries.Count(e => e.Decision is not null);
        var score = room.Score(session.Attempt.Id, stop: Stop).Score!;
        Assert.True(decisions >= 3);
        Assert.Equal(decisions, score.Parts.Count(p => p.IsDecision));
        Assert.Equal(score.Regret, score.Parts.Sum(p => p.Regret), 6);
        Assert.Equal(score.Objective, score.Parts[^1].After);
        Assert.Equal(score.Best, score.Parts[0].Before);
        Assert.All(score.Parts.Zip(score.Parts.Skip(1)), p => Assert.Equal(p.First.After, p.Second.Before));
        Assert.True(score.Best <= score.LeftAlone);
        var again = Room().Score(session.Attempt.Id, stop: Stop).Score!;
        Assert.Equal(score.Parts, again.Parts);
        Assert.Equal(score.Points, again.Points);
    }

    [Fact]
    public void Doing_nothing_costs_what_the_best_rule_gains_and_the_best_rule_costs_nothing()
    {
        var room = Room();
        room.Create(Draft("plain"), SimTime.FromHours(6), 0, Stop);
        var idle = room.Begin("plain", "idle");
        var left = room.Score(idle.Attempt.Id, stop: Stop).Score!;
        Assert.Equal(left.LeftAlone, left.Objective);
        Assert.Single(left.Parts);
        Assert.True(left.Regret > 0, "the scenario's rule is the best of all here: choose another plant");

        var best = Enum.GetValues<DispatchRule>().First(r => left.BestBy == $"rule {r}");
        var good = room.Begin("plain", "good");
        good.Decide(new RuleDecision(best));
        var score = room.Score(good.Attempt.Id, stop: Stop).Score!;
        Assert.Equal(0, score.Regret, 9);
        Assert.Equal(100, score.Points, 6);
    }

    [Fact]
    public void A_bad_decision_is_charged_to_itself_and_not_to_those_after_it()
    {
        var room = Room();
        room.Create(Draft("bad"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("bad", "zhao");
        session.Advance(Duration.FromMinutes(5));
        session.Decide(new MaintainDecision(Busiest(session), 40 * 3_600_000L)); // a busy machine is taken out for almost two days
        session.Advance(Duration.FromMinutes(30));
        session.Decide(new RuleDecision(session.Rule)); // changes nothing
        var parts = room.Score(session.Attempt.Id, stop: Stop).Score!.Parts.Where(p => p.IsDecision).ToList();
        Assert.True(parts[0].Regret > 0);
        Assert.Equal(0, parts[1].Regret, 9);
    }

    [Fact]
    public void A_job_dispatched_by_hand_is_the_next_that_its_machine_begins()
    {
        var room = Room();
        room.Create(Draft("hand"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("hand", "sun");
        var (job, machine) = ReadyPair(session, 0)!.Value;
        session.Decide(new DispatchDecision(machine, [job]));
        var index = session.Names.Job(job);
        for (var i = 0; i < 200 && session.View().State.Jobs[index].Status is JobStatus.Waiting or JobStatus.Ready; i++)
        {
            session.Advance(Duration.FromMinutes(15));
        }

        Assert.Equal(session.Names.Equipment(machine), session.View().State.Jobs[index].Equipment);
    }

    [Fact]
    public void What_cannot_be_decided_is_refused_by_name_and_changes_nothing()
    {
        var room = Room();
        room.Create(Draft("no"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("no", "qian");
        var before = session.Attempt;
        Assert.Contains("order/lot/operation", Refused(new DispatchDecision(s_plant.Plant.Equipment[0].Id, ["nonsense"])), StringComparison.Ordinal);
        Assert.Contains("not in the plant", Refused(new MaintainDecision("nobody", 1)), StringComparison.Ordinal);
        Assert.Contains("no rush order", Refused(new AnswerDecision("R1", true)), StringComparison.Ordinal);
        Assert.Equal(before.Entries.Length, session.Attempt.Entries.Length);
        session.Finish();
        Assert.Contains("is over", Refused(new RuleDecision(DispatchRule.Spt)), StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => room.Begin("nowhere", "x"));
        Assert.Throws<TrainingException>(() => room.Create(Draft("no"), SimTime.FromHours(6), 0, Stop));
        Assert.Throws<TrainingException>(() => room.Create(Draft("x") with { Limits = [new ExerciseTarget("no-such-kpi", 1)] }, SimTime.FromHours(6), 0, Stop));

        string Refused(Decision decision) => Assert.Throws<TrainingException>(() => session.Decide(decision)).Message;
    }

    [Fact]
    public void A_rush_order_is_made_when_accepted_or_not_answered_and_costs_its_price_when_refused()
    {
        var room = Room();
        var product = OrderDocument.Of(s_plant.Scenario.Orders[0], s_plant);
        var rush = product with { Id = "RUSH-1", Release = default, Due = PlantMoment.At(SimTime.FromHours(20)), Priority = 5 };
        room.Create(Draft("rush") with { Offers = [new RushOffer(600_000, rush, 1_800_000, RefusalCost: 12.5)] }, SimTime.FromHours(6), 0, Stop);

        var refusing = room.Begin("rush", "a");
        refusing.Advance(Duration.FromMinutes(15));
        Assert.Equal("RUSH-1", Assert.Single(refusing.Offers).Offer.Order.Id);
        refusing.Decide(new AnswerDecision("RUSH-1", false));
        Assert.Equal(-1, refusing.Names.Order("RUSH-1"));
        Assert.Contains(room.Score(refusing.Attempt.Id, stop: Stop).Score!.Terms, t => t is { Name: "refused-orders", Weighted: 12.5 });

        var silent = room.Begin("rush", "b");
        silent.Advance(Duration.FromMinutes(60));
        Assert.Empty(silent.Offers);
        var order = silent.Names.Order("RUSH-1");
        Assert.True(order >= 0);
        var score = room.Score(silent.Attempt.Id, stop: Stop).Score!;
        Assert.DoesNotContain(score.Terms, t => t.Name == "refused-orders");
    }

    [Fact]
    public void A_fault_that_an_instructor_puts_in_happens_then_and_is_part_of_what_the_best_is_found_under()
    {
        var room = Room();
        room.Create(Draft("fault"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("fault", "zhou");
        session.Advance(Duration.FromMinutes(20));
        var machine = Busiest(session);
        session.Inject(machine, Duration.FromHours(9), DisturbanceKind.Breakdown);
        Assert.True(session.View().State.Equipment[session.Names.Equipment(machine)].Status is EquipmentStatus.Down or EquipmentStatus.Repair);
        var score = room.Score(session.Attempt.Id, stop: Stop).Score!;
        Assert.Equal(score.Regret, score.Parts.Sum(p => p.Regret), 6);
        Assert.Equal(score.LeftAlone, score.Objective); // nothing was decided: the fault is not the trainee's fault
    }

    [Fact]
    public void Hints_and_broken_limits_cost_their_points_and_no_more_hints_are_given_than_allowed()
    {
        var room = Room();
        room.Create(
            Draft("limits") with { HintsAllowed = 2, Goals = [new ExerciseTarget("completed", null, 1)], Limits = [new ExerciseTarget("completed", 0, null, 7)] },
            SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("limits", "wu");
        session.Hint(0.1, stop: Stop);
        session.Hint(0.1, stop: Stop);
        Assert.Throws<TrainingException>(() => session.Hint(0.1, stop: Stop));
        var score = room.Score(session.Attempt.Id, stop: Stop).Score!;
        Assert.Equal(2, score.Hints);
        Assert.True(Assert.Single(score.Goals).Kept);
        Assert.False(Assert.Single(score.Limits).Kept);
        var plain = 100 - 100 * score.Regret / Math.Max(score.Best, score.LeftAlone);
        Assert.Equal(Math.Clamp(plain - 2 - 7, 0, 100), score.Points, 9);
    }

    [Fact]
    public async Task An_exercise_begins_where_a_replay_stands_with_the_orders_known_then()
    {
        await using var session = RuntimePlants.Open(s_plant);
        await session.IngestAsync(RuntimePlants.Report(s_plant, 10), cancellation: Stop);
        var added = OrderDocument.Of(s_plant.Scenario.Orders[0], s_plant) with { Id = "LATER", Release = default };
        Assert.Empty((await session.AddOrdersAsync([added], Stop)).Problems);
        await session.LockAsync(0, true, cancellation: Stop);
        var replay = await new ReplayService(_time).OpenAsync(session.Id, Recording.Of(session), session.Past.End, Stop);
        var room = new TrainingRoom(s_plant, new TrainingStore(s_plant, _folder.FullName), null, _time);
        var exercise = room.Create(Draft("then"), replay.View(), 0, Stop);
        Assert.Equal("LATER", Assert.Single(exercise.Added).Id);
        var attempt = Room().Begin("then", "zheng");
        Assert.True(attempt.Names.Order("LATER") >= 0);
        Assert.Equal(replay.Now, attempt.Now);
        var (then, begun) = (replay.View().State, attempt.View().State);
        var working = Enumerable.Range(0, then.Jobs.Length).Where(j => then.Jobs[j].Status is JobStatus.Running or JobStatus.Done).ToList();
        Assert.NotEmpty(working);
        Assert.All(working, j => Assert.Equal((then.Jobs[j].Status, then.Jobs[j].Equipment, then.Jobs[j].StartAt), (begun.Jobs[j].Status, begun.Jobs[j].Equipment, begun.Jobs[j].StartAt)));
        attempt.Finish();
        Assert.True(attempt.View().State.Version > replay.View().State.Version);
    }

    [Fact]
    public void Going_back_is_another_attempt_with_the_same_behind_it_up_to_then()
    {
        var room = Room();
        room.Create(Draft("back"), SimTime.FromHours(6), 0, Stop);
        var first = room.Begin("back", "lin");
        first.Advance(Duration.FromMinutes(60));
        first.Decide(new RuleDecision(DispatchRule.Spt));
        first.Advance(Duration.FromMinutes(30));
        var then = RuntimePlants.Picture(first.View().State);
        first.Advance(Duration.FromMinutes(45));
        first.Decide(new MaintainDecision(Busiest(first), 3_600_000));

        var second = room.Backtrack(first.Attempt.Id, Duration.FromMinutes(45), "lin");
        Assert.Equal(then, RuntimePlants.Picture(second.View().State));
        Assert.Equal(first.Attempt.Id, second.Attempt.BackFrom);
        Assert.IsType<RuleDecision>(Assert.Single(second.Attempt.Entries).Decision);
        Assert.Equal(2, first.Attempt.Entries.Length);
        Assert.Equal(second.Attempt.EventHash, Room().Find(second.Attempt.Id)!.Attempt.EventHash);
        Assert.Equal(SimTime.FromHours(6), room.Backtrack(first.Attempt.Id, Duration.FromDays(9), "lin").Now);
        Assert.Throws<TrainingException>(() => room.Backtrack(first.Attempt.Id, Duration.Zero, "lin"));
    }

    [Fact]
    public void An_attempt_that_nobody_plays_for_long_is_put_away_and_taken_up_again_where_it_stood()
    {
        var room = Room();
        room.Create(Draft("away"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("away", "lin");
        session.Advance(Duration.FromMinutes(50));
        _time.Advance(TimeSpan.FromMinutes(31));
        room.Begin("away", "other");
        Assert.Null(room.Playing(session.Attempt.Id));
        Assert.Equal(session.Now, room.Find(session.Attempt.Id)!.Now);
    }

    [Fact]
    public void A_moment_at_which_nothing_is_left_to_do_is_no_exercise()
    {
        var refused = Assert.Throws<TrainingException>(() => Room().Create(Draft("late"), SimTime.FromHours(24 * 60), 0, Stop));
        Assert.Contains("begin earlier", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_goes_on_by_itself_at_the_pace_asked_for_until_it_is_paused()
    {
        var room = Room();
        room.Create(Draft("pace"), SimTime.FromHours(6), 0, Stop);
        var session = room.Begin("pace", "he");
        session.Play(600);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(SimTime.FromHours(6.5), session.Now);
        session.Play(0);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(SimTime.FromHours(6.5), session.Now);
        session.Play(3600);
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(session.Now <= SimTime.FromHours(18));
        }

        Assert.Equal(SimTime.FromHours(18), session.Now);
        Assert.False(session.Playing);
    }

    [Fact]
    public void Results_of_a_class_name_each_trainee_once_per_exercise_best_first()
    {
        var room = Room();
        room.Create(Draft("class"), SimTime.FromHours(6), 0, Stop);
        foreach (var trainee in (string[])["a", "b", "a"])
        {
            var session = room.Begin("class", trainee);
            if (trainee == "b")
            {
                session.Decide(new MaintainDecision(Busiest(session), 40 * 3_600_000L));
            }

            room.Score(session.Attempt.Id, stop: Stop);
        }

        var results = TraineeResult.Of(room.Store.Attempts);
        Assert.Equal(["a", "b"], results.Select(r => r.Trainee));
        Assert.Equal(2, results[0].Attempts);
        Assert.StartsWith("maintain", results[1].CostliestDecision, StringComparison.Ordinal);
    }

    private TrainingRoom Room() => new(s_plant, new TrainingStore(s_plant, _folder.FullName), null, _time);

    private static Exercise Draft(string id) => new() { Id = id, Plant = "", StartMs = 0, LengthMs = 12 * 3_600_000L, Seed = 11 };

    private static void TryDecide(AttemptSession session, int kind, int pick)
    {
        try
        {
            if (kind is 0 or 1 or 2 && ReadyPair(session, pick) is var (job, machine))
            {
                session.Decide(kind switch
                {
                    0 => new DispatchDecision(machine, [job]),
                    1 => new MoveDecision(job, machine),
                    _ => new HoldDecision(job, machine, session.Now.Milliseconds + 3_600_000),
                });
            }
            else
            {
                session.Decide(kind == 3 ? new MaintainDecision(Busiest(session), 1_800_000) : new RuleDecision(Enum.GetValues<DispatchRule>()[pick % 5]));
            }
        }
        catch (TrainingException)
        {
            // a decision that is refused is part of the game
        }
    }

    /// <summary>A job that has not begun and a machine that can do it.</summary>
    private static (string Job, string Machine)? ReadyPair(AttemptSession session, int pick)
    {
        var state = session.View().State;
        var open = Enumerable.Range(0, state.Jobs.Length).Where(j => state.Jobs[j].Status is JobStatus.Waiting or JobStatus.Ready).ToList();
        var ready = open.Where(j => state.Jobs[j].Status == JobStatus.Ready).ToList();
        open = ready.Count > 0 ? ready : open;
        if (open.Count == 0)
        {
            return null;
        }

        var job = open[pick % open.Count];
        var machines = Enumerable.Range(0, state.Equipment.Length).Where(e => state.Plant.CanRun(job, e)).ToList();
        return (state.Plant.JobName(job), state.Plant.Plant.Equipment[machines[pick % machines.Count]].Id);
    }

    private static string Busiest(AttemptSession session)
    {
        var state = session.View().State;
        var most = Enumerable.Range(0, state.Equipment.Length).MaxBy(e => Enumerable.Range(0, state.Jobs.Length).Count(j => state.Jobs[j].Status is JobStatus.Waiting or JobStatus.Ready && state.Plant.CanRun(j, e)));
        return state.Plant.Plant.Equipment[most].Id;
    }
}
