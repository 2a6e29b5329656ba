using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Ui.Views;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class ReplanTests : IDisposable
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("replan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_breakdown_of_a_planned_machine_proposes_a_repair_and_nothing_is_applied_without_a_person()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        using var service = Service(sessions);
        await service.LookAsync(Stop);
        Assert.Empty(service.Of(session.Id).Proposals);

        await BreakAsync(session);
        await service.LookAsync(Stop);

        var proposal = Assert.Single(service.Of(session.Id).Proposals);
        Assert.Equal(ProposalStatus.Open, proposal.Status);
        Assert.Contains("broke down", Assert.Single(proposal.Reasons), StringComparison.Ordinal);
        Assert.Contains(proposal.Offer.Moves, m => m.Because == "Breakdown");
        Assert.Equal(1, session.ScheduleInForce.Version);

        var outcome = await service.Of(session.Id).ApplyAsync(session, proposal.Id, 1, "Ms Wu", Stop);
        Assert.True(outcome.Done, string.Join(';', outcome.Problems));
        Assert.Equal((2, "Ms Wu"), (session.ScheduleInForce.Version, session.ScheduleInForce.User));
        Assert.Equal((ProposalStatus.Applied, "Ms Wu", 2), (Only(service, session).Status, Only(service, session).DecidedBy, Only(service, session).AppliedVersion));
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.Of(session.Id).ApplyAsync(session, proposal.Id, 2, "another", Stop));
    }

    [Fact]
    public async Task A_policy_applies_what_lies_within_its_limits_and_says_what_lies_beyond()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        using var service = Service(sessions);
        service.Of(session.Id).SetPolicy(new ReplanPolicy { Mode = ReplanMode.WithinLimits, QuietSeconds = 0, MostMoved = 0, MostNewlyLate = 1000, FrozenMinutes = 0, TimeLimitSeconds = 0.5, Stability = 0 });
        await service.LookAsync(Stop);
        await BreakAsync(session);
        await service.LookAsync(Stop);
        var beyond = Only(service, session);
        Assert.Equal(ProposalStatus.Open, beyond.Status);
        Assert.Contains("the policy allows 0", beyond.BeyondLimits!, StringComparison.Ordinal);
        Assert.Equal(1, session.ScheduleInForce.Version);

        service.Of(session.Id).SetPolicy(service.Of(session.Id).Policy with { MostMoved = 100_000, MostNewlyLate = 100_000 });
        await session.AddOrdersAsync([new OrderDocument { Id = "RUSH", Product = session.Plant.Plant.Products[0].Id, Quantity = 5 }], Stop);
        await service.LookAsync(Stop);

        var applied = service.Of(session.Id).Proposals[0];
        Assert.Contains("RUSH", string.Join(' ', applied.Reasons), StringComparison.Ordinal);
        Assert.Equal((ProposalStatus.Applied, "policy"), (applied.Status, applied.DecidedBy));
        Assert.Equal((2, "policy"), (session.ScheduleInForce.Version, session.ScheduleInForce.User));
        Assert.Equal(ProposalStatus.Outdated, service.Of(session.Id).Proposals[1].Status);
    }

    [Fact]
    public async Task A_proposal_is_outdated_as_soon_as_another_schedule_is_in_force()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        using var service = Service(sessions);
        var proposal = service.Of(session.Id).Ask(session, "Li", Stop)!;

        await session.ApplyScheduleAsync(session.ScheduleInForce.Schedule!, 1, "another", Stop);
        var late = await service.Of(session.Id).ApplyAsync(session, proposal.Id, 2, "Li", Stop); // saw version 2, the proposal repairs 1
        await service.LookAsync(Stop);

        Assert.True(late.IsConflict);
        Assert.Equal(ProposalStatus.Outdated, Only(service, session).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.Of(session.Id).ApplyAsync(session, proposal.Id, 1, "Li", Stop));
    }

    [Fact]
    public async Task Of_many_dispatchers_who_saw_the_same_version_exactly_one_wins_and_the_others_are_told_who()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        var schedule = session.ScheduleInForce.Schedule!;

        for (var round = 1; round <= 10; round++)
        {
            var seen = session.ScheduleInForce.Version;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => session.ApplyScheduleAsync(schedule, seen, $"dispatcher {i}", Stop))));

            var winner = Assert.Single(outcomes, o => o.Done);
            Assert.All(outcomes.Where(o => !o.Done), o => Assert.True(o.IsConflict && o.Problems[0].Contains(winner.InForce.User, StringComparison.Ordinal)));
            Assert.Equal(seen + 1, session.ScheduleInForce.Version);
        }
    }

    [Fact]
    public async Task Those_who_change_the_plan_see_each_other_until_they_are_done()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        using var service = Service(sessions);

        service.Edit(session.Id, "Li", "moving B7 to V02", 1);
        service.Edit(session.Id, "Wu", "locking V03", 1);
        Assert.Equal(["Li", "Wu"], service.Edits(session.Id).Select(e => e.User));
        service.EndEdit(session.Id, "Li");

        Assert.Equal("locking V03", Assert.Single(service.Edits(session.Id)).What);
    }

    [Fact]
    public async Task The_policy_survives_a_restart_and_one_out_of_range_is_refused()
    {
        await using var sessions = new SessionRegistry();
        var session = await PlannedAsync(sessions);
        using (var service = Service(sessions))
        {
            service.Of(session.Id).SetPolicy(new ReplanPolicy { Mode = ReplanMode.Off, MostMoved = 7 });
            Assert.Throws<ArgumentException>(() => service.Of(session.Id).SetPolicy(new ReplanPolicy { Stability = -1 }));
        }

        using var again = Service(sessions);
        Assert.Equal((ReplanMode.Off, 7), (again.Of(session.Id).Policy.Mode, again.Of(session.Id).Policy.MostMoved));
        await again.LookAsync(Stop);
        await BreakAsync(session);
        await again.LookAsync(Stop);
        Assert.Empty(again.Of(session.Id).Proposals);
    }

    private static ReplanProposal Only(ReplanService service, TwinSession session) => Assert.Single(service.Of(session.Id).Proposals);

    private ReplanService Service(SessionRegistry sessions) =>
        new(sessions, new PlanRepairer(), id => Path.Combine(_folder, id, "replan.json"), TimeProvider.System, NullLogger<ReplanService>.Instance);

    /// <summary>A plant that has gone by a schedule for some hours.</summary>
    private static async Task<TwinSession> PlannedAsync(SessionRegistry sessions)
    {
        var schedule = DispatchSchedule.Build(SmallTwin.Plant, DispatchRule.Edd);
        var session = await sessions.OpenAsync(SmallTwin.Plant, new TwinSessionOptions { SnapshotAge = TimeSpan.Zero });
        Assert.True((await session.ApplyScheduleAsync(schedule, 0, "planner", Stop)).Done);
        return session;
    }

    private static async Task BreakAsync(TwinSession session)
    {
        var machine = session.ScheduleInForce.Schedule!.Batches.GroupBy(b => b.Equipment.Index).MaxBy(g => g.Count())!.Key;
        var receipt = await session.IngestAsync(
            [new Observation { Id = Guid.NewGuid().ToString("N"), Kind = nameof(PlantEventKind.EquipmentDown), Equipment = session.Plant.Plant.Equipment[machine].Id, Value = 8 * 3.6e6, Time = PlantMoment.At(session.Now) }],
            cancellation: Stop);
        Assert.Equal(1, receipt.Accepted);
    }
}
