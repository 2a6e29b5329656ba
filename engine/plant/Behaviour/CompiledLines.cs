using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Lines as the event path reads them: which station a machine is, what a unit carries, and what would be ideal.</summary>
internal sealed class CompiledLines
{
    private readonly int[] _line; // per equipment; −1 none
    private readonly int[] _station; // per equipment
    private readonly long[] _options; // per line and product: bits of the line's options
    private readonly int _products;
    private readonly int[] _jobs; // lot × station of all its lines: jobs on paced lines, see JobsOnLine
    private readonly int[] _firstJob; // per lot, plus one

    public CompiledLines(PlantModel plant, JobTable jobs, Func<int, Operation> operationOf, Func<int, int> productOf)
    {
        _products = plant.Products.Length;
        _line = new int[plant.Equipment.Length];
        _station = new int[plant.Equipment.Length];
        for (var e = 0; e < _line.Length; e++)
        {
            _line[e] = plant.Lines.ToList().FindIndex(l => l.Stations.Contains(plant.Equipment[e].Class));
            _station[e] = _line[e] < 0 ? -1 : plant.Lines[_line[e]].Stations.IndexOf(plant.Equipment[e].Class);
        }

        Lines = [.. plant.Lines.Select((l, i) => Compile(plant, l, i))];
        AnyPaced = Lines.Any(l => l.IsPaced);
        _options = new long[Lines.Length * _products];
        for (var p = 0; p < _products; p++)
        {
            for (var l = 0; l < Lines.Length; l++)
            {
                foreach (var option in plant.Products[p].Options)
                {
                    _options[l * _products + p] |= Array.IndexOf(Lines[l].Options, option) is var bit and >= 0 ? 1L << bit : 0;
                }
            }
        }

        (_firstJob, _jobs) = (new int[jobs.LotCount + 1], []);
        var paced = new List<int>();
        for (var lot = 0; lot < jobs.LotCount; lot++)
        {
            for (var job = jobs.LotFirstJob[lot]; job < jobs.LotFirstJob[lot + 1]; job++)
            {
                var line = LineOfOperation(plant, operationOf(job), out var station);
                if (line >= 0 && station == 0)
                {
                    Count(line, productOf(lot));
                }

                if (line >= 0 && Lines[line].IsPaced)
                {
                    paced.Add(job);
                }
            }

            _firstJob[lot + 1] = paced.Count;
        }

        _jobs = [.. paced];
    }

    /// <summary>Per line.</summary>
    public CompiledLine[] Lines { get; }

    /// <summary>Whether units of any line move at its takt.</summary>
    public bool AnyPaced { get; }

    /// <summary>The line that a machine is a station of; −1 none.</summary>
    public int LineOf(int equipment) => _line[equipment];

    /// <summary>The place of a machine's station in its line.</summary>
    public int StationOf(int equipment) => _station[equipment];

    /// <summary>The line whose takt moves the units past a machine; −1 none.</summary>
    public int PacedLineOf(int equipment) => _line[equipment] is var line && line >= 0 && Lines[line].IsPaced ? line : -1;

    /// <summary>Options that a product carries, as bits of <see cref="CompiledLine.Options"/>.</summary>
    public long OptionsOf(int line, int product) => _options[line * _products + product];

    /// <summary>Jobs of a lot at stations of paced lines.</summary>
    public ReadOnlySpan<int> PacedJobsOf(int lot) => _jobs.AsSpan(_firstJob[lot], _firstJob[lot + 1] - _firstJob[lot]);

    private void Count(int line, int product)
    {
        ref var compiled = ref Lines[line];
        compiled.Planned++;
        for (var bit = 0; bit < compiled.Options.Length; bit++)
        {
            compiled.OptionTotals[bit] += (int)(OptionsOf(line, product) >> bit & 1);
        }
    }

    private int LineOfOperation(PlantModel plant, Operation operation, out int station)
    {
        var first = operation.Alternatives[0];
        var of = first.Class ?? plant.Equipment[first.Equipment!.Value].Class;
        for (var l = 0; l < Lines.Length; l++)
        {
            if (plant.Lines[l].Stations.IndexOf(of) is var place and >= 0)
            {
                station = place;
                return l;
            }
        }

        station = -1;
        return -1;
    }

    private CompiledLine Compile(PlantModel plant, ProductionLine line, int index)
    {
        var stations = Enumerable.Range(0, _line.Length).Where(e => _line[e] == index).ToArray();
        string[] options = [.. line.OptionRules.Select(r => r.Option).Concat(plant.Products.SelectMany(p => p.Options)).Distinct(StringComparer.Ordinal).Take(64)];
        return new CompiledLine
        {
            TaktMs = line.Takt.Milliseconds, WindowMs = line.StationWindow.Milliseconds, IsPaced = line.Overload != LineOverload.Drift,
            Stops = line.Overload == LineOverload.StopLine, LastStation = line.Stations.Length - 1, Stations = stations,
            CarriesFixtures = plant.FixtureLoops.Any(f => line.Stations.Contains(f.Enter)),
            Launcher = Array.Find(stations, e => _station[e] == 0), Options = options, OptionTotals = new int[options.Length],
            Parallel = [.. line.Stations.Select(c => Math.Max(1, plant.Equipment.Count(e => e.Class == c)))],
            Rules = [.. line.OptionRules.Select(r => (Array.IndexOf(options, r.Option), r.Max, r.Window))],
            Ring = line.OptionRules.Select(r => r.Window).DefaultIfEmpty(0).Max(),
        };
    }
}

/// <summary>One line.</summary>
internal struct CompiledLine
{
    public long TaktMs;
    public long WindowMs;

    /// <summary>Units move at the takt, and wait for nobody.</summary>
    public bool IsPaced;

    /// <summary>A loop of fixtures begins at one of its stations.</summary>
    public bool CarriesFixtures;

    /// <summary>The line stops for a station that is not done; otherwise a utility worker finishes its work.</summary>
    public bool Stops;
    public int LastStation;

    /// <summary>Its machines.</summary>
    public int[] Stations;

    /// <summary>The first machine of the first station.</summary>
    public int Launcher;

    /// <summary>Options in the order of their bits: first those of the rules.</summary>
    public string[] Options;

    /// <summary>Units of the order book that carry each option.</summary>
    public int[] OptionTotals;

    /// <summary>Units of the order book that pass the line.</summary>
    public int Planned;

    /// <summary>Machines per station.</summary>
    public int[] Parallel;
    public (int Bit, int Max, int Window)[] Rules;

    /// <summary>Launches that the longest rule looks back on.</summary>
    public int Ring;
}
