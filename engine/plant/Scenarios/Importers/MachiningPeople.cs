using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Crews read from a log that names who did what.</summary>
/// <remarks>
/// A crew is everybody who worked at the same machine groups; these groups are its skills, and each operation at one of them needs one head. A crew has
/// as many heads as machines that it tended at once in a twentieth of its time at work or more: in such a log one person is at several machines.
/// </remarks>
internal sealed class MachiningPeople
{
    private const double Often = 0.05;

    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    /// <param name="records">What is learned from; records that name nobody are left out.</param>
    public MachiningPeople(IEnumerable<MachiningRecord> records)
    {
        var named = records.Where(r => r.Worker.Length > 0 && r.Kind != RecordKind.Breakdown).ToList();
        People = named.Select(r => r.Worker).Distinct(StringComparer.Ordinal).Count();
        _groups.UnionWith(named.Select(r => MachiningNames.MachineGroup(r.Machine)));
        var skills = named.GroupBy(r => r.Worker, StringComparer.Ordinal)
            .ToDictionary(w => w.Key, w => string.Join('|', w.Select(r => MachiningNames.Slug(MachiningNames.MachineGroup(r.Machine))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), StringComparer.Ordinal);
        Crews =
        [
            .. named.GroupBy(r => skills[r.Worker], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select((g, i) => new AuxiliaryResource
            {
                Id = $"crew-{i + 1}", Name = new Label($"Crew {i + 1}", $"班组 {i + 1}"), Count = HeadsOf(g), Skills = [.. g.Key.Split('|')],
            }),
        ];
    }

    public int People { get; }

    public ImmutableArray<AuxiliaryResource> Crews { get; }

    /// <summary>The scenario with these crews; operations at groups where nobody was named need none.</summary>
    public Scenario At(Scenario scenario)
    {
        var known = _groups.Select(MachiningNames.Slug).ToHashSet(StringComparer.Ordinal);
        return scenario with
        {
            Plant = scenario.Plant with
            {
                Auxiliaries = Crews,
                WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(o => o with { Crew = NeedOf(o) })] })],
            },
        };

        CrewNeed? NeedOf(Operation operation)
        {
            var group = scenario.Plant.EquipmentClasses[scenario.Plant.Equipment[operation.Alternatives[0].Equipment!.Value].Class].Id;
            return known.Contains(group) ? new CrewNeed(group) : null;
        }
    }

    private static int HeadsOf(IEnumerable<MachiningRecord> records)
    {
        var times = new SortedDictionary<int, long>();
        var (level, since) = (0, 0L);
        foreach (var (time, change) in records.SelectMany(r => new[] { (Time: r.Start, Change: 1), (Time: r.End, Change: -1) }).Order())
        {
            times[level] = times.GetValueOrDefault(level) + time - since;
            (level, since) = (level + change, time);
        }

        times.Remove(0);
        var all = times.Values.Sum();
        return times.Keys.Where(k => times.Where(t => t.Key >= k).Sum(t => t.Value) >= Often * all).DefaultIfEmpty(1).Max();
    }
}
