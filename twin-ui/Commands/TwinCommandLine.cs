using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using DigitalTwin.Plant.Scenarios;

namespace DigitalTwin.Ui.Commands;

/// <summary>The <c>twin</c> command line: all its verbs, wired together.</summary>
public static class TwinCommandLine
{
    // Long enough to write out an incumbent or an event file after Ctrl-C.
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">As the shell split it, without the program's name.</param>
    /// <param name="output">Standard output; the console's when <c>null</c>.</param>
    /// <param name="error">Standard error; the console's when <c>null</c>.</param>
    /// <param name="stop">Interrupts like Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null, CancellationToken stop = default)
    {
        var parse = Root().Parse(args);
        if (parse.Action is ParseErrorAction)
        {
            return Refuse(parse, error ?? Console.Error);
        }

        return await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
            ProcessTerminationTimeout = TimeToFinish,
        }, stop).ConfigureAwait(false);
    }

    /// <summary>Says what is wrong with a command line, and the way out.</summary>
    private static int Refuse(ParseResult parse, TextWriter error)
    {
        var command = parse.CommandResult.Command;
        var verbs = string.Join(", ", command.Subcommands.Select(c => c.Name));
        if (command.Subcommands.Count > 0 && parse.UnmatchedTokens is [var word, ..])
        {
            var near = Suggestion.For(word, command.Subcommands.Select(c => c.Name)) ?? $"Maybe one of {verbs}?";
            error.WriteLine(word.StartsWith('-') ? $"twin: there is no option '{word}'." : $"twin: there is no verb '{word}'. {near}");
        }
        else if (command.Subcommands.Count > 0 && command.Action is null)
        {
            error.WriteLine($"twin: {command.Name} needs to know what: {verbs}.");
        }
        else
        {
            var options = command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).ToArray();
            foreach (var mistake in parse.Errors.Select(e => WithoutType(e.Message)).Distinct(StringComparer.Ordinal))
            {
                var wrong = parse.UnmatchedTokens.FirstOrDefault(t => mistake.Contains($"'{t}'", StringComparison.Ordinal));
                error.WriteLine($"twin: {mistake}{(wrong is not null && Suggestion.For(wrong, options) is { } near ? $" {near}" : "")}");
            }
        }

        error.WriteLine($"{string.Join(' ', Words(parse.CommandResult))} --help shows how it goes.");
        return ExitCode.Usage;
    }

    /// <summary>The library names .NET types when a value cannot be read; nobody at a shell needs them.</summary>
    private static string WithoutType(string message) => message.IndexOf(" as expected type", StringComparison.Ordinal) is > 0 and var at ? message[..at] + "." : message;

    private static IEnumerable<string> Words(CommandResult result) => result.Parent is CommandResult parent ? [.. Words(parent), result.Command.Name] : ["twin"];

    internal static RootCommand Root()
    {
        var root = new RootCommand("Digital twin of a plant: simulate it, schedule it, compare policies, and watch it live.")
        {
            CommonOptions.Language,
            CheckCommand.Create(),
            RunCommand.Create(),
            ScheduleCommand.Create(),
            ScheduleRepairCommand.Create(),
            ScheduleDiffCommand.Create(),
            ScheduleExplainCommand.Create(),
            SchedulePromiseCommand.Create(),
            ScheduleRobustCommand.Create(),
            CompareCommand.Create(),
            WhatIfCommand.Create(),
            WhyCommand.Create(),
            BottleneckCommand.Create(),
            CalibrateCommand.Create(),
            FloorCommandVerb.Create(),
            MaterialsCommand.Create(),
            ConditionCommand.Create(),
            TraceCommand.Create(),
            SnapshotCommand.Create(),
            ExerciseCommand.Create(),
            ValidateCommand.Create(),
            BalanceCommand.Create(),
            BenchCommand.Create(),
            ImportCommand.Create(),
            ExportCommand.Create(),
            CapacityCommand.Create(),
            QuoteCommand.Create(),
            DoorsCommand.Create(),
            NewCommand.Create(),
            BackupCommand.CreateBackup(),
            BackupCommand.CreateRestore(),
            BackupCommand.CreateVerify(),
            CompletionCommand.Create(),
        };
        root.Add(ServeCommand.Create(root));
        root.Add(EmulateCommand.Create());
        root.Add(UserCommand.Create());
        root.Add(KeyCommand.Create());
        root.Add(AuditCommand.Create());
        var help = new HelpOption("--help", "-h", "-?");
        help.Action = new Verb.HelpWithExamples((HelpAction)help.Action!);
        root.Options.Remove(root.Options.OfType<HelpOption>().First());
        root.Add(help);
        return root;
    }
}
