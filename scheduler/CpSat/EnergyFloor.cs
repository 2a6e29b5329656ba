using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>The least that the electricity of a task can cost on a machine: its energy at the lowest price the tariff ever has.</summary>
internal static class EnergyFloor
{
    public static double Of(SchedulingProblem problem, int task, int equipment)
    {
        if (problem.Plant.TariffOf(equipment) is not { } tariff)
        {
            return 0;
        }

        var lowest = double.MaxValue;
        for (var i = 0; i < tariff.Count; i++)
        {
            lowest = Math.Min(lowest, tariff.Step(i).Price);
        }

        var batch = new PlannedBatch
        {
            Equipment = new EquipmentId(equipment), Jobs = [new JobId(problem.Tasks[task].Job)], SetupStart = problem.Now, Start = problem.Now,
            End = problem.Now + new Duration(problem.Tasks[task].OptionOn(equipment).Time),
        };
        return problem.Tasks[task].BatchKey >= 0 ? 0 : EnergyProfile.Of(problem.Plant, batch).Sum(p => p.Kw * (p.End - p.Start).Hours) * Math.Max(0, lowest);
    }
}
