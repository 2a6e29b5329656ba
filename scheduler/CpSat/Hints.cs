using DigitalTwin.Scheduler.Construction;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>Tells the solver where a known plan lies.</summary>
internal static class Hints
{
    public static void From(IEnumerable<PlanBatch> plan, CpModel model, Variables variables, Ticks ticks)
    {
        foreach (var batch in plan.Where(b => variables.Scope.Inside[b.Tasks[0]]))
        {
            var leader = batch.Tasks.Min();
            var own = variables.Batches[leader];
            if (own.HasSetup)
            {
                Hint(own.SetupStart, batch.SetupStart);
            }

            Hint(own.Start, batch.Start);
            Hint(own.End, batch.End);
            for (var k = 0; k < own.Uses.Length; k++)
            {
                model.AddHint(own.Uses[k], own.Task.Options[k].Equipment == batch.Equipment ? 1 : 0);
            }

            foreach (var task in batch.Tasks)
            {
                foreach (var (at, join) in variables.LeadersOf(task))
                {
                    model.AddHint(join, at == leader ? 1 : 0);
                }

                if (variables.Batches[task] is { } member && member.JobStart.Index != member.Start.Index)
                {
                    Hint(member.JobStart, batch.Start);
                    Hint(member.JobEnd, batch.End);
                    model.AddHint((BoolVar)member.Open, task == leader ? 1 : 0);
                }
            }
        }

        void Hint(IntVar variable, long time) => model.AddHint(variable, ticks.Of(time - ticks.Origin));
    }
}
