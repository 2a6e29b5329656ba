using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Files of the Oven Scheduling Problem (MiniZinc data): parallel batches, incompatible families, setups, shifts, lateness.</summary>
/// <remarks>
/// Ovens become equipment with capacity, calendar and initial family; attributes become families; the setup matrices (times and
/// costs) one changeover rule; a job becomes an order with its size as quantity, earliest start as release and latest end as due
/// date. A unit of time is read as one minute.
/// <para>Jobs may share a batch when their family, their eligible ovens and their time window are the same: a routing stands for
/// the two latter, and a batch runs for the shortest time allowed. The benchmark itself also lets jobs with overlapping windows
/// share a batch, so every schedule of the scenario is one of the benchmark, but not the other way round. Shifts that touch are
/// one window here. The benchmark's weights are kept in the description; its number of late jobs is represented by tardiness.</para>
/// </remarks>
public static class OvenFile
{
    /// <summary>Reads a file; <c>.gz</c> and <c>archive.tar.gz:member</c> are unpacked.</summary>
    /// <exception cref="ImportException">The file breaks the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Scenario Read(string path) => Parse(SourceText.Read(path));

    public static Scenario Parse(SourceText source)
    {
        var data = new DznReader(source);
        var families = data.Number("a", 1);
        var ovens = data.Number("m", 1);
        var jobs = data.Number("n", 1);
        var horizon = data.Number("l", 1);
        var (routings, routingOf) = Routings(data, jobs, ovens);
        var plant = new PlantModel
        {
            Sites = BenchmarkPlant.OneSite,
            EquipmentClasses = [new EquipmentClass { Id = "oven", Name = new Label("Oven", "烘箱") }],
            Families = [.. Enumerable.Range(1, families).Select(f => new Family { Id = $"A{f}", Name = new Label($"Attribute {f}", $"属性{f}") })],
            ChangeoverRules = [Setups(data, families)],
            Calendars = Shifts(data, ovens),
            Equipment = Ovens(data, ovens, families),
            WorkMasters = routings,
            Products = [.. routings.Select((r, i) => new Product { Id = r.Id.Replace('R', 'P'), Name = r.Name, WorkMaster = new WorkMasterId(i) })],
        };
        return new Scenario
        {
            Id = BenchmarkPlant.NameOf(source.Name),
            Name = BenchmarkPlant.NameOf(source.Name),
            Description = $"Oven scheduling {Path.GetFileName(source.Name)}: {jobs} jobs on {ovens} ovens in {families} families; one unit of time is read as one minute. "
                + $"Weights of the benchmark: run time {data.OptionalNumber("mult_factor_total_runtime")}, late jobs {data.OptionalNumber("mult_factor_finished_toolate")}, "
                + $"setup times {data.OptionalNumber("mult_factor_total_setuptimes")}, setup costs {data.OptionalNumber("mult_factor_total_setupcosts")}.",
            Clock = new PlantClock(BenchmarkPlant.Epoch, "UTC"),
            Horizon = BenchmarkPlant.Units(horizon),
            Plant = plant,
            Orders = Orders(data, jobs, families, routingOf),
            Objective = new ObjectiveWeights
            {
                Tardiness = 1,
                ChangeoverTime = Math.Max(0, data.OptionalNumber("mult_factor_total_setuptimes") ?? 0) > 0 ? 1 : 0,
                ChangeoverCost = Math.Max(0, data.OptionalNumber("mult_factor_total_setupcosts") ?? 0) > 0 ? 1 : 0,
            },
        };
    }

    private static MatrixChangeover Setups(DznReader data, int families)
    {
        var times = data.Matrix("setup_times", families + 1, families, 0);
        var costs = data.Matrix("setup_costs", families + 1, families, 0);
        if (times[families].Distinct().Count() > 1 || costs[families].Distinct().Count() > 1)
        {
            throw data.Fail("setup_times", "the last row (from no state) differs by attribute", "only one setup from no state is supported; every published file has zeros there");
        }

        var pairs = ImmutableDictionary.CreateBuilder<(FamilyId, FamilyId), Changeover>();
        for (var from = 0; from < families; from++)
        {
            for (var to = 0; to < families; to++)
            {
                pairs.Add((new FamilyId(from), new FamilyId(to)), new Changeover(BenchmarkPlant.Units(times[from][to]), costs[from][to]));
            }
        }

        return new MatrixChangeover
        {
            Id = "setup", Pairs = pairs.ToImmutable(), FromClean = new Changeover(BenchmarkPlant.Units(times[families][0]), costs[families][0]),
        };
    }

