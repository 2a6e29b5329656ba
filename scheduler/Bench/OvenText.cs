using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Ovens;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Reads the public oven scheduling format (MiniZinc data) with its own objective.</summary>
/// <remarks><see cref="OvenFile"/> reads the same files into a plant; here jobs of overlapping time windows may share a batch, as the benchmark has it.</remarks>
public static class OvenText
{
    /// <exception cref="ImportException">The text breaks the format: file, line, column, value and the way out.</exception>
    /// <exception cref="PlanningException">The numbers make no problem; the message names the job.</exception>
    public static OvenProblem Parse(SourceText source)
    {
        var data = new DznReader(source);
        var (families, ovens, jobs) = (data.Number("a", 1), data.Number("m", 1), data.Number("n", 1));
        var shifts = data.Number("s", 1);
        var (starts, ends) = (data.Matrix("m_a_s", ovens, shifts, 0), data.Matrix("m_a_e", ovens, shifts, 0));
        var (least, most, initial) = (data.List("min_cap", ovens, 0), data.List("max_cap", ovens, 1), data.List("initState", ovens, 0, families + 1));
        if (least.Any(l => l > 0))
        {
            throw data.Fail("min_cap", "an oven has a least load", "only ovens without one can be read; every published file has zeros there");
        }

        var eligible = data.Rows("eligible_machine", jobs, 1, ovens);
        var (release, due, size) = (data.List("earliest_start", jobs, 0), data.List("latest_end", jobs, 0), data.List("size", jobs, 1));
        var (min, max, family) = (data.List("min_time", jobs, 1), data.List("max_time", jobs, 1), data.List("attribute", jobs, 1, families));
        return OvenProblem.Create(
            Enumerable.Range(0, jobs).Select(j => new OvenJob(size[j], family[j] - 1, release[j], due[j], min[j], max[j], [.. eligible[j].Select(m => m - 1)])),
            Enumerable.Range(0, ovens).Select(m => new Oven(most[m], initial[m] >= 1 && initial[m] <= families ? initial[m] - 1 : -1,
                [.. Enumerable.Range(0, shifts).Select(s => (starts[m][s], ends[m][s])).Where(w => w.Item2 > w.Item1).Order()])),
            families,
            [.. data.Matrix("setup_times", families + 1, families, 0).Select(r => (IReadOnlyList<int>)r)],
            [.. data.Matrix("setup_costs", families + 1, families, 0).Select(r => (IReadOnlyList<int>)r)],
            new OvenWeights(Weight("mult_factor_total_runtime"), Weight("mult_factor_finished_toolate"), Weight("mult_factor_total_setuptimes"), Weight("mult_factor_total_setupcosts")));

        long Weight(string name) => Math.Max(0, data.OptionalNumber(name) ?? 0);
    }
}
