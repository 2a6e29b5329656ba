namespace DigitalTwin.Simulation.Statistics;

/// <summary>Spends a budget of observations on finding the best of several alternatives: most go to those that are hard to tell from the best.</summary>
/// <remarks>
/// OCBA: C.-H. Chen, J. Lin, E. Yücesan and S. E. Chick, Discrete Event Dynamic Systems 10, 2000. With own luck for each alternative
/// Nᵢ ∝ (sᵢ/dᵢ)² and N_b = s_b·√Σ(Nᵢ/sᵢ)², dᵢ being the distance to the best b. With common luck only pairs of the same round count, and what
/// is spread is their difference: Nᵢ ∝ (sᵢ₋b/dᵢ)² and N_b = max Nᵢ, which makes all rivals equally unlikely to be the better one. Distances
/// are never taken to be less than the indifference, so equal alternatives do not eat up the budget for nothing.
/// Greater is better: give figures that should be small with the opposite sign. Not thread-safe.
/// </remarks>
public sealed class OptimalBudget
{
    // Below this share of the greatest spread or distance a spread or distance is rounding, not knowledge.
    private const double RoundingShare = 1e-9;
    private const double GrowthBetweenLooks = 4 / 3.0;

    private readonly List<double>[] _values;
    private readonly Tally[] _own;
    private readonly Tally?[,] _pairs; // of the differences (lower index − higher index), grown when asked for
    private readonly bool _common;
    private int _looks;
    private int _spentAtLook;
    private int _best = -1; // of what was observed so far; −1 not known yet

    /// <param name="alternatives">How many, ≥ 1.</param>
    /// <param name="indifference">Differences smaller than this do not matter, ≥ 0.</param>
    /// <param name="commonLuck">Whether the n-th observations of all alternatives saw the same luck.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public OptimalBudget(int alternatives, double indifference = 0, bool commonLuck = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alternatives, 1);
        if (!(indifference >= 0 && double.IsFinite(indifference)))
            throw new ArgumentOutOfRangeException(nameof(indifference), indifference, "The indifference must be ≥ 0.");

