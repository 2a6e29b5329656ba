using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Api;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Components;

/// <summary>What a person does to the schedule in force by hand: tried before, checked by the checker, and taken back with Ctrl+Z.</summary>
public sealed class ScheduleDesk(LiveTwin live, Edits edits, Viewer viewer, IScheduleCheck check)
{
    /// <summary>Whether this person may change the schedule.</summary>
    public bool May => live.May(Permit.Dispatch);

    /// <summary>Machines that can do all jobs of a job's batch, as the schedule in force has it.</summary>
    public IReadOnlyList<int> Targets(int job) =>
        live.View.Schedule.Schedule is { } schedule && (uint)job < (uint)live.Plant.Jobs.JobCount ? PlanMove.Targets(live.Plant, schedule, new JobId(job)) : [];

    /// <summary>What a move would bring about.</summary>
    public async Task<PlanMoveResult> TryAsync(int job, int equipment, SimTime start)
    {
        var view = live.View;
        if (view.Schedule.Schedule is not { } schedule || (uint)job >= (uint)live.Plant.Jobs.JobCount || (uint)equipment >= (uint)live.Plant.Plant.Equipment.Length)
        {
            return new PlanMoveResult(PlanMoveObstacle.NotPlanned, null, Duration.Zero, [], [], 0);
        }

        return await Task.Run(() => PlanMove.Of(new PlanMoveRequest
        {
            Plant = view.State.Plant, From = view.State, Current = schedule, Job = new JobId(job), Equipment = new EquipmentId(equipment), Start = start,
        }));
    }

    /// <summary>The effect of a move in words.</summary>
    public IReadOnlyList<string> Says(PlanMoveResult result)
    {
        var (t, f) = (viewer.T, viewer.F);
        if (result.Obstacle != PlanMoveObstacle.None)
        {
            return result.Says.Length > 0 ? [t[$"move.{result.Obstacle.ToString().ToLowerInvariant()}"], result.Says] : [t[$"move.{result.Obstacle.ToString().ToLowerInvariant()}"]];
        }

        var orders = live.Plant.Scenario.Orders;
        var minutes = result.Tardiness.Minutes;
        var said = new List<string> { Math.Abs(minutes) < 1 ? t["move.same"] : t[minutes > 0 ? "move.later" : "move.earlier", f.Length(minutes > 0 ? result.Tardiness : -result.Tardiness)] };
        if (result.NewlyLate.Length > 0)
        {
            said.Add(t["move.newlylate", result.NewlyLate.Length, string.Join(", ", result.NewlyLate.Take(3).Select(o => orders[o].Id)) + (result.NewlyLate.Length > 3 ? " …" : "")]);
        }

        if (result.Rescued.Length > 0)
        {
            said.Add(t["move.rescued", result.Rescued.Length]);
        }

        said.Add(t["move.shifted", result.Shifted]);
        return said;
    }

    /// <summary>Moves a batch.</summary>
    /// <returns>What went wrong, or <c>null</c>.</returns>
    public async Task<string?> MoveAsync(int job, int equipment, SimTime start)
    {
        var seen = live.View.Schedule;
        var result = await TryAsync(job, equipment, start);
        if (result.Schedule is not { } schedule)
        {
            return string.Join(" ", Says(result));
        }

        var name = viewer.T["move.did", live.Plant.JobName(job), live.Plant.Plant.Equipment[equipment].Id];
        return await ReplaceAsync(seen, schedule with { Origin = seen.Schedule!.Origin }, name);
    }

    /// <summary>Locks a job where it is planned, or frees it.</summary>
    /// <returns>What went wrong, or <c>null</c>.</returns>
    public async Task<string?> LockAsync(int job)
    {
        if (!May)
        {
            return viewer.T["move.forbidden"];
        }

        var locks = !live.View.State.Jobs[job].Locked;
        if (await SetLockAsync(job, locks) is { } problem)
        {
            return problem;
        }

        edits.Did(new Edit(viewer.T[locks ? "move.locks" : "move.unlocks", live.Plant.JobName(job)], () => SetLockAsync(job, !locks), () => SetLockAsync(job, locks)));
        return null;
    }

    private async Task<string?> SetLockAsync(int job, bool locked)
    {
        var place = live.View.Schedule.Schedule?.Batches.FirstOrDefault(b => b.Jobs.Contains(new JobId(job)))?.Equipment.Index ?? -1;
        return await live.CommandAsync(Permit.Dispatch, $"{(locked ? "lock" : "unlock")} {live.Plant.JobName(job)}", _ => live.Session.LockAsync(job, locked, place), done => done ? "done" : "not possible") ? null : viewer.T["move.nolock"];
    }

    /// <summary>Puts another schedule in force instead of the one that was seen, and remembers how to go back.</summary>
    private async Task<string?> ReplaceAsync(ScheduleInForce seen, Schedule schedule, string says)
    {
        if (await PutAsync(schedule, seen.Version) is { } problem)
        {
            return problem;
        }

        // Whoever changed the schedule meanwhile would be overruled by going back: the version that is taken back is named.
        var version = live.Session.ScheduleInForce.Version;
        edits.Did(new Edit(says,
            async () => await StepAsync(seen.Schedule),
            async () => await StepAsync(schedule)));
        return null;

        async Task<string?> StepAsync(Schedule? to)
        {
            var stepped = to is null ? await RevokeAsync(version) : await PutAsync(to, version);
            version = live.Session.ScheduleInForce.Version;
            return stepped is { Length: > 0 } ? stepped : null;
        }
    }

    private async Task<string?> RevokeAsync(int version) => string.Join(" ", (await live.CommandAsync(
        Permit.Dispatch, $"revoke schedule {version}", user => live.Session.RevokeScheduleAsync(version, user), AuditWords.Of)).Problems);

    private async Task<string?> PutAsync(Schedule schedule, int seen)
    {
        if (!May)
        {
            return viewer.T["move.forbidden"];
        }

        if (check.Violations(live.Session.View(), schedule).FirstOrDefault() is { } broken)
        {
            return broken;
        }

        var outcome = await live.CommandAsync(Permit.Dispatch, "put a schedule changed by hand in force", user => live.Session.ApplyScheduleAsync(schedule, seen, user), AuditWords.Of);
        return outcome.Done ? null : string.Join(" ", outcome.Problems);
    }
}
