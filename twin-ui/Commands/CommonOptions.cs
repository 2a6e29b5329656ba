using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Hosting;

namespace DigitalTwin.Ui.Commands;

/// <summary>Arguments and options that several verbs share, made anew for each so that their help can differ.</summary>
internal static class CommonOptions
{
    /// <summary>Understood by every verb.</summary>
    public static readonly Option<string> Language = Languages();

    public static Argument<string> Scenario() => new("scenario")
    {
        Description = "A scenario folder, or a public file: job shop, flexible job shop, oven, car sequencing, machining log.",
        HelpName = "scenario",
        CompletionSources = { _ => PathsHere() },
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON with a stable schema instead of tables." };

    public static Option<ulong?> Seed() => new("--seed") { Description = "Root of all randomness; the scenario's own when not given.", HelpName = "number" };

    public static Option<int> Replications(int byDefault) => AtLeastOne(new("--replications", "-n")
    {
        Description = "How often the simulation is repeated with other luck.", HelpName = "count", DefaultValueFactory = _ => byDefault,
    });

    public static Option<int> Threads() => AtLeastOne(new("--threads")
    {
        Description = "Threads; the results do not depend on it.", HelpName = "count", DefaultValueFactory = _ => Environment.ProcessorCount,
    });

    public static Option<int> Replication()
    {
        var option = new Option<int>("--replication") { Description = "Which luck the run has, counted from 0.", HelpName = "number" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--replication must be at least 0.");
            }
        });
        return option;
    }

    public static Option<string?> Output() => new("--output", "-o") { Description = "File to write; its ending chooses .csv, .xlsx or .json.", HelpName = "file" };

    public static Option<string?> Html() => new("--html") { Description = "Write a report with drawings as one HTML file that needs nothing else.", HelpName = "file" };

    /// <summary>How fast an emulated plant lives.</summary>
    public static Option<double> Speed()
    {
        var option = new Option<double>("--speed")
        {
            Description = "Plant seconds per second of the emulated plant.", HelpName = "factor", DefaultValueFactory = _ => new TwinServerOptions().Speed,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1e6))
            {
                result.AddError("--speed must be above 0 and below a million.");
            }
        });
        return option;
    }

    public static Option<Duration?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (DurationText.TryParse(text, out var span) && span >= Duration.Zero)
            {
                return span;
            }

            result.AddError($"{name} '{text}' is not a length of time. Maybe 30s, 15min, 8h or 7d?");
            return null;
        },
    };

    private static Option<int> AtLeastOne(Option<int> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{option.Name} must be at least 1.");
            }
        });
        return option;
    }

    private static Option<string> Languages()
    {
        var option = new Option<string>("--lang")
        {
            Description = "Language of the tables' labels.",
            Recursive = true,
            HelpName = "en|zh-CN",
            DefaultValueFactory = _ => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? "zh-CN" : "en",
        };
        option.AcceptOnlyFromAmong("en", "zh-CN");
        return option;
    }

    public static IEnumerable<string> PathsHere()
    {
        var scenarios = Directory.Exists("scenarios") ? Directory.EnumerateDirectories("scenarios") : [];
        return scenarios.Concat(Directory.EnumerateDirectories(".").Select(d => Path.GetFileName(d)!)).Order(StringComparer.Ordinal);
    }
}
