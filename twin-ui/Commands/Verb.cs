using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DigitalTwin.Ui.Commands;

/// <summary>A verb of the command line: its work runs off the calling thread so that Ctrl-C is heard, and its help ends with examples.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>Command lines that work as they stand, with a word on what they do.</summary>
    public IReadOnlyList<(string Line, string Does)> Examples { get; init; } = [];

    /// <summary>Sets what the verb does; an expected failure becomes a message and an exit code.</summary>
    public void Does(Func<ParseResult, Shell, CancellationToken, int> work) =>
        DoesAsync(this, (parse, shell, stop) => Task.FromResult(work(parse, shell, stop)));

    /// <summary>Like <see cref="Does"/> for work that waits on other things, and for the root command.</summary>
    public static void DoesAsync(Command command, Func<ParseResult, Shell, CancellationToken, Task<int>> work) =>
        command.SetAction((parse, stop) => Task.Run(() => GuardAsync(parse, shell => work(parse, shell, stop)), CancellationToken.None));

    private static async Task<int> GuardAsync(ParseResult parse, Func<Shell, Task<int>> work)
    {
        var shell = Shell.Of(parse);
        try
        {
            return await work(shell).ConfigureAwait(false);
        }
        catch (CommandException e)
        {
            shell.Complain(e.Message);
            return e.ExitCode;
        }
        catch (DigitalTwin.Plant.Snapshots.SnapshotException e)
        {
            shell.Complain(e.Message);
            return ExitCode.Findings;
        }
        catch (DigitalTwin.Runtime.Journal.JournalException e)
        {
            shell.Complain(e.Message);
            return ExitCode.Findings;
        }
        catch (DigitalTwin.Plant.Planning.PlanningException e)
        {
            shell.Complain(e.Message);
            return ExitCode.Infeasible;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            shell.Complain(e.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Help as the library writes it, followed by the examples and the exit codes.</summary>
    internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = inner.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
            {
                output.WriteLine("Examples:");
                foreach (var (line, does) in verb.Examples)
                {
                    output.WriteLine($"  {line}");
                    output.WriteLine($"      {does}");
                }

                output.WriteLine();
            }

            output.WriteLine("Exit codes:");
            output.WriteLine($"  {ExitCode.Summary}");
            return result;
        }
    }
}

/// <summary>A failure that a person can do something about: printed without a stack trace.</summary>
internal sealed class CommandException : Exception
{
    public CommandException()
    {
    }

    public CommandException(string message)
        : base(message)
    {
    }

    public CommandException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Exit code of the process, one of <see cref="Commands.ExitCode"/>.</summary>
    public int ExitCode { get; init; } = Commands.ExitCode.Usage;
}
