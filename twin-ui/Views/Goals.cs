using DigitalTwin.Plant.Model;

namespace DigitalTwin.Ui.Views;

/// <summary>One goal of the planner as people set it: how much it counts beside its usual weight.</summary>
/// <param name="Key">Name of the objective's term; texts are <c>goal.&lt;key&gt;</c>.</param>
/// <param name="Usual">Weight at the middle of the slider: the scenario's, or a sensible one where the scenario has none.</param>
/// <param name="Start">Position the slider begins at.</param>
public sealed record Goal(string Key, double Usual, int Start)
{
    /// <summary>Factor on the usual weight per position.</summary>
    private static readonly double[] Factors = [0, 0.25, 0.5, 1, 2, 4, 8];

    /// <summary>Highest position.</summary>
    public static int Last => Factors.Length - 1;

    /// <summary>Position of the usual weight.</summary>
    public const int Middle = 3;

    public static double FactorAt(int position) => Factors[Math.Clamp(position, 0, Last)];

    /// <summary>Weight at a position.</summary>
    public double WeightAt(int position) => Usual * FactorAt(position);
}

/// <summary>The goals that make sense for a plant, and the weights they come to.</summary>
public sealed class Goals
{
    private readonly ObjectiveWeights _scenario;
    private readonly Dictionary<string, int> _positions;

    /// <param name="scenario">Gives the usual weights; goals of lines appear only where there are lines.</param>
    public Goals(Scenario scenario)
    {
        _scenario = scenario.Objective;
        var lines = scenario.Plant.Lines.Length > 0;
        All =
        [
            Of("tardiness", _scenario.Tardiness, 1), Of("makespan", _scenario.Makespan, 0.01),
            Of("changeover-time", _scenario.ChangeoverTime, 0.1), Of("changeover-cost", _scenario.ChangeoverCost, 0.01),
            .. scenario.Plant.Tariffs.Length > 0 ? [Of("energy-cost", _scenario.EnergyCost, 0.01)] : Array.Empty<Goal>(),
            .. lines ? [Of("option-violations", _scenario.OptionViolation, 10), Of("utility-work", _scenario.UtilityWork, 1), Of("levelling", _scenario.Levelling, 0.1)] : Array.Empty<Goal>(),
            Of("instability", _scenario.Instability, 0.5),
        ];
        _positions = All.ToDictionary(g => g.Key, g => g.Start, StringComparer.Ordinal);
    }

    public IReadOnlyList<Goal> All { get; }

    /// <summary>Where a goal's slider stands, 0 … <see cref="Goal.Last"/>.</summary>
    public int this[Goal goal]
    {
        get => _positions[goal.Key];
        set => _positions[goal.Key] = Math.Clamp(value, 0, Goal.Last);
    }

    /// <summary>All sliders back to where they began.</summary>
    public void Reset()
    {
        foreach (var goal in All)
        {
            _positions[goal.Key] = goal.Start;
        }
    }

    /// <summary>The weights that the sliders come to; goals without slider keep the scenario's.</summary>
    public ObjectiveWeights Weights() => _scenario with
    {
        Tardiness = Weight("tardiness", _scenario.Tardiness),
        Makespan = Weight("makespan", _scenario.Makespan),
        ChangeoverTime = Weight("changeover-time", _scenario.ChangeoverTime),
        ChangeoverCost = Weight("changeover-cost", _scenario.ChangeoverCost),
        EnergyCost = Weight("energy-cost", _scenario.EnergyCost),
        OptionViolation = Weight("option-violations", _scenario.OptionViolation),
        UtilityWork = Weight("utility-work", _scenario.UtilityWork),
        Levelling = Weight("levelling", _scenario.Levelling),
        Instability = Weight("instability", _scenario.Instability),
    };

    private static Goal Of(string key, double weight, double sensible) =>
        new(key, weight > 0 ? weight : sensible, weight > 0 ? Goal.Middle : 0);

    private double Weight(string key, double otherwise) =>
        All.FirstOrDefault(g => g.Key == key) is { } goal ? goal.WeightAt(_positions[key]) : otherwise;
}
