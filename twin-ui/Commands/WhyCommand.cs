using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin why</c>: where the time of orders went, and why the late ones are late.</summary>
internal static class WhyCommand
{
    private const int OrdersShown = 15;

    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var order = new Option<string?>("--order") { Description = "One order, step by step along its critical chain.", HelpName = "id" };
        var plan = new PlanOptions();
        var replication = CommonOptions.Replication();
        var file = CommonOptions.Output();
        var json = CommonOptions.Json();
        var verb = new Verb("why", "Say why orders are late: their flow time split into processing, setup, queueing for what, and every other wait.")
        {
            Examples =
            [
                ("twin why scenarios/dyehouse", "where the time goes, what was queued for, the latest orders and their reasons"),
                ("twin why scenarios/dyehouse --order O0007 --rule atc", "one order along its critical chain"),
                ("twin why scenarios/shared-factory -o why.csv", "every order with its parts in milliseconds, which sum exactly"),
            ],
        };
        verb.Add(scenario);
        verb.Add(order);
        plan.AddTo(verb);
        verb.Add(replication);
        verb.Add(file);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            var plant = ScenarioInput.Open(shell, path);
            var wanted = OrderNamed(plant, parse.GetValue(order));
            var run = Watched.Run(shell, plan.Read(parse, plant), parse.GetValue(replication), stop);
            var flows = run.Flows.Where(f => wanted < 0 || f.Order == wanted).ToArray();
            if (wanted >= 0 && flows.Length == 0)
            {
                throw new CommandException($"order '{plant.Scenario.Orders[wanted].Id}' was not released in this run. Maybe a later --until?");
            }

            var table = wanted >= 0 ? ExplanationExports.Steps(plant, flows[0]) : ExplanationExports.Orders(plant, flows);
            if (parse.GetValue(file) is { } output)
            {
                Watched.Write(shell, output, table);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant, path, run, flows, wanted >= 0));
            }
            else if (parse.GetValue(file) is null)
            {
                Print(shell, plant, run, flows, wanted >= 0);
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static int OrderNamed(CompiledScenario plant, string? id)
    {
        if (id is null)
        {
            return -1;
        }

        var ids = plant.Scenario.Orders.Select(o => o.Id).ToArray();
        var index = Array.IndexOf(ids, id);
        return index >= 0 ? index : throw new CommandException($"there is no order '{id}'. {Suggestion.For(id, ids) ?? $"Maybe one like {ids.FirstOrDefault()}?"}");
    }

    private static void Print(Shell shell, CompiledScenario plant, WatchedRun run, OrderFlow[] flows, bool single)
    {
        shell.Line($"{plant.Scenario.Name.In(shell.Language)} · {run.Plan.Name} · seed {run.Plan.Seed} · replication {run.Result.Replication}");
        if (flows.Length == 0)
        {
            shell.Line("No order was released.");
            return;
        }

        if (single)
        {
            shell.Show(WhyTables.Orders(shell, plant, flows));
            shell.Show(WhyTables.Steps(shell, plant, flows[0]));
            return;
        }

        shell.Show(WhyTables.Overview(shell, flows));
        if (WhyTables.Queues(shell, plant, flows) is { } queues)
        {
            shell.Show(queues);
        }

        var late = flows.Where(f => f.LatenessMs > 0).OrderByDescending(f => f.LatenessMs).ToArray();
        var shown = late.Length > 0 ? late : [.. flows.OrderByDescending(f => f.FlowMs)];
        shell.Show(WhyTables.Orders(shell, plant, shown.Take(OrdersShown)));
        shell.Line(late.Length > 0
            ? $"{late.Length} of {flows.Length} orders are late; the latest {Math.Min(OrdersShown, late.Length)} are shown. --order ID follows one step by step."
            : $"No order is late; the slowest {Math.Min(OrdersShown, shown.Length)} of {flows.Length} are shown.");
    }

    private static object ForScripts(CompiledScenario plant, string path, WatchedRun run, OrderFlow[] flows, bool single) => new
    {
        Verb = "why",
        Scenario = new { plant.Scenario.Id, Path = path },
        Policy = run.Plan.Name,
        run.Plan.Seed,
        run.Result.Replication,
        Orders = flows.Select(f => new
        {
            plant.Scenario.Orders[f.Order].Id,
            f.Complete,
            f.FlowMs,
            f.LatenessMs,
            Parts = Parts(p => f[p]),
            Steps = single
                ? f.Steps.Select(s => new
                {
                    Job = plant.JobName(s.Job),
                    Equipment = s.Equipment >= 0 ? plant.Plant.Equipment[s.Equipment].Id : null,
                    Queue = WhyTables.QueueName(plant, s.Group, "en"),
                    s.FromMs,
                    s.ToMs,
                    Parts = Parts(p => s[p]),
                })
                : null,
        }),
    };

    private static Dictionary<string, long> Parts(Func<FlowPart, long> ms) =>
        FlowParts.All.Where(p => ms(p.Part) != 0).ToDictionary(p => p.Key, p => ms(p.Part), StringComparer.Ordinal);
}
