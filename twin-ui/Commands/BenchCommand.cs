using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Bench;
using DigitalTwin.Ui.Commands.Bench;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin bench</c>: the scheduler on public instances, beside a peer in the same run and what others published.</summary>
internal static class BenchCommand
{
    public static Verb Create()
    {
        var set = new Argument<string>("set") { Description = $"Which set: {string.Join(", ", BenchSets.All.Select(s => $"{s.Name} ({s.About})"))}." };
        set.CompletionSources.Add([.. BenchSets.All.Select(s => s.Name)]);
        var folder = new Option<string>("--benchmarks")
        {
            Description = "Folder that holds a folder for each set.", HelpName = "folder", DefaultValueFactory = _ => Path.Combine("..", "shared", "benchmarks"),
        };
        var seconds = new Option<double>("--seconds") { Description = "Time limit of each solver on each instance.", HelpName = "seconds", DefaultValueFactory = _ => 60 };
        var workers = Count("--workers", "Threads of each solver.", 2);
        var seed = Count("--seed", "Seed of the first repeat, and of the sample.", 1);
        var repeat = Count("--repeat", "How often each instance is solved, with other seeds; the middle one counts.", 1);
        var instances = new Option<string[]>("--instances")
        {
            Description = "Only these instances or families, separated by commas.", HelpName = "names", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
        };
        var sample = new Option<int?>("--sample") { Description = "Only so many of them, drawn by the seed.", HelpName = "count" };
        var peers = new Option<string[]>("--peers") { Description = "Solvers to run beside: cp-sat.", HelpName = "names", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        peers.AcceptOnlyFromAmong("cp-sat");
        var output = new Option<string?>("--out") { Description = "Folder for results as CSV, Markdown and a plot.", HelpName = "folder" };
        var json = CommonOptions.Json();
        var verb = new Verb("bench", "Solve public instances and compare with best known values, published solvers and plain CP-SAT in the same run.")
        {
            Examples =
            [
                ("twin bench jsp --instances ta --seconds 60 --peers cp-sat", "Taillard's 80 job shops, plain CP-SAT beside"),
                ("twin bench fjsp --instances brandimarte,dauzere --repeat 3 --out results", "the middle of three runs, written to files"),
                ("twin bench jsp_large --sample 5 --seed 7", "five instances by lot"),
            ],
        };
        verb.Add(set);
        foreach (var option in (Option[])[folder, seconds, workers, seed, repeat, instances, sample, peers, output, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) =>
        {
            var chosen = Set(parse.GetValue(set)!);
            var limits = new BenchLimits(parse.GetValue(seconds), parse.GetValue(workers), parse.GetValue(seed));
            if (limits.Seconds is not (> 0 and < 1e6))
            {
                throw new CommandException($"--seconds {limits.Seconds.ToString(CultureInfo.InvariantCulture)} must be above 0. Maybe 60?");
            }

            var all = Choose(Read(chosen, parse.GetValue(folder)!), Names(parse.GetValue(instances)!), parse.GetValue(sample), limits.Seed);
            var run = new BenchRun(chosen, limits, parse.GetValue(repeat), parse.GetValue(peers)!.Length > 0);
            var report = run.Execute(all, row => shell.Note(BenchText.Line(row)), stop);
            if (parse.GetValue(output) is { } target)
            {
                BenchFiles.Write(target, report, CommandLine(parse));
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(report.ForScripts());
            }
            else
            {
                foreach (var table in BenchText.Tables(report))
                {
                    shell.Show(table);
                }
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static Option<int> Count(string name, string description, int byDefault)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }

    private static IBenchSet Set(string name) => BenchSets.All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CommandException($"there is no benchmark set '{name}'. {Suggestion.For(name, BenchSets.All.Select(s => s.Name)) ?? $"Maybe one of {string.Join(", ", BenchSets.All.Select(s => s.Name))}?"}");

    private static IReadOnlyList<BenchInstance> Read(IBenchSet set, string folder)
    {
        var path = Path.Combine(folder, set.Name);
        return Directory.Exists(path)
            ? set.Read(path)
            : throw new CommandException($"there is no folder '{path}'. Maybe name the benchmark folder with --benchmarks?");
    }

    private static string[] Names(string[] words) =>
        [.. words.SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static List<BenchInstance> Choose(IReadOnlyList<BenchInstance> all, string[] names, int? sample, int seed)
    {
        var chosen = all.Where(i => names.Length == 0 || names.Any(n => Is(i, n))).ToList();
        if (names.FirstOrDefault(n => !all.Any(i => Is(i, n))) is { } unknown)
        {
            throw new CommandException($"no instance or family is called '{unknown}'. {Suggestion.For(unknown, all.SelectMany(i => new[] { i.Name, i.Family }).Distinct()) ?? $"Families are {string.Join(", ", all.Select(i => i.Family).Distinct())}."}");
        }

        if (sample is { } count && count < chosen.Count)
        {
            var random = new Random(seed);
            var kept = chosen.OrderBy(_ => random.Next()).Take(Math.Max(1, count)).ToHashSet();
            chosen.RemoveAll(i => !kept.Contains(i));
        }

        return chosen;

        // "ko" means all of its sub-families too.
        static bool Is(BenchInstance i, string name) => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || i.Family.Equals(name, StringComparison.OrdinalIgnoreCase) || i.Family.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase);
    }

    private static string CommandLine(ParseResult parse) => $"twin {string.Join(' ', parse.Tokens.Select(t => t.Value))}";
}
