using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Training;
using DigitalTwin.Scheduler;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin exercise</c>: make, play and score training exercises.</summary>
internal static class ExerciseCommand
{
    public static Command Create()
    {
        var group = new Command("exercise", "Training: exercises from any moment of a plant, played by hand and scored against the best found.");
        group.Add(New());
        group.Add(List());
        group.Add(ExercisePlay.Create());
        group.Add(Score());
        return group;
    }

    internal static Option<string> Data() => new("--data") { Description = "Data folder, as of twin serve.", HelpName = "folder", DefaultValueFactory = _ => "twin-data" };

    internal static Argument<string> Id(string name, string what) => new(name) { Description = what, HelpName = name };

    /// <summary>The room of a scenario's exercises.</summary>
    internal static TrainingRoom Room(CompiledScenario plant, string data) =>
        new(plant, new TrainingStore(plant, Path.Combine(data, plant.Scenario.Id, "training")), new Planner(), TimeProvider.System);

    /// <summary>Runs training work; what is not possible becomes a message.</summary>
    internal static int Guarded(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (TrainingException e)
        {
            throw new CommandException(e.Message, e);
        }
    }

    private static Verb New()
    {
        var (scenario, id, data, seed, json) = (CommonOptions.Scenario(), Id("exercise", "Short name: letters, digits, hyphens."), Data(), CommonOptions.Seed(), CommonOptions.Json());
        var at = CommonOptions.Span("--at", "Begin after so much simulated time, e.g. 2d; at the start when not given.");
        var length = CommonOptions.Span("--length", "How long it lasts, e.g. 12h; 8h when not given.");
        var name = new Option<string>("--name") { Description = "Name for people.", HelpName = "text", DefaultValueFactory = _ => "" };
        var faults = new Option<string[]>("--fault") { Description = "MACHINE@AFTER+LENGTH, e.g. V07@1h+3h: the machine breaks. May be repeated.", HelpName = "fault" };
        var limits = new Option<string[]>("--limit") { Description = "KPI<=VALUE:PERCENT, e.g. late<=3:10: breaking it costs so many points. May be repeated.", HelpName = "limit" };
        var hints = new Option<int>("--hints") { Description = "Hints allowed.", DefaultValueFactory = _ => 10 };
        var planner = new Option<double>("--planner") { Description = "Seconds for the schedule that attempts are held against.", HelpName = "seconds", DefaultValueFactory = _ => 10 };
        var verb = new Verb("create", "Make an exercise from a moment of a scenario.")
        {
            Examples = [("twin exercise create scenarios/dyehouse night-shift --at 2d --length 12h --fault V07@1h+3h", "twelve hours of the dyehouse with a vat that breaks after one")],
        };
        foreach (var argument in (Argument[])[scenario, id])
        {
            verb.Add(argument);
        }

        foreach (var option in (Option[])[at, length, name, faults, limits, hints, planner, seed, data, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) => Guarded(() =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var draft = new Exercise
            {
                Id = parse.GetValue(id)!, Name = parse.GetValue(name)!, Plant = "", Origin = "scenario", StartMs = 0, LengthMs = (parse.GetValue(length) ?? Duration.FromHours(8)).Milliseconds,
                Seed = parse.GetValue(seed) ?? plant.Scenario.Seed, Faults = [.. (parse.GetValue(faults) ?? []).Select(Fault)], Limits = [.. (parse.GetValue(limits) ?? []).Select(Limit)],
                HintsAllowed = parse.GetValue(hints),
            };
            var exercise = Room(plant, parse.GetValue(data)!).Create(draft, SimTime.Zero + (parse.GetValue(at) ?? Duration.Zero), Math.Clamp(parse.GetValue(planner), 0, 600), stop);
            if (parse.GetValue(json))
            {
                shell.WriteJson(exercise);
            }
            else
            {
                shell.Line($"exercise {exercise.Id}: {MomentText.Format(new SimTime(exercise.StartMs), plant.Scenario.Clock)}, {new Duration(exercise.LengthMs)}, {exercise.Faults.Length} fault(s)");
                shell.Note($"twin exercise play {parse.GetValue(scenario)} {exercise.Id} --trainee NAME");
            }

            return ExitCode.Ok;
        }));
        return verb;
    }

    private static Verb List()
    {
        var (scenario, data, json) = (CommonOptions.Scenario(), Data(), CommonOptions.Json());
        var output = CommonOptions.Output();
        var verb = new Verb("list", "List exercises and the results of the class.") { Examples = [("twin exercise list scenarios/dyehouse -o class.xlsx", "all scored attempts as an Excel workbook")] };
        verb.Add(scenario);
        verb.Add(data);
        verb.Add(json);
        verb.Add(output);
        verb.Does((parse, shell, _) => Guarded(() =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var store = Room(plant, parse.GetValue(data)!).Store;
            var (attempts, results) = (store.Attempts, TraineeResult.Of(store.Attempts));
            if (parse.GetValue(output) is { } path)
            {
                Write(path, TrainingExports.Class(attempts));
                shell.Note($"{path}: {attempts.Count(a => a.Score is not null)} attempts");
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(new { Verb = "exercise list", store.Exercises, Results = results });
                return ExitCode.Ok;
            }

            var table = Table(shell, ("Exercise", "练习"), ("Begins", "开始"), ("Lasts", "时长"), ("Faults", "故障"), ("Attempts", "次数"));
            foreach (var e in store.Exercises)
            {
                Row(table, e.Id, MomentText.Format(new SimTime(e.StartMs), plant.Scenario.Clock), new Duration(e.LengthMs).ToString(), $"{e.Faults.Length}", $"{attempts.Count(a => a.Exercise == e.Id)}");
            }

            shell.Show(table);
            if (results.Length > 0)
            {
                var scores = Table(shell, ("Exercise", "练习"), ("Trainee", "学员"), ("Attempts", "次数"), ("Best", "最高分"), ("First", "首次"), ("Latest", "最近"), ("Least regret", "最小差距"), ("Costliest decision", "代价最大的决定"));
                foreach (var r in results)
                {
                    Row(scores, r.Exercise, r.Trainee, $"{r.Attempts}", N(r.Best), N(r.First), N(r.Latest), N(r.LowestRegret), r.CostliestDecision);
                }

                shell.Show(scores);
            }

            return ExitCode.Ok;
        }));
        return verb;
    }

    private static Verb Score()
    {
        var (scenario, id, data, json, output) = (CommonOptions.Scenario(), Id("attempt", "Number of the attempt."), Data(), CommonOptions.Json(), CommonOptions.Output());
        var planner = new Option<double>("--planner") { Description = "Seconds of the planner at each decision; 0 uses its plan from the beginning alone.", HelpName = "seconds" };
        var verb = new Verb("score", "Score an attempt: regret against the best found, split over its decisions.")
        {
            Examples = [("twin exercise score scenarios/dyehouse 3", "points, and what every decision cost"), ("twin exercise score scenarios/dyehouse 3 --planner 5", "with five seconds of the planner at each decision")],
        };
        verb.Add(scenario);
        verb.Add(id);
        foreach (var option in (Option[])[planner, data, output, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) => Guarded(() =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var attempt = Room(plant, parse.GetValue(data)!).Score(parse.GetValue(id)!, new ScoreOptions(Math.Clamp(parse.GetValue(planner), 0, 600)), stop);
            if (parse.GetValue(output) is { } path)
            {
                Write(path, TrainingExports.Parts(attempt, ms => plant.Scenario.Clock.ToWallClock(new SimTime(ms))));
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(attempt);
            }
            else
            {
                Show(shell, plant, attempt);
            }

            return ExitCode.Ok;
        }));
        return verb;
    }

    /// <summary>A score for people.</summary>
    internal static void Show(Shell shell, CompiledScenario plant, Attempt attempt)
    {
        var s = attempt.Score!;
        shell.Line($"{attempt.Exercise} · {attempt.Trainee} · attempt {attempt.Id}: {N(s.Points)} points");
        shell.Line($"objective {N(s.Objective)}, best found {N(s.Best)} ({s.BestBy}), left alone {N(s.LeftAlone)}: regret {N(s.Regret)}");
        shell.Line(s.Solver is { } w
            ? $"the planner's own reckoning at the beginning, without luck: {N(w.Incumbent)}, bound {(w.Bound is { } b ? N(b) : "–")}, gap {(w.Gap is { } g ? N(g * 100) + " %" : "–")} ({w.Outcome})"
            : "no planner was asked at the beginning: the best found is that of the dispatch rules");
        var table = Table(shell, ("When", "时间"), ("What", "事件"), ("Value before", "之前"), ("After", "之后"), ("Regret", "差距"), ("Best would have been", "更好的做法"));
        foreach (var p in s.Parts.Where(p => p.IsDecision || Math.Abs(p.Regret) > 1e-9))
        {
            Row(table, plant.Scenario.Clock.ToWallClock(new SimTime(p.AtMs)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture), p.What, N(p.Before), N(p.After), N(p.Regret), p.BestNext);
        }

        Row(table, "", "sum = regret", "", "", N(s.Parts.Sum(p => p.Regret)), "");
        shell.Show(table);
        foreach (var (what, all) in ((string, IEnumerable<TargetResult>)[])[("goal", s.Goals), ("limit", s.Limits)])
        {
            foreach (var t in all)
            {
                shell.Line($"{what} {t.Target.Kpi} {(t.Target.AtMost is { } m ? $"≤ {N(m)}" : $"≥ {N(t.Target.AtLeast ?? 0)}")}: {(t.Value is { } v ? N(v) : "–")} {(t.Kept ? "kept" : $"broken{(what == "limit" ? $", −{N(t.Target.PenaltyPercent)}" : "")}")}");
            }
        }

        shell.Line($"{s.Hints} hint(s), −{N(s.Hints * AttemptScore.HintPenalty)}");
    }

    private static ScriptedFault Fault(string text)
    {
        var (at, plus) = (text.LastIndexOf('@'), text.LastIndexOf('+'));
        return at > 0 && plus > at && DurationText.TryParse(text[(at + 1)..plus], out var after) && DurationText.TryParse(text[(plus + 1)..], out var length)
            ? new ScriptedFault(after.Milliseconds, text[..at], length.Milliseconds)
            : throw new CommandException($"--fault '{text}' is not MACHINE@AFTER+LENGTH. Maybe V07@1h+3h?");
    }

    private static ExerciseTarget Limit(string text)
    {
        var (op, colon) = (text.IndexOf("<=", StringComparison.Ordinal), text.LastIndexOf(':'));
        return op > 0 && colon > op && double.TryParse(text[(op + 2)..colon], CultureInfo.InvariantCulture, out var most) && double.TryParse(text[(colon + 1)..], CultureInfo.InvariantCulture, out var percent)
            ? new ExerciseTarget(text[..op], most, null, percent)
            : throw new CommandException($"--limit '{text}' is not KPI<=VALUE:PERCENT. Maybe late<=3:10?");
    }

    private static void Write(string path, ExportTable table)
    {
        var format = ExportTable.FormatOf(path) ?? throw new CommandException($"{path}: the ending chooses .csv, .xlsx or .json.");
        using var file = File.Create(path);
        table.WriteTo(file, format);
    }

    internal static Table Table(Shell shell, params (string En, string Zh)[] columns)
    {
        var table = Shell.Table();
        foreach (var (en, zh) in columns)
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        return table;
    }

    internal static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(c => new Text(c)));

    internal static string N(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
