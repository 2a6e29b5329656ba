using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Finds the fixture loop of a line (the first station whose equipment changes over between families) and divides it among the families.</summary>
internal sealed class FixtureTable
{
    private readonly CompiledScenario _plant;
    private readonly ProductionLine _line;
    private readonly int _station = -1;
    private readonly List<int> _families = []; // families on the loop, as the plant counts them
    private readonly List<int> _fixtures = []; // equipment of the loop

    public FixtureTable(CompiledScenario plant, ProductionLine line, IReadOnlyList<int> lots)
    {
        (_plant, _line) = (plant, line);
        var looped = lots.SelectMany(lot => LineProblemBuilder.LineJobs(plant, line, lot))
            .Where(x => plant.FamilyOf(x.Job) >= 0 && plant.EligibleEquipment(x.Job).Any(e => plant.Plant.Equipment[e].Changeover is not null))
            .GroupBy(x => x.Station).MinBy(g => g.Key);
        if (looped is null)
        {
            return;
        }

        _families.AddRange(looped.Select(x => plant.FamilyOf(x.Job)).Distinct().Order());
        _fixtures.AddRange(looped.SelectMany(x => plant.EligibleEquipment(x.Job)).Distinct());
        if (_families.Count < 2 || _families.Count > _fixtures.Count)
        {
            _families.Clear(); // one family never changes, and more families than fixtures cannot keep their own
            return;
        }

        _station = looped.Key;
    }

    /// <summary>A name for each family on the loop.</summary>
    public ImmutableArray<string> Names => [.. _families.Select(f => $"fixture {_plant.Plant.Families[f].Id}")];

    /// <summary>Index in <see cref="Names"/> of the family a lot needs on the loop; −1 when it does not pass it.</summary>
    public int FamilyOf(int lot) => _station < 0 ? -1
        : LineProblemBuilder.LineJobs(_plant, _line, lot).Where(x => x.Station == _station)
            .Select(x => _families.IndexOf(_plant.FamilyOf(x.Job))).FirstOrDefault(-1);

    /// <summary>How many units of each family the loop holds without changes, and the price of holding more.</summary>
    /// <param name="firstOption">Option number of the first family.</param>
    /// <remarks>
    /// A stretch with one unit too many costs about one change of a fixture: its setup, and its fixture's share of the pace lost for
    /// half of the orders. The price is spread over the windows of such a stretch.
    /// </remarks>
    public FixtureLoop Loop(int firstOption, ImmutableArray<LineUnit> units, ObjectiveWeights weights)
    {
        if (_station < 0)
        {
            return FixtureLoop.None;
        }

        var demand = new double[_families.Count];
        var occupied = Duration.Zero;
        foreach (var unit in units)
        {
            if (FamilyOf(unit.Lot) is >= 0 and var family)
            {
                var job = LineProblemBuilder.LineJobs(_plant, _line, unit.Lot).First(x => x.Station == _station).Job;
                demand[family]++;
                occupied += _plant.MeanProcessingTime(job, _plant.EligibleEquipment(job).First());
            }
        }

        var window = Math.Min(units.Length, (int)Math.Ceiling(occupied / units.Length / _line.Takt));
        var places = _fixtures.Sum(e => _plant.Plant.Equipment[e].Slots);
        var rules = Divide(demand, places).Select((own, f) => new LineRule(firstOption + f, own, window)).Where(r => r.Max < r.Window).ToImmutableArray();
        var change = MeanChange();
        var hours = change.Duration.Hours;
        var waiting = units.Where(u => u.Due != SimTime.Never).DistinctBy(u => u.Order).Sum(u => u.Weight / 1000.0) / 2;
        var price = weights.ChangeoverTime * hours + weights.ChangeoverCost * change.Cost + weights.Tardiness * waiting * hours / places;
        return new FixtureLoop(_families.Count, rules, price / Math.Max(1, window));
    }

    /// <summary>Fixtures in proportion to demand, at least one each; the largest remainders get what rounding leaves.</summary>
    private static int[] Divide(double[] demand, int places)
    {
        var total = Math.Max(1, demand.Sum());
        var share = demand.Select(d => d / total * places).ToArray();
        var own = share.Select(s => Math.Max(1, (int)s)).ToArray();
        while (own.Sum() < places)
        {
            own[Enumerable.Range(0, own.Length).MaxBy(f => share[f] - own[f])]++;
        }

        while (own.Sum() > places)
        {
            own[Enumerable.Range(0, own.Length).Where(f => own[f] > 1).MinBy(f => share[f] - own[f])]--;
        }

        return own;
    }

    private (Duration Duration, double Cost) MeanChange()
    {
        var rule = _fixtures.Select(e => _plant.Plant.Equipment[e].Changeover).OfType<ChangeoverRuleId>().Select(r => _plant.Plant.ChangeoverRules[r])
            .OfType<MatrixChangeover>().FirstOrDefault();
        if (rule is null)
        {
            return (Duration.Zero, 0);
        }

        var changes = _families.SelectMany(a => _families.Where(b => b != a).Select(b => rule.Between(new FamilyId(a), new FamilyId(b)))).Where(c => c.Allowed).ToList();
        return changes.Count == 0 ? (Duration.Zero, 0) : (Duration.FromMilliseconds(changes.Average(c => (double)c.Duration.Milliseconds)), changes.Average(c => c.Cost));
    }
}
