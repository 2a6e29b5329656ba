using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A <see cref="CrewNeed"/> by index: which skill, how many. <see cref="Skill"/> is −1 where nobody is needed.</summary>
public readonly record struct SkillNeed(int Skill, int Count)
{
    public static readonly SkillNeed None = new(-1, 0);

    public bool Exists => Skill >= 0;
}

/// <summary>Who can do what, and when they are there: the people of a scenario laid out by index.</summary>
/// <remarks>A pool is an auxiliary resource, with its index. Immutable. A scenario that asks for nobody has <see cref="Any"/> false
/// and pays nothing for it.</remarks>
public sealed class CrewBook
{
    private readonly PlantModel _plant;
    private readonly CalendarTimeline[][] _shifts; // per pool
    private readonly SkillNeed[] _setup; // per equipment
    private readonly SkillNeed[] _repair;
    private readonly SkillNeed[] _operation; // per flat operation
    private readonly SkillNeed[]?[] _phases; // per flat operation; null where no phase needs anybody
    private readonly ulong[] _sideKeys; // per side job
    private readonly Dictionary<string, int> _skills = new(StringComparer.Ordinal);

    internal CrewBook(PlantModel plant, Operation[] operations, CalendarTimeline[] calendars)
    {
        _plant = plant;
        _shifts = [.. plant.Auxiliaries.Select(a => a.Shifts.Select(s => calendars[s.Calendar]).ToArray())];
        _setup = [.. plant.Equipment.Select(e => Need(e.SetupCrew))];
        _repair = [.. plant.Equipment.Select(e => Need(e.RepairCrew))];
        _operation = [.. operations.Select(o => Need(o.Crew))];
        _phases = [.. operations.Select(o => o.Phases.Any(p => p.Crew is not null) ? o.Phases.Select(p => Need(p.Crew)).ToArray() : null)];
        foreach (var need in plant.FailureModes.Select(m => m.RepairCrew).Concat(plant.MaintenancePlans.Select(p => p.Crew)))
        {
            Need(need); // enters the skill
        }

        PoolsOf = [.. _skills.OrderBy(s => s.Value).Select(s => Enumerable.Range(0, plant.Auxiliaries.Length).Where(p => Has(plant.Auxiliaries[p], s.Key)).ToArray())];
        SkillsOf = [.. Enumerable.Range(0, plant.Auxiliaries.Length).Select(p => Enumerable.Range(0, PoolsOf.Length).Where(s => PoolsOf[s].Contains(p)).ToArray())];
        FirstSideJob = new int[plant.Auxiliaries.Length + 1];
        for (var p = 0; p < plant.Auxiliaries.Length; p++)
        {
            FirstSideJob[p + 1] = FirstSideJob[p] + (plant.Auxiliaries[p].SideJobTime is null ? 0 : plant.Auxiliaries[p].SideJobs);
        }

        SideJobPool = [.. Enumerable.Range(0, plant.Auxiliaries.Length).SelectMany(p => Enumerable.Repeat(p, FirstSideJob[p + 1] - FirstSideJob[p]))];
        _sideKeys = [.. SideJobPool.Select((p, s) => RandomSource.Key(RandomSource.Key(plant.Auxiliaries[p].Id), s - FirstSideJob[p]))];
        Any = _skills.Count > 0 || SideJobPool.Length > 0 || Array.Exists(_shifts, s => s.Length > 0);
        ForBatches = Array.Exists(_operation, n => n.Exists) || Array.Exists(_phases, p => p is not null);
        IsCrew = [.. Enumerable.Range(0, plant.Auxiliaries.Length).Select(p => SkillsOf[p].Length > 0 || _shifts[p].Length > 0 || FirstSideJob[p + 1] > FirstSideJob[p])];
    }

    /// <summary>Whether the scenario has needs for people, shifts of them, or side jobs.</summary>
    public bool Any { get; }

    /// <summary>Whether operations or phases need people.</summary>
    public bool ForBatches { get; }

    /// <summary>Pools that have a skill, in the order in which they are asked; by skill index.</summary>
    public int[][] PoolsOf { get; }

    /// <summary>Skills that somebody needs and that a pool has; by pool.</summary>
    public int[][] SkillsOf { get; }

    /// <summary>Whether a pool is people who come and go (rather than frames and moulds held throughout): by pool.</summary>
    public ImmutableArray<bool> IsCrew { get; }

    /// <summary>Index of a pool's first side job; one entry more than there are pools.</summary>
    public int[] FirstSideJob { get; }

    /// <summary>Pool of each side job.</summary>
    public int[] SideJobPool { get; }

    /// <summary>Whom the setups and cleanings of equipment need.</summary>
    public SkillNeed SetupOf(int equipment) => _setup[equipment];

    /// <summary>Whom the repairs of equipment need.</summary>
    public SkillNeed RepairOf(int equipment) => _repair[equipment];

    /// <summary>Whom a batch needs in a phase (−1 where its operation has none).</summary>
    /// <param name="operation">Flat operation index.</param>
    /// <param name="phase">Phase index, or −1.</param>
    public SkillNeed BatchNeed(int operation, int phase) =>
        _phases[operation] is { } phases && (uint)phase < (uint)phases.Length ? phases[phase] : _operation[operation];

    /// <summary>How many of a pool are on duty at a moment.</summary>
    public int OnDutyAt(int pool, SimTime time)
    {
        if (_shifts[pool].Length == 0)
        {
            return _plant.Auxiliaries[pool].Count;
        }

        var count = 0;
        for (var s = 0; s < _shifts[pool].Length; s++)
        {
            count += _shifts[pool][s].IsWorking(time) ? _plant.Auxiliaries[pool].Shifts[s].Count : 0;
        }

        return Math.Min(count, _plant.Auxiliaries[pool].Count);
    }

    /// <summary>When a shift of the pool begins or ends next; <see cref="SimTime.Never"/> for a pool without shifts.</summary>
    public SimTime NextShiftChange(int pool, SimTime time)
    {
        var next = SimTime.Never;
        foreach (var shift in _shifts[pool])
        {
            next = SimTime.Min(next, shift.NextChange(time));
        }

        return next;
    }

    /// <summary>Time of a side job, drawn at the address of its place in the pool.</summary>
    /// <param name="done">How many were done in this place before.</param>
    public Duration DrawSideJob(int sideJob, int done, in RandomSource random) =>
        Duration.FromMilliseconds(Math.Max(1, _plant.Auxiliaries[SideJobPool[sideJob]].SideJobTime!.Sample(random, _sideKeys[sideJob], done)));

    /// <summary>Whether a pool can do what a need asks for.</summary>
    public static bool Has(AuxiliaryResource pool, string skill) => pool.Id == skill || pool.Skills.Contains(skill, StringComparer.Ordinal);

    internal SkillNeed Need(CrewNeed? need)
    {
        if (need is null)
        {
            return SkillNeed.None;
        }

        if (!_skills.TryGetValue(need.Skill, out var skill))
        {
            _skills.Add(need.Skill, skill = _skills.Count);
        }

        return new SkillNeed(skill, need.Count);
    }
}
