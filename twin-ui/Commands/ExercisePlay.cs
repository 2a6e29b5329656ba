using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Training;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin exercise play</c>: an exercise in the terminal, one line a command; a file of lines plays it as well.</summary>
internal static class ExercisePlay
{
    private const string Help = """
        go 30min          let time go on; news (a breakdown, a rush order) stops it
        show [MACHINE]    machines that work or could, or one with the work that it could take
        orders            open orders, the most urgent first
        dispatch MACHINE JOB [JOB…]    the machine does this batch next
        move JOB MACHINE [before JOB]  put a job on a machine's board
        hold JOB MACHINE 2h            at the end of its board, not before then; the machine is kept for it
        free JOB          off the board again
        rule NAME         fifo, edd, spt, atc, …: for what is on no board
        maintain MACHINE 30min
        accept ORDER, refuse ORDER
        hint              what the planner would do here, −1 point
        finish            to the end, and the score
        back 30min        a new attempt from that much earlier
        quit              keep it for another day (twin exercise play … --attempt N)
        """;

    public static Verb Create()
    {
        var (scenario, id, data) = (CommonOptions.Scenario(), ExerciseCommand.Id("exercise", "Name of the exercise."), ExerciseCommand.Data());
        var trainee = new Option<string>("--trainee") { Description = "Who plays.", HelpName = "name", DefaultValueFactory = _ => Environment.UserName };
        var attempt = new Option<string?>("--attempt") { Description = "Go on with this attempt instead of a new one.", HelpName = "number" };
        var script = new Option<string?>("--script") { Description = "Read the commands from this file instead of the keyboard.", HelpName = "file" };
        var verb = new Verb("play", "Play an exercise in the terminal.")
        {
            Examples = [("twin exercise play scenarios/dyehouse night-shift --trainee wang", "one command a line; 'help' lists them")],
        };
        verb.Add(scenario);
        verb.Add(id);
        foreach (var option in (Option[])[trainee, attempt, script, data])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) => ExerciseCommand.Guarded(() =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var room = ExerciseCommand.Room(plant, parse.GetValue(data)!);
            var session = parse.GetValue(attempt) is { } number
                ? room.Find(number) ?? throw new CommandException($"attempt '{number}' does not exist.")
                : room.Begin(parse.GetValue(id)!, parse.GetValue(trainee)!);
            using var input = parse.GetValue(script) is { } file ? new StreamReader(file) : Console.In;
            shell.Line($"attempt {session.Attempt.Id} of {session.Exercise.Id}. {session.Exercise.Brief}");
            Machines(shell, session);
            while (!stop.IsCancellationRequested && Ask(shell, session, input) is { } line)
            {
                if (line.Trim() is "quit" or "q")
                {
                    return ExitCode.Ok;
                }

                if (line.Trim() == "finish")
                {
                    ExerciseCommand.Show(shell, plant, room.Score(session.Attempt.Id, stop: stop));
                    return ExitCode.Ok;
                }

                try
                {
                    if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["back", var length])
                    {
                        session = room.Backtrack(session.Attempt.Id, Span(length), session.Attempt.Trainee);
                        shell.Line($"attempt {session.Attempt.Id}, back from {session.Attempt.BackFrom}");
                        continue;
                    }

                    Do(shell, session, line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), stop);
                }
                catch (TrainingException e)
                {
                    shell.Complain(e.Message);
                }
            }

            return ExitCode.Ok;
        }));
        return verb;
    }

    private static string? Ask(Shell shell, AttemptSession session, TextReader input)
    {
        shell.Line($"{MomentText.Format(session.Now, session.Names.Plant.Scenario.Clock)}> ");
        return input.ReadLine();
    }

    private static void Do(Shell shell, AttemptSession session, string[] words, CancellationToken stop)
    {
        switch (words)
        {
            case []: break;
            case ["help" or "?"]: shell.Line(Help); break;
            case ["go", var length]:
                session.Advance(Span(length), stopAtNews: true);
                News(shell, session);
                break;
            case ["show"]: Machines(shell, session); break;
            case ["show", var machine]: Machine(shell, session, machine); break;
            case ["orders"]: Orders(shell, session); break;
            case ["dispatch", var machine, .. var jobs]: session.Decide(new DispatchDecision(machine, jobs)); break;
            case ["move", var job, var machine]: session.Decide(new MoveDecision(job, machine)); break;
            case ["move", var job, var machine, "before", var other]: session.Decide(new MoveDecision(job, machine, other)); break;
            case ["hold", var job, var machine, var length]: session.Decide(new HoldDecision(job, machine, (session.Now + Span(length)).Milliseconds)); break;
            case ["free", var job]: session.Decide(new FreeDecision(job)); break;
            case ["rule", var name]:
                session.Decide(new RuleDecision(ScenarioInput.Rules.TryGetValue(name, out var rule) ? rule : throw new TrainingException($"rule '{name}' is unknown. Maybe one of {string.Join(", ", ScenarioInput.Rules.Keys)}")));
                break;
            case ["maintain", var machine, var length]: session.Decide(new MaintainDecision(machine, Span(length).Milliseconds)); break;
            case ["accept" or "refuse", var order]: session.Decide(new AnswerDecision(order, words[0] == "accept")); break;
            case ["hint"]: shell.Line(session.Hint(3, stop: stop)); break;
            default: shell.Complain($"'{string.Join(' ', words)}' is not understood. 'help' lists the commands."); break;
        }
    }

    private static Duration Span(string text) => DurationText.TryParse(text, out var span) ? span : throw new TrainingException($"'{text}' is not a length of time. Maybe 30min or 2h");

    private static void News(Shell shell, AttemptSession session)
    {
        var (view, clock) = (session.View(), session.Names.Plant.Scenario.Clock);
        for (var e = 0; e < view.State.Equipment.Length; e++)
        {
            if (view.State.Equipment[e].Status is EquipmentStatus.Down or EquipmentStatus.Repair)
            {
                shell.Line($"! {view.State.Plant.Plant.Equipment[e].Id} is broken since {MomentText.Format(new SimTime(view.State.Equipment[e].Since), clock)}");
            }
        }

        foreach (var open in session.Offers)
        {
            shell.Line($"! rush order {open.Offer.Order.Id}: {open.Offer.Order.Quantity:0.##} × {open.Offer.Order.Product}; accept or refuse until {MomentText.Format(open.Until, clock)} (refusing costs {ExerciseCommand.N(open.Offer.RefusalCost)})");
        }
    }

    private static void Machines(Shell shell, AttemptSession session)
    {
        var view = session.View();
        var (state, plant) = (view.State, view.State.Plant);
        var table = ExerciseCommand.Table(shell, ("Machine", "设备"), ("State", "状态"), ("Job", "作业"), ("Until about", "预计到"), ("Waiting", "等待"), ("Family", "色系"));
        var idle = 0;
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            var machine = state.Equipment[e];
            var job = machine.FirstActive >= 0 ? machine.FirstActive : machine.Reserved;
            var until = machine.FirstActive >= 0 ? state.ExpectedEndMs(machine.FirstActive) : machine.ExpectedEnd;
            var waiting = plant.EquipmentGroups[e].Sum(g => state.ReadyInGroup[g]);
            if (machine.Status == EquipmentStatus.Idle && waiting == 0)
            {
                idle++;
                continue;
            }

            ExerciseCommand.Row(
                table, plant.Plant.Equipment[e].Id, machine.Status.ToString(), job >= 0 ? plant.JobName(job) : "",
                until > view.Now.Milliseconds ? Minute(new SimTime(until), plant) : "", waiting.ToString(CultureInfo.InvariantCulture),
                machine.Family >= 0 ? plant.Plant.Families[machine.Family].Id : "");
        }

        shell.Show(table);
        if (idle > 0)
        {
            shell.Line($"{idle} more stand idle, and nothing waits for them");
        }
    }

    private static string Minute(SimTime time, CompiledScenario plant) => plant.Scenario.Clock.ToWallClock(time).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Machine(Shell shell, AttemptSession session, string id)
    {
        var view = session.View();
        var (state, plant) = (view.State, view.State.Plant);
        var e = session.Names.Equipment(id);
        if (e < 0)
        {
            throw new TrainingException($"equipment '{id}' is not in the plant");
        }

        var table = ExerciseCommand.Table(shell, ("Job", "作业"), ("State", "状态"), ("Due", "交期"), ("Quantity", "数量"));
        var jobs = Enumerable.Range(0, state.Jobs.Length).Where(j => state.Jobs[j].Status == JobStatus.Ready && plant.CanRun(j, e));
        foreach (var j in jobs.OrderBy(j => plant.OrderOf(j).Due ?? SimTime.Never).Take(25))
        {
            ExerciseCommand.Row(table, plant.JobName(j), state.Jobs[j].Status.ToString(), plant.OrderOf(j).Due is { } due ? Minute(due, plant) : "–", ExerciseCommand.N(plant.Jobs.QuantityOf(j)));
        }

        shell.Show(table);
        foreach (var batch in view.Schedule.Schedule?.Batches.Where(b => b.Equipment.Index == e) ?? [])
        {
            shell.Line($"on its board: {string.Join(" + ", batch.Jobs.Select(j => plant.JobName(j)))}");
        }
    }

    private static void Orders(Shell shell, AttemptSession session)
    {
        var (state, plant) = (session.View().State, session.View().State.Plant);
        var table = ExerciseCommand.Table(shell, ("Order", "订单"), ("State", "状态"), ("Due", "交期"), ("Jobs left", "剩余作业"), ("Priority", "优先级"));
        var open = Enumerable.Range(0, state.Orders.Length).Where(o => state.Orders[o].Status is OrderStatus.Released or OrderStatus.InProduction);
        foreach (var o in open.OrderBy(o => plant.Scenario.Orders[o].Due ?? SimTime.Never).Take(30))
        {
            var order = plant.Scenario.Orders[o];
            ExerciseCommand.Row(table, order.Id, state.Orders[o].Status.ToString(), order.Due is { } due ? Minute(due, plant) : "–", $"{state.Orders[o].JobsLeft}", ExerciseCommand.N(order.Priority));
        }

        shell.Show(table);
    }
}
