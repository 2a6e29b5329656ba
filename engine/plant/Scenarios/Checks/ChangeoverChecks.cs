using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Families that equipment can never come to: forbidden successions without a way round, residue limits below zero.</summary>
internal static class ChangeoverChecks
{
    public static void Run(Scenario scenario, ScenarioNames names, Eligibility eligibility)
    {
        var plant = scenario.Plant;
        ResidueLimits(plant, names);
        var strict = plant.ChangeoverRules.Select((r, i) => r is MatrixChangeover m && names.ChangeoverRules.IsSound(i) && IsStrict(m)).ToArray();
        if (!strict.Any(s => s))
        {
            return;
        }

        var demands = Demands(scenario, names, eligibility);
        var families = FamiliesOn(plant, demands);
        var told = new HashSet<(int Rule, int Family)>();
        var ways = new Dictionary<(int Equipment, int Family), int?>();
        foreach (var demand in demands)
        {
            var dead = demand.Equipment.Select(e => (Equipment: e, From: DeadEnd(plant, names, strict, families, ways, e, demand.Family))).ToList();
            if (dead.TrueForAll(d => d.From is not null) && plant.Equipment[dead[0].Equipment].Changeover is { } rule && told.Add((rule, demand.Family)))
            {
                var from = dead[0].From!.Value < 0 ? "clean equipment" : $"'{plant.Families[dead[0].From!.Value].Id}'";
                names.ChangeoverRules.Sources[rule].Error(ChangeoverRules.Id,
                    $"changeover rule '{plant.ChangeoverRules[rule].Id}': family '{plant.Families[demand.Family].Id}' can never be reached from {from} on '{plant.Equipment[dead[0].Equipment].Id}', and its jobs (first in order '{demand.Order}') have no other equipment",
                    "Allow a succession in changeovers.csv, or give the rule a cleaning.");
            }
        }
    }

    private static void ResidueLimits(PlantModel plant, ScenarioNames names)
    {
        if (!plant.ChangeoverRules.Any(r => r is ResidueChangeover))
        {
            return;
        }

        for (var f = 0; f < plant.Families.Length; f++)
        {
            var row = names.Families.Sources[f];
            if (row.IsSound && plant.Families[f].ResidueLimit <= 0)
            {
                row.Error(FamiliesTable.ResidueLimit, $"residue_limit '{row[FamiliesTable.ResidueLimit].Text}' of family '{plant.Families[f].Id}' is reached by no cleaning: the residue must be below it and is never below 0", "Write a limit > 0.");
            }
        }
    }

    private static bool IsStrict(MatrixChangeover rule) =>
        (rule.Cleaning is null || !rule.FromClean.Allowed) && (!rule.Default.Allowed || !rule.FromClean.Allowed || rule.Pairs.Values.Any(c => !c.Allowed));

    /// <summary>What jobs ask for: a family, and the equipment that may do them.</summary>
    private sealed record Demand(int Family, int[] Equipment, string Order);

    private static List<Demand> Demands(Scenario scenario, ScenarioNames names, Eligibility eligibility)
    {
        var demands = new Dictionary<(int, string), Demand>();
        for (var i = 0; i < scenario.Orders.Length; i++)
        {
            var order = scenario.Orders[i];
            if (!names.Orders.IsSound(i) || !names.Products.IsSound(order.Product))
            {
                continue;
            }

            var w = scenario.Plant.Products[order.Product].WorkMaster.Index;
            for (var o = 0; names.WorkMasters.IsSound(w) && o < scenario.Plant.WorkMasters[w].Operations.Length; o++)
            {
                var operation = scenario.Plant.WorkMasters[w].Operations[o];
                var family = eligibility.FamilyOf(order, operation);
                int[] able = [.. eligibility.IsSoundOperation(w, o) && family >= 0 ? eligibility.Of(w, o).Where(e => eligibility.MayRun(e, order, operation, OrderChecks.LargestLot(order))) : []];
                if (able.Length > 0)
                {
                    demands.TryAdd((family, string.Join(',', able)), new Demand(family, able, order.Id));
                }
            }
        }

        return [.. demands.Values];
    }

    private static HashSet<int>[] FamiliesOn(PlantModel plant, List<Demand> demands)
    {
        var on = plant.Equipment.Select(e => e.InitialFamily is { } initial ? new HashSet<int> { initial } : []).ToArray();
        foreach (var demand in demands)
        {
            foreach (var e in demand.Equipment)
            {
                on[e].Add(demand.Family);
            }
        }

        return on;
    }

    /// <summary>A family (−1 for clean) from which this one can never be reached on the equipment, or <c>null</c> when there is none.</summary>
    private static int? DeadEnd(PlantModel plant, ScenarioNames names, bool[] strict, HashSet<int>[] families, Dictionary<(int, int), int?> ways, int equipment, int family)
    {
        if (!names.Equipment.IsSound(equipment) || plant.Equipment[equipment].Changeover is not { } r || !strict[r])
        {
            return null;
        }

        if (!ways.TryGetValue((equipment, family), out var deadEnd))
        {
            var rule = (MatrixChangeover)plant.ChangeoverRules[r];
            var reaching = new HashSet<int> { family };
            var queue = new Queue<int>([family]);
            while (queue.TryDequeue(out var to))
            {
                foreach (var from in families[equipment].Where(f => rule.Between(new FamilyId(f), new FamilyId(to)).Allowed && reaching.Add(f)))
                {
                    queue.Enqueue(from);
                }
            }

            var clean = plant.Equipment[equipment].InitialFamily is null && !rule.FromClean.Allowed;
            deadEnd = clean ? -1 : families[equipment].Where(f => !reaching.Contains(f)).Select(f => (int?)f).Order().FirstOrDefault();
            ways.Add((equipment, family), deadEnd);
        }

        return deadEnd;
    }
}
