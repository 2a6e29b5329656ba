using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

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
        if (parse.Action is ParseErrorAction mistake)
        {
            mistake.ShowHelp = false;
        }

        var result = await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
            ProcessTerminationTimeout = TimeToFinish,
        }, stop).ConfigureAwait(false);
        return parse.Action is ParseErrorAction ? ExitCode.Usage : result;
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Digital twin of a plant: simulate it, schedule it, compare policies, and watch it live.")
        {
            CommonOptions.Language,
            CheckCommand.Create(),
            RunCommand.Create(),
            ScheduleCommand.Create(),
            CompareCommand.Create(),
            ExportCommand.Create(),
            NewCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Add(ServeCommand.Create(root));
        root.Add(EmulateCommand.Create());
        var help = new HelpOption("--help", "-h", "-?");
        help.Action = new Verb.HelpWithExamples((HelpAction)help.Action!);
        root.Options.Remove(root.Options.OfType<HelpOption>().First());
        root.Add(help);
        return root;
    }
}
