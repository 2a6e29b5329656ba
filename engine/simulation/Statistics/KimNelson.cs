namespace DigitalTwin.Simulation.Statistics;

/// <summary>Finds the best of several alternatives with a promised probability, dropping the losers as soon as they show it.</summary>
/// <remarks>
/// The fully sequential procedure KN of Kim and Nelson (ACM TOMACS 11, 2001) with c = 1. It allows common random numbers: only the
/// spread of the differences counts, so alternatives that share their luck are told apart with few observations. The alternative kept
/// is the best with probability ≥ 1 − α whenever it is better than every other by at least the indifference δ; otherwise it is one within δ
/// of the best. Observations of one round belong together (the same replication) and should be roughly normal. Greater is better: give figures
/// that should be small with the opposite sign. Not thread-safe.
/// </remarks>
public sealed class KimNelson
{
    private readonly double _h2;
    private readonly double[,] _variances; // of the differences over the first stage, once it is complete
    private readonly List<double[]> _firstStage = [];
    private readonly double[] _sums;
    private readonly int?[] _droppedAt;
    private readonly int?[] _droppedBy;
    private bool _isDone;

    /// <param name="alternatives">How many, ≥ 1.</param>
    /// <param name="indifference">δ > 0: differences smaller than this do not matter.</param>
    /// <param name="confidence">1 − α, above 1/alternatives and below 1.</param>
    /// <param name="firstStage">n₀ ≥ 2: rounds before the first alternative may be dropped; at least 10 are wise.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public KimNelson(int alternatives, double indifference, double confidence = 0.95, int firstStage = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alternatives, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstStage, 2);
        if (!(indifference > 0 && double.IsFinite(indifference)))
            throw new ArgumentOutOfRangeException(nameof(indifference), indifference, "The indifference must be > 0.");
        if (!(confidence > 1.0 / alternatives && confidence < 1) && alternatives > 1)
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence lies between a blind guess and 1. Maybe 0.95 was meant.");

        (Indifference, Confidence, FirstStage) = (indifference, confidence, firstStage);
        _sums = new double[alternatives];
        _droppedAt = new int?[alternatives];
        _droppedBy = new int?[alternatives];
        _variances = new double[alternatives, alternatives];
        Surviving = [.. Enumerable.Range(0, alternatives)];
        _isDone = alternatives == 1;
        if (alternatives > 1)
        {
            var eta = 0.5 * (Math.Pow(2 * (1 - confidence) / (alternatives - 1), -2.0 / (firstStage - 1)) - 1);
            _h2 = 2 * eta * (firstStage - 1);
        }
    }

    /// <summary>δ: smaller differences do not matter.</summary>
    public double Indifference { get; }

    /// <summary>Promised probability of a correct selection.</summary>
    public double Confidence { get; }

    /// <summary>n₀: rounds of the first stage.</summary>
    public int FirstStage { get; }

    /// <summary>Rounds observed.</summary>
    public int Rounds { get; private set; }

    /// <summary>Most rounds it can still take, known after the first stage; <c>null</c> before.</summary>
    public int? MostRounds { get; private set; }

    /// <summary>Alternatives still in the race, ascending; never empty.</summary>
    public IReadOnlyList<int> Surviving { get; private set; }

    /// <summary>Whether the best is known with the promised confidence.</summary>
    public bool IsDone => _isDone;

    /// <summary>The best so far: of those in the race the one with the greatest mean.</summary>
    public int Best => Surviving.MaxBy(i => _sums[i]);

    /// <summary>Round at which an alternative was dropped; <c>null</c> while it is in the race.</summary>
    public int? DroppedAt(int alternative) => _droppedAt[alternative];

    /// <summary>The alternative that it was dropped against; <c>null</c> while it is in the race.</summary>
    public int? DroppedBy(int alternative) => _droppedBy[alternative];

    /// <summary>Takes the next round.</summary>
    /// <param name="values">One per alternative; those of dropped alternatives are not looked at.</param>
    /// <exception cref="ArgumentException">A wrong number of values, or one that counts is not finite.</exception>
    public void Observe(ReadOnlySpan<double> values)
    {
        if (values.Length != _sums.Length)
            throw new ArgumentException("A round has one value per alternative.", nameof(values));
        foreach (var i in Surviving)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"The value of alternative {i} is not a finite number.", nameof(values));
        }

        if (_isDone)
            return;

        Rounds++;
        foreach (var i in Surviving)
            _sums[i] += values[i];
        if (Rounds < FirstStage)
        {
            _firstStage.Add(values.ToArray());
            return;
        }

        if (Rounds == FirstStage)
        {
            _firstStage.Add(values.ToArray());
            EndFirstStage();
        }

        Screen();
    }

    private void EndFirstStage()
    {
        var most = 0.0;
        for (var i = 0; i < _sums.Length; i++)
        {
            for (var l = 0; l < i; l++)
            {
                var differences = new Tally();
                foreach (var round in _firstStage)
                    differences.Add(round[i] - round[l]);

                _variances[i, l] = _variances[l, i] = differences.Variance;
                most = Math.Max(most, Math.Floor(_h2 * differences.Variance / (Indifference * Indifference)));
            }
        }

        MostRounds = (int)Math.Min(int.MaxValue - 1, Math.Max(FirstStage, most + 1));
        _firstStage.Clear();
    }

    /// <summary>Drops whoever lies below another by more than chance can explain.</summary>
    private void Screen()
    {
        var before = Surviving;
        Surviving = [.. before.Where(i => !before.Any(l => l != i && IsBeaten(i, l)))];
        _isDone = Surviving.Count == 1 || Rounds >= MostRounds;
        if (_isDone)
        {
            foreach (var i in Surviving.Where(i => i != Best).ToArray())
                (_droppedAt[i], _droppedBy[i]) = (Rounds, Best);
            Surviving = [Best];
        }
    }

    private bool IsBeaten(int i, int by)
    {
        var allowed = Math.Max(0, Indifference / 2 * (_h2 * _variances[i, by] / (Indifference * Indifference) - Rounds));
        if (_sums[i] >= _sums[by] - allowed)
            return false;

        (_droppedAt[i], _droppedBy[i]) = (Rounds, by);
        return true;
    }
}
