namespace DigitalTwin.Scheduler.Energy;

/// <summary>An arc of <see cref="EnergyGraph"/>: the machine does one thing, and is somewhere else afterwards.</summary>
/// <param name="From">Node.</param>
/// <param name="To">Node, later in time.</param>
/// <param name="Cost">Σ price × power on the way.</param>
/// <param name="Length">Index of the job's length for work; −1 for anything else.</param>
/// <param name="Which">Mode; −1 for work and ready.</param>
internal readonly record struct EnergyArc(int From, int To, long Cost, int Length, int Which, EnergyState State);

/// <summary>All that the machine can do, laid out over time: a schedule is a path that has as many work arcs of each length as there are jobs.</summary>
/// <remarks>
/// The order of jobs that follow each other without a pause does not matter, so only falling lengths are laid out: a node remembers the
/// length just worked. Node = interval × states + (length just worked | ready after something else | mode). Arcs are sorted by their
/// origin, and every one leads to a later interval.
/// </remarks>
internal sealed class EnergyGraph
{
    private readonly int _states, _ready;
    private readonly List<int>[] _into;

    public EnergyGraph(EnergyProblem problem)
    {
        Problem = problem;
        _ready = problem.Lengths.Length;
        _states = _ready + 1 + problem.Modes.Length;
        (Nodes, Source, Sink) = ((problem.Horizon + 1) * _states, _ready + 1, problem.Horizon * _states + _ready + 1);
        var sums = new long[problem.Horizon + 1];
        for (var t = 0; t < problem.Horizon; t++)
        {
            sums[t + 1] = sums[t] + problem.Prices[t];
        }

        var arcs = new List<EnergyArc>();
        void Add(int t, int from, int duration, int to, int power, int length, int which, EnergyState state)
        {
            var isEdge = (t == 0 && state == EnergyState.Up) || (t + duration == problem.Horizon && state == EnergyState.Down);
            if (t + duration <= problem.Horizon && !isEdge)
            {
                arcs.Add(new EnergyArc(t * _states + from, (t + duration) * _states + to, (sums[t + duration] - sums[t]) * power, length, which, state));
            }
        }

        for (var t = 0; t < problem.Horizon; t++)
        {
            for (var from = 0; from <= _ready; from++)
            {
                for (var l = 0; l < _ready && l <= from; l++)
                {
                    Add(t, from, problem.Lengths[l], l, problem.WorkPower, l, -1, EnergyState.Work);
                }

                Add(t, from, 1, _ready, problem.ReadyPower, -1, -1, EnergyState.Ready);
                for (var m = 0; m < problem.Modes.Length; m++)
                {
                    Add(t, from, problem.Modes[m].DownTime, _ready + 1 + m, problem.Modes[m].DownPower, -1, m, EnergyState.Down);
                }
            }

            for (var m = 0; m < problem.Modes.Length; m++)
            {
                Add(t, _ready + 1 + m, 1, _ready + 1 + m, problem.Modes[m].Power, -1, m, EnergyState.Low);
                Add(t, _ready + 1 + m, problem.Modes[m].UpTime, _ready, problem.Modes[m].UpPower, -1, m, EnergyState.Up);
            }
        }

        Arcs = [.. arcs.OrderBy(a => a.From)];
        _into = [.. Enumerable.Range(0, Nodes).Select(_ => new List<int>())];
        for (var a = 0; a < Arcs.Length; a++)
        {
            _into[Arcs[a].To].Add(a);
        }
    }

    public EnergyProblem Problem { get; }

    public int Nodes { get; }

    /// <summary>Switched off at the beginning.</summary>
    public int Source { get; }

    /// <summary>Switched off at the end.</summary>
    public int Sink { get; }

    public EnergyArc[] Arcs { get; }

    /// <summary>Indices of the arcs that lead to a node.</summary>
    public IReadOnlyList<int> Into(int node) => _into[node];

    /// <summary>A path's arcs as a schedule; jobs of one length in their order.</summary>
    /// <param name="path">Arcs from source to sink.</param>
    public EnergySchedule ToSchedule(IEnumerable<EnergyArc> path)
    {
        var waiting = Problem.Lengths.Select(l => new Queue<int>(Enumerable.Range(0, Problem.Jobs.Length).Where(j => Problem.Jobs[j] == l))).ToArray();
        var (steps, cost) = (new List<EnergyStep>(), 0L);
        foreach (var arc in path)
        {
            var (start, length) = (arc.From / _states, arc.To / _states - arc.From / _states);
            cost += arc.Cost;
            var which = arc.State == EnergyState.Work ? waiting[arc.Length].Dequeue() : arc.Which;
            if (steps.Count > 0 && steps[^1] is var last && last.State == arc.State && arc.State is EnergyState.Ready or EnergyState.Low)
            {
                steps[^1] = last with { Length = last.Length + length };
            }
            else
            {
                steps.Add(new EnergyStep(arc.State, start, length, which));
            }
        }

        return new EnergySchedule([.. steps], cost);
    }
}
