using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>scenario.yaml: fixture_loops.</summary>
internal static class FixtureLoops
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The loop.") { Required = true, Example = "foaming-loop" };
    private static readonly Field<string> s_name = Labels.Name("the loop");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the loop");
    private static readonly Field<string> s_enter = new("enter", Types.Id, "Equipment class: a unit takes a fixture of its family for the operation there.") { Required = true, Example = "foaming" };
    private static readonly Field<string> s_leave = new("leave", Types.Id, "Equipment class: it gives the fixture back when the operation there ends; may be the same.") { Required = true, Example = "demould" };
    private static readonly Field<Duration> s_change = new("change", Types.Time(), "Time to fit a fixture to another family, off the loop.") { Otherwise = "0", Example = "8 min" };
    private static readonly Field<int> s_places = new("change_places", Types.Whole(1), "Fixtures that can be changed side by side.") { Otherwise = "any number", Example = "2" };
    private static readonly Field<Duration> s_return = new("return", Types.Time(), "Time that an empty fixture takes back to the beginning of the loop.") { Otherwise = "0", Example = "40 s" };

    private static readonly Field<string> s_family = new("family", Types.Id, "Family that they hold at the start.") { Required = true, Example = "cabinet-210" };
    private static readonly Field<int> s_count = new("count", Types.Whole(1), "How many.") { Required = true, Example = "4" };
    private static readonly MapsField s_fixtures = new("fixtures", new Shape("fixtures", "Fixtures by family.", s_family, s_count), "Fixtures by the family that they hold at the start.") { Otherwise = "no fixtures" };

    public static readonly Shape Shape = new("fixture_loops", "Loops of fixtures that each hold one family: a unit goes through part of its routing in one. Where a family lacks fixtures, ones that nobody waits for are changed.", s_id, s_name, s_nameZh, s_enter, s_leave, s_change, s_places, s_return, s_fixtures);

    public static ImmutableArray<FixtureCircuit> Read(IEnumerable<SourceRecord> loops, ImmutableArray<WorkMaster> routings, ImmutableArray<Equipment> equipment, ScenarioNames names)
    {
        var circuits = ImmutableArray.CreateBuilder<FixtureCircuit>();
        foreach (var r in loops)
        {
            var enter = names.EquipmentClasses.Resolve(r, s_enter);
            var leave = names.EquipmentClasses.Resolve(r, s_leave);
            var fixtures = r.Maps(s_fixtures).Select(f => (Family: names.Families.Resolve(f, s_family), Count: f.Get(s_count))).ToList();
            if (r.IsSound && fixtures.Count == 0)
            {
                r.Error(s_fixtures, $"loop '{r.Get(s_id)}' has no fixtures: nothing could enter it", "Give it a family and a count.");
            }

            if (enter is not { } from || leave is not { } to)
            {
                continue;
            }

            var circuit = new FixtureCircuit
            {
                Id = r.Get(s_id), Name = Labels.Read(r, s_name, s_nameZh, r.Get(s_id)), Enter = new EquipmentClassId(from), Leave = new EquipmentClassId(to),
                Change = r.Get(s_change), ChangePlaces = r.GetOrNull(s_places), Return = r.Get(s_return),
                Fixtures = [.. fixtures.Where(f => f.Family is not null).Select(f => new FixtureCount(new FamilyId(f.Family!.Value), f.Count))],
            };
            Check(r, circuit, routings, equipment);
            circuits.Add(circuit);
        }

        return circuits.ToImmutable();
    }

    private static void Check(SourceRecord r, FixtureCircuit circuit, ImmutableArray<WorkMaster> routings, ImmutableArray<Equipment> equipment)
    {
        bool IsAt(Operation operation, EquipmentClassId at) =>
            operation.Alternatives is [var first, ..] && (first.Class ?? equipment[first.Equipment!.Value].Class) == at;

        foreach (var routing in routings)
        {
            var enters = routing.Operations.ToList().FindIndex(o => IsAt(o, circuit.Enter));
            if (!r.IsSound || enters < 0)
            {
                continue;
            }

            if (routing.Operations[enters].Batches)
            {
                r.Error(s_enter, $"operation '{routing.Operations[enters].Id}' of routing '{routing.Id}' is done in batches, but a fixture holds one unit", "Let the loop begin at an operation of single lots.");
            }
            else if (!routing.Operations.Skip(enters).Any(o => IsAt(o, circuit.Leave)))
            {
                r.Error(s_leave, $"routing '{routing.Id}' enters loop '{circuit.Id}' and has no operation at '{r[s_leave].Text}' after that: it would keep its fixture for ever", "Maybe enter and leave are swapped?");
            }
        }
    }

    public static void Write(Scenario scenario, YamlWriter yaml, Field key)
    {
        if (scenario.Plant.FixtureLoops.IsEmpty)
        {
            return;
        }

        yaml.Maps(key, scenario.Plant.FixtureLoops, (y, l) =>
        {
            y.Set(s_id, l.Id).SetLabel(s_name, s_nameZh, l.Name, l.Id).Set(s_enter, scenario.Plant.EquipmentClasses[l.Enter].Id).Set(s_leave, scenario.Plant.EquipmentClasses[l.Leave].Id)
                .Set(s_change, l.Change).SetOrNone(s_places, l.ChangePlaces).Set(s_return, l.Return);
            y.Maps(s_fixtures, l.Fixtures, (m, f) => m.Set(s_family, scenario.Plant.Families[f.Family].Id).Set(s_count, f.Count));
        });
    }
}