        _values = [.. Enumerable.Range(0, alternatives).Select(_ => new List<double>())];
        _own = [.. Enumerable.Range(0, alternatives).Select(_ => new Tally())];
        _pairs = new Tally?[alternatives, alternatives];
        (Indifference, _common) = (indifference, commonLuck);
    }

    /// <summary>δ: smaller differences do not matter.</summary>
    public double Indifference { get; }

    /// <summary>Observations of all alternatives so far.</summary>
    public int Spent => _values.Sum(v => v.Count);

    /// <summary>Observations of one alternative so far.</summary>
    public int Count(int alternative) => _values[alternative].Count;

    /// <summary>The alternative that is most probably the best, every pair judged by what is comparable in it; the first of equals.</summary>
    public int Best => _best >= 0 ? _best : _best = Enumerable.Range(0, _values.Length).MinBy(b => Enumerable.Range(0, _values.Length).Sum(a => Doubt(b, a, 0)));

    /// <summary>Takes the next observation of an alternative.</summary>
    /// <exception cref="ArgumentException">It is not a finite number.</exception>
    public void Observe(int alternative, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"The value of alternative {alternative} is not a finite number.", nameof(value));
        _values[alternative].Add(value);
        _own[alternative].Add(value);
        _best = -1;
    }

    /// <summary>Whom the next observations should go to.</summary>
    /// <param name="extra">How many, ≥ 0; every alternative has at least two already.</param>
    /// <returns>Per alternative how many more; they sum to <paramref name="extra"/>.</returns>
    public int[] Next(int extra)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extra);
        var shares = Shares();
        var (total, sum) = (Spent + extra, shares.Sum());
        var missing = _values.Select((v, a) => Math.Max(0, total * shares[a] / sum - v.Count)).ToArray();
        return Split(missing, extra);
    }

    /// <summary>Probability that an alternative is better than the best by more than the indifference, by Student's distribution of the difference.</summary>
    public double ProbabilityOfBeating(int rival) => Doubt(Best, rival, Indifference);

    /// <summary>Estimated probability that the best is the best or within the indifference of it; by Bonferroni, so rather too low than too high.</summary>
    public double Probability => Math.Max(0, 1 - Enumerable.Range(0, _values.Length).Sum(ProbabilityOfBeating));

    /// <summary>Probability that a rival is better than another by more than an amount; one half for two that cannot be compared yet.</summary>
    private double Doubt(int best, int rival, double by)
    {
        if (rival == best)
            return 0;
        if (_values[best].Count < 2 || _values[rival].Count < 2)
            return 0.5;

        var (distance, error, freedom) = Difference(best, rival);
        return error > 0 ? 1 - StudentT.Cumulative((distance + by) / error, freedom) : distance + by >= 0 ? 0 : 1;
    }

    /// <summary>Looks whether the best is known so well that the rest of the budget can be spared.</summary>
    /// <param name="confidence">In (0, 1).</param>
    /// <remarks>Who looks often is fooled in the end: an unlucky start of the true best is never mended, for nothing more is spent on it. So a look counts only
    /// after a third more was spent, and the k-th may err with (1 − confidence) / (k·(k + 1)), which together is 1 − confidence.</remarks>
    public bool IsKnown(double confidence)
    {
        if (Spent < _spentAtLook * GrowthBetweenLooks)
            return false;

        _spentAtLook = Spent;
        _looks++;
        return 1 - Probability <= (1 - confidence) / (_looks * (_looks + 1.0));
    }

    /// <summary>Wanted numbers of observations up to a common factor.</summary>
    private double[] Shares()
    {
        var best = Best;
        var shares = new double[_values.Length];
        if (_values.Length == 1)
            return [1];

        var distances = _values.Select((v, a) => Math.Max(Indifference, Difference(best, a).Distance)).ToArray();
        var spreads = _values.Select((v, a) => _common ? SpreadOfDifference(best, a) : _own[a].StandardDeviation).ToArray();
        var (farthest, widest) = (distances.Where((_, a) => a != best).Max(), spreads.Max());
        if (widest == 0)
            return [.. _values.Select(_ => 1.0)]; // nothing is random: nothing can be learned, so let all have the same

        for (var a = 0; a < shares.Length; a++)
        {
            if (a != best)
            {
                var ratio = Math.Max(spreads[a], widest * RoundingShare) / Math.Max(distances[a], Math.Max(farthest, widest) * RoundingShare);
                shares[a] = ratio * ratio;
            }
        }

        shares[best] = _common ? shares.Max() : spreads[best] * Math.Sqrt(shares.Select((s, a) => a == best ? 0 : Math.Pow(s / Math.Max(spreads[a], widest * RoundingShare), 2)).Sum());
        return shares;
    }

    /// <summary>Mean of (best − rival), its standard error and the degrees of freedom of that.</summary>
    private (double Distance, double Error, double Freedom) Difference(int best, int rival)
    {
        var (b, r) = (_own[best], _own[rival]);
        if (_common)
        {
            var pairs = Pairs(best, rival);
            return (best < rival ? pairs.Mean : -pairs.Mean, pairs.StandardDeviation / Math.Sqrt(pairs.Count), pairs.Count - 1);
        }

        var (first, second) = (b.Variance / b.Count, r.Variance / r.Count);
        var freedom = (first + second) * (first + second) / (first * first / (b.Count - 1) + second * second / (r.Count - 1)); // Welch
        return (b.Mean - r.Mean, Math.Sqrt(first + second), double.IsNaN(freedom) ? 1 : freedom);
    }

    private double SpreadOfDifference(int best, int rival) => rival == best ? 0 : Pairs(best, rival).StandardDeviation;

    private Tally Pairs(int a, int b)
    {
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        var pairs = _pairs[a, b] ??= new Tally();
        for (var i = (int)pairs.Count; i < Math.Min(_values[a].Count, _values[b].Count); i++)
            pairs.Add(_values[a][i] - _values[b][i]);
        return pairs;
    }

    /// <summary>Whole numbers in proportion to some weights that sum to a total: the largest remainders are rounded up.</summary>
    private static int[] Split(double[] weights, int total)
    {
        var sum = weights.Sum();
        var exact = weights.Select(w => sum > 0 ? w / sum * total : (double)total / weights.Length).ToArray();
        var whole = exact.Select(x => (int)Math.Floor(x)).ToArray();
        var left = total - whole.Sum();
        foreach (var a in Enumerable.Range(0, weights.Length).OrderByDescending(a => exact[a] - whole[a]).ThenBy(a => a).Take(left))
            whole[a]++;
        return whole;
    }
}
