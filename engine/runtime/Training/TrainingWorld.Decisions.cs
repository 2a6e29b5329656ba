using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

// What a trainee decides, checked and done.
internal sealed partial class TrainingWorld
{
    /// <summary>Does what was decided, now.</summary>
    /// <exception cref="TrainingException">It is not possible; nothing has changed.</exception>
    public void Decide(Decision decision)
    {
        switch (decision)
        {
            case DispatchDecision d:
                var (machine, jobs) = (MachineOf(d.Equipment), d.Jobs.Select(j => JobOf(j, d.Equipment)).ToList());
                if (jobs.Count == 0)
                {
                    throw new TrainingException("name at least one job, as order/lot/operation");
                }

                Together(d, jobs);
                _board.Put(machine, jobs, before: -1, atFront: true);
                Follow();
                break;
            case MoveDecision m:
                var before = m.Before is null ? -1 : JobOf(m.Before, m.Equipment);
                if (m.Before is not null && !_board.Has(MachineOf(m.Equipment), before))
                {
                    throw new TrainingException($"job '{m.Before}' is not on the board of {m.Equipment}. Maybe leave it out to put {m.Job} at the end");
                }

                _board.Put(MachineOf(m.Equipment), [JobOf(m.Job, m.Equipment)], before, atFront: false);
                Follow();
                break;
            case HoldDecision h:
                if (h.UntilMs <= Now.Milliseconds)
                {
                    throw new TrainingException($"{h.Job} can be held until a later moment only, and it is {Now} already");
                }

                _board.Put(MachineOf(h.Equipment), [JobOf(h.Job, h.Equipment)], -1, atFront: false, new SimTime(h.UntilMs));
                Follow();
                break;
            case FreeDecision f:
                if (!_board.Remove(JobOf(f.Job, null)))
                {
                    throw new TrainingException($"job '{f.Job}' is on no board: the rule decides about it already");
                }

                Follow();
                break;
            case ScheduleDecision s: Apply(s); break;
            case RuleDecision r:
                Rule = r.Rule;
                Follow();
                break;
            case MaintainDecision m:
                if (m.LengthMs <= 0)
                {
                    throw new TrainingException("maintenance takes some time. Maybe 30 minutes");
                }

                Break(new ScriptedFault(0, NameOf(MachineOf(m.Equipment)), m.LengthMs, DisturbanceKind.Maintenance));
                break;
            case AnswerDecision a:
                Answer(
                    _open.Find(o => o.Offer.Order.Id == a.Order)
                        ?? throw new TrainingException(_open.Count == 0 ? "no rush order waits for an answer" : $"'{a.Order}' does not wait for an answer. Maybe one of {string.Join(", ", _open.Select(o => o.Offer.Order.Id))}"),
                    a.Accept);
                break;
            default: throw new TrainingException($"the decision '{decision.GetType().Name}' is unknown");
        }
    }

    private void Apply(ScheduleDecision decision)
    {
        var problems = new List<string>();
        var schedule = decision.Schedule.Read(Names, problems);
        if (problems.Count > 0)
        {
            throw new TrainingException($"the schedule does not fit the plant: {problems[0]}");
        }

        _board.Take(schedule);
        Follow();
    }

    private void Together(DispatchDecision decision, List<int> jobs)
    {
        var key = State.Plant.BatchKeyOf(jobs[0]);
        if (jobs.Distinct().Count() != jobs.Count)
        {
            throw new TrainingException("a job is named twice");
        }

        if (jobs.Count > 1 && jobs.Any(j => State.Plant.BatchKeyOf(j) != key))
        {
            throw new TrainingException($"{string.Join(", ", decision.Jobs)} cannot share a batch: they differ in operation, family or dye lot");
        }
    }

    private int MachineOf(string id) => Names.Equipment(id) is >= 0 and var e ? e : throw new TrainingException($"equipment '{id}' is not in the plant");

    private string NameOf(int equipment) => State.Plant.Plant.Equipment[equipment].Id;

    /// <summary>A job that can still be decided about, on a machine that can do it.</summary>
    private int JobOf(string name, string? equipment)
    {
        var job = Names.Job(name);
        if (job < 0)
        {
            throw new TrainingException($"job '{name}' does not exist. Name it as order/lot/operation");
        }

        if (State.Jobs[job].Status is not (JobStatus.Waiting or JobStatus.Ready))
        {
            throw new TrainingException($"job '{name}' is {State.Jobs[job].Status} already: too late to decide about it");
        }

        return equipment is null || State.Plant.CanRun(job, MachineOf(equipment)) ? job : throw new TrainingException($"{equipment} cannot do {name}");
    }
}
