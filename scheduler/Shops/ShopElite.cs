using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>A good schedule that others are bred from.</summary>
/// <param name="Key">Head minus tail by operation: grows along jobs and along machines.</param>
internal sealed record ShopElite(int[] Options, int[] Key, int Makespan);

/// <summary>The best schedules of all workers, kept apart from each other. Thread-safe.</summary>
/// <remarks>
/// Two of them are joined half way, as path relinking does (Peng, Lü and Cheng 2015): operations are ordered by a mean of both schedules'
/// keys. As each key grows along every job, so does the mean, and every mixture is a schedule.
/// </remarks>
internal sealed class ShopElites(int capacity, int operations)
{
    private readonly Lock _gate = new();
    private readonly List<ShopElite> _members = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _members.Count;
            }
        }
    }

    public bool IsFull => Count >= capacity;

    /// <summary>Takes a schedule in unless it is worse than all, or too near to one that is as good.</summary>
    public bool Add(ShopElite elite)
    {
        lock (_gate)
        {
            var near = _members.FindIndex(m => Distance(m, elite) < 0.01);
            if (near >= 0)
            {
                if (elite.Makespan >= _members[near].Makespan)
                {
                    return false;
                }

                _members[near] = elite;
                return true;
            }

            if (_members.Count < capacity)
            {
                _members.Add(elite);
                return true;
            }

            var worst = 0;
            for (var i = 1; i < _members.Count; i++)
            {
                worst = _members[i].Makespan >= _members[worst].Makespan ? i : worst;
            }

            if (elite.Makespan >= _members[worst].Makespan)
            {
                return false;
            }

            _members[worst] = elite;
            return true;
        }
    }

    /// <summary>Two different members by lot.</summary>
    public (ShopElite First, ShopElite Second)? Pair(SearchRandom random)
    {
        lock (_gate)
        {
            if (_members.Count < 2)
            {
                return null;
            }

            var a = random.Below(_members.Count);
            var b = random.Below(_members.Count - 1);
            return (_members[a], _members[b < a ? b : b + 1]);
        }
    }

    /// <summary>Forgets all but the best, for a new generation.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            var best = _members.MinBy(m => m.Makespan);
            _members.Clear();
            if (best is not null)
            {
                _members.Add(best);
            }
        }
    }

    /// <summary>A schedule between two.</summary>
    public static ShopPlan Mix(ShopElite first, ShopElite second, double share, SearchRandom random)
    {
        var count = first.Key.Length;
        var (keys, order, options) = (new double[count], new int[count], new int[count]);
        for (var v = 0; v < count; v++)
        {
            keys[v] = (1 - share) * first.Key[v] + share * second.Key[v];
            order[v] = v;
            options[v] = random.Unit() < share ? second.Options[v] : first.Options[v];
        }

        Array.Sort(keys, order, Comparer<double>.Default);
        KeepJobs(keys, order);
        return new ShopPlan(options, order);
    }

    /// <summary>Equal keys (operations of no duration) keep the order of their job.</summary>
    private static void KeepJobs(double[] keys, int[] order)
    {
        for (var i = 0; i < order.Length;)
        {
            var j = i + 1;
            while (j < order.Length && keys[j] == keys[i])
            {
                j++;
            }

            Array.Sort(order, i, j - i);
            i = j;
        }
    }

    /// <summary>Mean difference of keys, as a share of the makespan; another machine counts like a tenth of it.</summary>
    private double Distance(ShopElite a, ShopElite b)
    {
        var sum = 0.0;
        var scale = 1.0 / Math.Max(1, a.Makespan);
        for (var v = 0; v < operations; v++)
        {
            sum += Math.Abs(a.Key[v] - b.Key[v]) * scale + (a.Options[v] != b.Options[v] ? 0.1 : 0);
        }

        return sum / operations;
    }
}
