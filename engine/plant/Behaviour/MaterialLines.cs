using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Per material the jobs that wait for it, in the order in which they will be served.</summary>
/// <remarks>The order is fixed when a job joins: the moment it asked, earlier by a day for every point of priority above 1 (at most thirty).
/// So a later job can overtake only for a while, and nobody starves. A job that needs several materials stands in several lines at the
/// same rank; it claims its share of each until all are there.</remarks>
internal sealed class MaterialLines : IExchanged<MaterialLines>
{
    private readonly (long Rank, int Job)[][] _lines;
    private readonly int[] _counts;

    public MaterialLines(int materials)
    {
        _lines = new (long, int)[materials][];
        Array.Fill(_lines, []);
        _counts = new int[materials];
    }

    public void Exchange(StateExchange exchange, MaterialLines? other) => exchange.Lists(_lines, _counts, other?._lines, other?._counts);

    public int Count(int material) => _counts[material];

    public (long Rank, int Job) At(int material, int place) => _lines[material][place];

    public void Add(int material, long rank, int job)
    {
        ref var line = ref _lines[material];
        if (_counts[material] == line.Length)
        {
            Array.Resize(ref line, Math.Max(8, line.Length * 2));
        }

        var place = PlaceOf(material, rank, job);
        Array.Copy(line, place, line, place + 1, _counts[material] - place);
        line[place] = (rank, job);
        _counts[material]++;
    }

    public void Remove(int material, long rank, int job)
    {
        var line = _lines[material];
        var place = PlaceOf(material, rank, job);
        if (place < _counts[material] && line[place].Job == job)
        {
            _counts[material]--;
            Array.Copy(line, place + 1, line, place, _counts[material] - place);
        }
    }

    /// <summary>Where a job of this rank stands, or would stand.</summary>
    public int PlaceOf(int material, long rank, int job)
    {
        var place = Array.BinarySearch(_lines[material], 0, _counts[material], (rank, job));
        return place < 0 ? ~place : place;
    }
}
