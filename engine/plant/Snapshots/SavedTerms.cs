using System.Text;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>The policy of a run, and with it the schedule that is followed, as blocks of a snapshot.</summary>
internal static class SavedTerms
{
    public static void Write(StateSave save, DispatchPolicy policy)
    {
        var schedule = policy.Schedule;
        var terms = new Terms(policy.Rule, policy.AtcLookAhead, schedule is not null, schedule?.MadeAt ?? default);
        var batches = schedule is null ? [] : schedule.Batches.Select(b => new Batch(b)).ToArray();
        var jobs = schedule is null ? [] : schedule.Batches.SelectMany(b => b.Jobs).Select(j => j.Index).ToArray();
        var origin = Encoding.UTF8.GetBytes(schedule?.Origin ?? "");
        save.Value(ref terms, null);
        save.Array(ref batches, null);
        save.Array(ref jobs, null);
        save.Array(ref origin, null);
    }

    public static DispatchPolicy Read(StateLoad load)
    {
        var terms = new Terms();
        Batch[] batches = [];
        int[] jobs = [];
        byte[] origin = [];
        load.Value(ref terms, null);
        load.Array(ref batches, null);
        load.Array(ref jobs, null);
        load.Array(ref origin, null);
        var next = 0;
        var planned = batches.Select(b => b.Planned(jobs.AsSpan(next, b.Jobs), ref next)).ToArray();
        return new DispatchPolicy
        {
            Rule = terms.Rule,
            AtcLookAhead = terms.LookAhead,
            Schedule = terms.HasSchedule ? new Schedule { MadeAt = terms.MadeAt, Origin = Encoding.UTF8.GetString(origin), Batches = [.. planned] } : null,
        };
    }

    private readonly record struct Terms(DispatchRule Rule, double LookAhead, bool HasSchedule, SimTime MadeAt);

    private readonly record struct Batch(int Equipment, int Jobs, SimTime SetupStart, SimTime Start, SimTime End, int Family, LockKind Lock, bool Held)
    {
        public Batch(PlannedBatch b)
            : this(b.Equipment, b.Jobs.Length, b.SetupStart, b.Start, b.End, b.Family?.Index ?? -1, b.Lock, b.HoldUntilStart)
        {
        }

        public PlannedBatch Planned(ReadOnlySpan<int> jobs, ref int next)
        {
            next += Jobs;
            return new PlannedBatch
            {
                Equipment = new EquipmentId(Equipment),
                Jobs = [.. jobs.ToArray().Select(j => new JobId(j))],
                SetupStart = SetupStart,
                Start = Start,
                End = End,
                Family = Family >= 0 ? new FamilyId(Family) : null,
                Lock = Lock,
                HoldUntilStart = Held,
            };
        }
    }
}