    private static ImmutableArray<Equipment> Ovens(DznReader data, int ovens, int families)
    {
        var min = data.List("min_cap", ovens, 0);
        var max = data.List("max_cap", ovens, 1);
        var initial = data.List("initState", ovens, 0, families + 1);
        return [.. Enumerable.Range(0, ovens).Select(m => new Equipment
        {
            Id = $"M{m + 1}",
            Name = new Label($"Oven {m + 1}", $"烘箱{m + 1}"),
            Class = new EquipmentClassId(0),
            Site = new SiteId(0),
            CapacityMin = min[m],
            CapacityNominal = max[m],
            CapacityMax = max[m],
            InitialFamily = initial[m] >= 1 && initial[m] <= families ? new FamilyId(initial[m] - 1) : null,
            Changeover = new ChangeoverRuleId(0),
            Calendar = new CalendarId(m),
        })];
    }

    /// <summary>A calendar per oven: no weekly windows, only dated ones. A shift past midnight is cut there and joined again when read.</summary>
    private static ImmutableArray<WorkCalendar> Shifts(DznReader data, int ovens)
    {
        const int day = 24 * 60;
        var shifts = data.Number("s", 1);
        var starts = data.Matrix("m_a_s", ovens, shifts, 0);
        var ends = data.Matrix("m_a_e", ovens, shifts, 0);
        return [.. Enumerable.Range(0, ovens).Select(m => new WorkCalendar
        {
            Id = $"shifts-M{m + 1}",
            Name = new Label($"Shifts of oven {m + 1}", $"烘箱{m + 1}班次"),
            Windows = [],
            Exceptions = [.. Enumerable.Range(0, shifts)
                .SelectMany(s => Pieces(starts[m][s], ends[m][s]))
                .GroupBy(p => p.Day)
                .OrderBy(g => g.Key)
                .Select(g => new CalendarException(DateOnly.FromDateTime(BenchmarkPlant.Epoch).AddDays(g.Key), [.. g.Select(p => (p.Start, p.End)).Distinct().Order()]))],
        })];

        static IEnumerable<(int Day, TimeOnly Start, TimeOnly End)> Pieces(int start, int end)
        {
            for (var from = start; from < end; from = (from / day + 1) * day)
            {
                var to = Math.Min(end, (from / day + 1) * day);
                yield return (from / day, Clock(from), Clock(to));
            }
        }

        static TimeOnly Clock(int minutes) => new(minutes % day / 60, minutes % 60);
    }

    private static (ImmutableArray<WorkMaster> Routings, int[] RoutingOf) Routings(DznReader data, int jobs, int ovens)
    {
        var eligible = data.Rows("eligible_machine", jobs, 1, ovens);
        var min = data.List("min_time", jobs, 1);
        var max = data.List("max_time", jobs, 1);
        var known = new Dictionary<(string Ovens, int Min, int Max), int>();
        var routings = ImmutableArray.CreateBuilder<WorkMaster>();
        var routingOf = new int[jobs];
        for (var j = 0; j < jobs; j++)
        {
            if (eligible[j].IsEmpty || min[j] > max[j])
            {
                throw eligible[j].IsEmpty
                    ? data.Fail("eligible_machine", $"job {j + 1} may use no oven", "name at least one")
                    : data.Fail("max_time", $"job {j + 1} may run for {min[j]} to {max[j]}", "the longest time must not be below the shortest");
            }

            var machines = eligible[j].Distinct().Order().ToArray();
            var key = (string.Join('+', machines), min[j], max[j]);
            if (!known.TryGetValue(key, out routingOf[j]))
            {
                known.Add(key, routingOf[j] = routings.Count);
                routings.Add(Routing(routings.Count + 1, machines, min[j], max[j]));
            }
        }

        return (routings.ToImmutable(), routingOf);
    }

    private static WorkMaster Routing(int number, int[] machines, int min, int max)
    {
        var name = new Label($"{min}–{max} min on {string.Join(", ", machines.Select(m => $"M{m}"))}", $"{min}–{max}分钟 {string.Join("、", machines.Select(m => $"M{m}"))}");
        return new WorkMaster
        {
            Id = $"R{number}",
            Name = name,
            Operations =
            [
                new Operation
                {
                    Id = "bake",
                    Name = new Label("Bake", "烘烤"),
                    Alternatives = [.. machines.Select(m => new Alternative { Equipment = new EquipmentId(m - 1) })],
                    FixedTime = BenchmarkPlant.ConstantUnits(min),
                    Batches = true,
                },
            ],
        };
    }

    private static ImmutableArray<Order> Orders(DznReader data, int jobs, int families, int[] routingOf)
    {
        var start = data.List("earliest_start", jobs, 0);
        var end = data.List("latest_end", jobs, 0);
        var size = data.List("size", jobs, 1);
        var attribute = data.List("attribute", jobs, 1, families);
        return [.. Enumerable.Range(0, jobs).Select(j => new Order
        {
            Id = $"J{j + 1}",
            Product = new ProductId(routingOf[j]),
            Quantity = size[j],
            Family = new FamilyId(attribute[j] - 1),
            Release = SimTime.Zero + BenchmarkPlant.Units(start[j]),
            Due = SimTime.Zero + BenchmarkPlant.Units(end[j]),
        })];
    }
}
