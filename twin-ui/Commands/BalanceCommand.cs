using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Balancing;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin balance</c>: which task goes to which station of a line.</summary>
internal static class BalanceCommand
{
    public static Verb Create()
    {
        var file = new Argument<string>("file") { Description = "Tasks of the line: an .IN2 precedence graph, or a table with task, predecessors, and time or one column per model.", HelpName = "file" };
        var cycle = new Option<long?>("--cycle") { Description = "Cycle time to keep, in the file's unit: how few stations are needed? (SALBP-1)", HelpName = "time" };
        var stations = new Option<int?>("--stations") { Description = "Stations there are: how short can the cycle be? (SALBP-2)", HelpName = "count" };
        var window = new Option<long>("--window") { Description = "How far a single model may exceed the cycle at a station, in the file's unit.", HelpName = "time" };
        var time = CommonOptions.Span("--time", "How long to search. [default: 60s]");
        var json = CommonOptions.Json();
        var verb = new Verb("balance", "Balance an assembly line: fewest stations at a cycle time, or the shortest cycle with so many stations.")
        {
            Examples =
            [
                ("twin balance SCHOLL.IN2 --cycle 1394", "how few stations keep a cycle of 1394"),
                ("twin balance tasks.csv --stations 12 --window 5", "the shortest takt of twelve stations where a model may exceed it by 5"),
            ],
        };
        verb.Add(file);
        foreach (var option in (Option[])[cycle, stations, window, time, json])
        {
            verb.Add(option);
        }

        verb.Validators.Add(result =>
        {
            if (result.GetValue(cycle) is null == result.GetValue(stations) is null)
            {
                result.AddError("Give either --cycle or --stations.");
            }

            if (result.GetValue(stations) < 1 || result.GetValue(cycle) < 1 || result.GetValue(window) < 0)
            {
                result.AddError("--cycle and --stations must be at least 1, --window at least 0.");
            }
        });
        verb.Does((parse, shell, stop) =>
        {
            var options = new BalancingOptions { TimeLimit = parse.GetValue(time) ?? Duration.FromSeconds(60), Stop = stop };
            try
            {
                var problem = AssemblyLineText.Parse(SourceText.Read(parse.GetValue(file)!), parse.GetValue(window));
                var balance = parse.GetValue(cycle) is { } given
                    ? LineBalancer.FewestStations(problem, given, options)
                    : LineBalancer.ShortestCycle(problem, parse.GetValue(stations)!.Value, options);
                if (BalanceChecker.Check(problem, balance.StationOf, balance.Stations, balance.Cycle) is [var wrong, ..])
                {
                    throw new InvalidOperationException($"The search returned an impossible balance: {wrong}.");
                }

                Show(shell, problem, balance, parse.GetValue(cycle) is not null, parse.GetValue(json));
            }
            catch (Exception e) when (e is ImportException or BalancingException)
            {
                throw new CommandException(e.Message, e);
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static void Show(Shell shell, BalancingProblem problem, LineBalance balance, bool countsStations, bool json)
    {
        var rows = Enumerable.Range(0, balance.Stations).Select(s =>
        {
            int[] held = [.. Enumerable.Range(0, problem.Tasks.Length).Where(i => balance.StationOf[i] == s)];
            var perModel = problem.Demand.Select((_, m) => held.Sum(i => problem.Tasks[i].Times[m])).ToArray();
            var mean = perModel.Zip(problem.Demand, (t, units) => (double)t * units).Sum() / problem.Demand.Sum();
            return new Row(s + 1, mean, perModel.Max(), balance.Cycle == 0 ? 0 : mean / balance.Cycle, [.. held.Select(i => problem.Tasks[i].Id)]);
        }).ToArray();
        var efficiency = rows.Sum(r => r.MeanTime) / (balance.Stations * (double)balance.Cycle);
        if (json)
        {
            shell.WriteJson(new
            {
                balance.Stations, balance.Cycle, balance.Bound, balance.Proven, Seconds = balance.Elapsed.Seconds, Efficiency = efficiency, Rows = rows,
            });
            return;
        }

        var several = problem.Demand.Length > 1;
        var table = Shell.Table();
        foreach (var heading in (string[])["Station", "Time", .. several ? (string[])["Longest model"] : [], "Load", "Tasks"])
        {
            table.AddColumn(heading == "Tasks" ? new TableColumn(heading) : new TableColumn(heading).RightAligned());
        }

        foreach (var row in rows)
        {
            string[] cells = [Text(row.Station), Text(row.MeanTime), .. several ? (string[])[Text(row.LongestModel)] : [],
                row.Load.ToString("P0", CultureInfo.InvariantCulture), Markup.Escape(string.Join(' ', row.Tasks))];
            table.AddRow(cells);
        }

        shell.Show(table);
        var (value, noun) = countsStations ? (balance.Stations, "stations") : (balance.Cycle, "cycle time");
        shell.Line(string.Create(CultureInfo.InvariantCulture,
            $"{balance.Stations} stations at a cycle of {balance.Cycle}: {efficiency:P1} of the paid time is work. ")
            + (balance.Proven ? $"No better {noun} exists." : string.Create(CultureInfo.InvariantCulture, $"No {noun} below {balance.Bound} is possible; {value} may not be the best. Maybe search longer with --time?")));
    }

    private static string Text(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    /// <summary>One station of the result.</summary>
    private sealed record Row(int Station, double MeanTime, long LongestModel, double Load, IReadOnlyList<string> Tasks);
}
