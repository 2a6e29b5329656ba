using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>routings.csv: one row per operation.</summary>
internal static class RoutingTable
{
    private static readonly Field<string> s_routing = new("routing", Types.Id, "The routing; its operations are the rows with the same routing.") { Required = true, Example = "cotton-dark" };
    private static readonly Field<string> s_routingName = new("routing_name", Types.Text, "Name of the routing, on its first row.") { Otherwise = "the id", Example = "Cotton, dark" };
    private static readonly Field<string> s_routingNameZh = new("routing_name_zh", Types.Text, "Chinese name of the routing, on its first row.") { Otherwise = "the name", Example = "深色棉" };
    public static readonly Field<string> Operation = new("operation", Types.Id, "The operation, unique in its routing.") { Required = true, Example = "dye" };
    private static readonly Field<string> s_name = Labels.Name("the operation");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the operation");
    public static readonly Field<ImmutableArray<string>> Alternatives = new("alternatives", Types.List, "Equipment classes or machines that can do it. An id that is both means the class; `equipment:id` means the machine.") { Default = [], Otherwise = "those of operation_alternatives.csv", Example = "vat" };
    private static readonly Field<ImmutableArray<string>> s_after = new("after", Types.List, "Operations of the routing that must end first; `-` for none.") { Default = [], Otherwise = "the row before", Example = "scour; wind" };
    private static readonly Field<Distribution> s_fixed = new("fixed_time", Types.TimeDistribution, "Time per batch or lot; phases add to it.") { Default = Distribution.Constant(0), Otherwise = "0", Example = "25 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Distribution> s_unit = new("unit_time", Types.TimeDistribution, "Time per unit of quantity.") { Default = Distribution.Constant(0), Otherwise = "0", Example = "40 s", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Distribution> s_variation = new("variation", Types.NumberDistribution, "Luck of one execution: a factor on the whole time.") { Default = Distribution.Constant(1), Otherwise = "1", Example = "lognormal(median 1, sigma 0.1)" };
    private static readonly Field<Duration> s_setup = new("setup", Types.Time(), "Setup before it, beyond the family changeover.") { Otherwise = "0", Example = "15 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<bool> s_batches = new("batches", Types.YesNo, "Whether lots of one family may be processed together up to the capacity.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<bool> s_same = new("same_equipment", Types.YesNo, "Whether lots of one dye lot are all done on the equipment that took the first of them, one after the other.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<bool> s_interruptible = new("interruptible", Types.YesNo, "Whether it pauses at the end of a shift and goes on in the next.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<bool> s_workFactor = new("uses_work_factor", Types.YesNo, "Whether the product's work factor multiplies its times.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<Duration> s_minWait = new("min_wait", Types.Time(), "Shortest wait before the next operation (cooling).") { Otherwise = "0", Example = "2 h", HeadingUnits = DurationText.HeadingUnits };
    public static readonly Field<Duration> MaxWait = new("max_wait", Types.Time(), "Longest wait before the next operation. A lot whose wait is about to be over goes before others.") { Otherwise = "may wait for ever", Example = "8 h", HeadingUnits = DurationText.HeadingUnits };
    public static readonly Field<AfterMaxWait> AfterMaxWait = new("after_max_wait", Types.OneOf<AfterMaxWait>(), "What becomes of a lot that no machine has taken up when max_wait is over: it is counted and goes on, this operation is done again, or the lot is scrapped and this operation is done again with new goods.") { Otherwise = "count", Example = "repeat" };
    private static readonly Field<string> s_family = new("family", Types.Id, "Family of this step (its tool or fixture), overriding order and product.") { Otherwise = "of the order, else of the product", Example = "mould-12" };
    public static readonly Field<ImmutableArray<string>> Auxiliaries = new("auxiliaries", Types.List, "Auxiliary resources held from start to end, `*` how many.") { Default = [], Otherwise = "none", Example = "operator; frame*4" };
    public static readonly Field<CrewNeed> Crew = CrewText.Need("crew", "People at work from start to end; they leave a batch that stands still. Not beside phases with a crew.");
    public static readonly Field<ImmutableArray<string>> Requires = new("requires", Types.List, "Capabilities that the equipment must have.") { Default = [], Otherwise = "none", Example = "pressure" };
    private static readonly Field<double> s_addition = new("addition_probability", Types.Share, "Probability that a batch needs an addition: more time on the same equipment.") { Otherwise = "0", Example = "0.15" };
    public static readonly Field<Distribution> AdditionTime = new("addition_time", Types.TimeDistribution, "Time of an addition.") { Default = Distribution.Constant(0), Otherwise = "0", Example = "uniform(1 h, 2 h)", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_rework = new("rework_probability", Types.Share, "Probability that it must be done again (redye, rework).") { Otherwise = "0", Example = "0.05" };
    private static readonly Field<double> s_scrap = new("scrap_fraction", Types.Share, "Share of the quantity that is scrapped.") { Otherwise = "0", Example = "0.02" };
    private static readonly Field<double> s_falloff = new("addition_falloff", Types.Number(max: 1), "Factor on the addition's probability with each addition made.") { Default = 1, Otherwise = "1", Example = "0.5" };
    private static readonly Field<int> s_maxAdditions = new("max_additions", Types.Whole(0, 100), "Additions before the sample is judged without another.") { Default = Model.Operation.UsualMaxAdditions, Otherwise = "5", Example = "2" };
    private static readonly Field<Distribution> s_reworkTime = new("rework_time", Types.TimeDistribution, "Time that a repetition takes beyond the operation itself (stripping).") { Default = Distribution.Constant(0), Otherwise = "0", Example = "2 h", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_loss = new("loss_probability", Types.Share, "Probability that a batch is lost: all of it is scrapped, and a make-up lot is made here from new material.") { Otherwise = "0", Example = "0.01" };
    public static readonly Field<ImmutableArray<string>> ReworkBy = new("rework_by", Types.List, "Operations of this routing that mend a batch whose sample asks for a repetition, one after the other, as child jobs on any equipment that can do them (strip; redye). They are done only then; what follows this operation follows the last of them.") { Default = [], Otherwise = "the operation itself is repeated", Example = "strip; redye" };
    public static readonly Field<Duration> KitLead = new("kit_lead", Types.Time(), "Time to stage all its material as a kit: the material is asked for when the order is released, and the operation starts no sooner than this after all of it is there.") { Otherwise = "nothing is staged", Example = "90 min", HeadingUnits = DurationText.HeadingUnits };

    public static readonly Field<bool> CountPieces = new("count_pieces", Types.YesNo, "Whether the machine counts: a lot is worked piece by piece, and unit_time, variation and scrap are drawn anew for each piece. Not beside phases or batches.") { Otherwise = "no", Example = "yes" };

    public static readonly Shape Shape = new("routings.csv", "Routings (recipes): one row per operation. Required.",
        s_routing, s_routingName, s_routingNameZh, Operation, s_name, s_nameZh, Alternatives, s_after, s_fixed, s_unit, s_variation, s_setup, s_batches, s_interruptible,
        s_workFactor, s_minWait, MaxWait, s_family, Auxiliaries, Crew, Requires, s_addition, AdditionTime, s_rework, s_scrap, s_falloff, s_maxAdditions, s_reworkTime, s_loss, s_same, CountPieces,
        ReworkBy, KitLead, AfterMaxWait);

    public static ImmutableArray<WorkMaster> Read(List<SourceRecord> rows, OperationDetails details, ScenarioNames names)
    {
        var routings = ImmutableArray.CreateBuilder<WorkMaster>();
        foreach (var group in rows.GroupBy(r => r.Get(s_routing), StringComparer.Ordinal))
        {
            var source = group.ToList();
            names.WorkMasters.Add(source[0], s_routing);
            var order = OperationOrder.Of(source, Operation, s_after, ReworkBy);
            var sorted = order.Rows.Select(i => source[i]).ToList();
            names.Operations.Add(sorted);
            routings.Add(new WorkMaster
            {
                Id = group.Key,
                Name = Labels.Read(source[0], s_routingName, s_routingNameZh, group.Key),
                Operations = [.. sorted.Select((r, i) => ReadOperation(r, group.Key, order.Predecessors[i], details, names) with { ReworkBy = order.ReworkBy[i] })],
            });
        }

        return routings.ToImmutable();
    }

    private static Operation ReadOperation(SourceRecord r, string routing, ImmutableArray<int> predecessors, OperationDetails details, ScenarioNames names)
    {
        var id = r.Get(Operation);
        var operation = new Operation
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Alternatives = details.Alternatives(r, Alternatives, (routing, id), names),
            Predecessors = predecessors,
            FixedTime = r.Get(s_fixed),
            UnitTime = r.Get(s_unit),
            Variation = r.Get(s_variation),
            Phases = [.. details.Phases[(routing, id)]],
            Setup = r.Get(s_setup),
            Batches = r.Get(s_batches),
            Interruptible = r.Get(s_interruptible),
            UsesWorkFactor = r.Get(s_workFactor),
            MinWait = r.Get(s_minWait),
            MaxWait = r.GetOrNull(MaxWait),
            AfterMaxWait = r.Get(AfterMaxWait),
            Family = names.Families.Resolve(r, s_family) is { } family ? new FamilyId(family) : null,
            Auxiliaries = [.. Needs(r, names)],
            Crew = r.GetOrNothing(Crew),
            Requires = [.. r.Items(Requires).Select(c => c.Text)],
            AdditionProbability = r.Get(s_addition),
            AdditionTime = r.Get(AdditionTime),
            ReworkProbability = r.Get(s_rework),
            ScrapFraction = r.Get(s_scrap),
            AdditionFalloff = r.Get(s_falloff),
            MaxAdditions = r.Get(s_maxAdditions),
            ReworkTime = r.Get(s_reworkTime),
            LossProbability = r.Get(s_loss),
            SameEquipment = r.Get(s_same),
            CountPieces = r.Get(CountPieces),
            KitLead = r.GetOrNull(KitLead),
        };
        if (operation.MaxWait is { } max && max < operation.MinWait)
        {
            r.Error(MaxWait, $"max_wait '{r[MaxWait].Text}' is shorter than min_wait '{r[s_minWait].Text}'", "Maybe the two are swapped?");
        }

        return operation;
    }

    private static IEnumerable<AuxiliaryNeed> Needs(SourceRecord r, ScenarioNames names)
    {
        foreach (var item in r.Items(Auxiliaries))
        {
            var star = item.Text.LastIndexOf('*');
            var counted = star > 0 && names.Auxiliaries.Find(item.Text) is null;
            var count = 1;
            if (counted && (!int.TryParse(item.Text.AsSpan(star + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1))
            {
                r.Error(item, $"auxiliaries '{item.Text}' has no count ≥ 1 after '*'", "Write it like frame*4.");
                continue;
            }

            if (names.Auxiliaries.Resolve(r, Auxiliaries, counted ? item with { Text = item.Text[..star].Trim() } : item) is { } auxiliary)
            {
                yield return new AuxiliaryNeed(new AuxiliaryId(auxiliary), count);
            }
        }
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var routing in plant.WorkMasters)
        {
            for (var i = 0; i < routing.Operations.Length; i++)
            {
                var op = routing.Operations[i];
                var row = table.Row().Set(s_routing, routing.Id);
                _ = i == 0 ? row.SetLabel(s_routingName, s_routingNameZh, routing.Name, routing.Id) : row;
                row.Set(Operation, op.Id).SetLabel(s_name, s_nameZh, op.Name, op.Id)
                    .Set(Alternatives, OperationDetails.HasOwnTimes(op) ? [] : [.. op.Alternatives.Select(a => OperationDetails.NameOf(a, plant))])
                    .Set(s_after, After(routing, i))
                    .Set(s_fixed, op.FixedTime).Set(s_unit, op.UnitTime).Set(s_variation, op.Variation)
                    .Set(s_setup, op.Setup).Set(s_batches, op.Batches).Set(s_interruptible, op.Interruptible).Set(s_workFactor, op.UsesWorkFactor)
                    .Set(s_minWait, op.MinWait).SetOrNone(MaxWait, op.MaxWait)
                    .SetOrNone(s_family, op.Family is { } f ? plant.Families[f].Id : null)
                    .Set(Auxiliaries, [.. op.Auxiliaries.Select(a => NeedText(plant.Auxiliaries[a.Auxiliary].Id, a.Count))])
                    .SetOrNone(Crew, op.Crew).Set(Requires, op.Requires)
                    .Set(s_addition, op.AdditionProbability).Set(AdditionTime, op.AdditionTime).Set(s_rework, op.ReworkProbability).Set(s_scrap, op.ScrapFraction)
                    .Set(s_falloff, op.AdditionFalloff).Set(s_maxAdditions, op.MaxAdditions).Set(s_reworkTime, op.ReworkTime).Set(s_loss, op.LossProbability).Set(s_same, op.SameEquipment).Set(CountPieces, op.CountPieces)
                    .Set(ReworkBy, [.. op.ReworkBy.Select(r => routing.Operations[r].Id)]).SetOrNone(KitLead, op.KitLead).Set(AfterMaxWait, op.AfterMaxWait);
            }
        }
    }

    private static ImmutableArray<string> After(WorkMaster routing, int i)
    {
        if (IsRework(i))
        {
            return [];
        }

        var before = i - 1;
        while (before >= 0 && IsRework(before))
        {
            before--;
        }

        return AfterOf(routing, i, before);

        bool IsRework(int k) => routing.Operations.Any(o => o.ReworkBy.Contains(k));
    }

    private static ImmutableArray<string> AfterOf(WorkMaster routing, int i, int before) => routing.Operations[i].Predecessors switch
    {
        [] => before < 0 ? [] : ["-"],
        [var only] when only == before => [],
        var several => [.. several.Select(p => routing.Operations[p].Id)],
    };

    private static string NeedText(string id, int count) => count == 1 && !id.Contains('*', StringComparison.Ordinal) ? id : FormattableString.Invariant($"{id}*{count}");
}
