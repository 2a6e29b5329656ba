using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Promise;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Commands;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}</c>: living with the schedule in force — repair it, explain it, promise against it, compare it with a search.</summary>
internal static class ScheduleDeskApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/plants/{plant}/schedule/repair", (string plant, RepairQuestion body, SessionRegistry sessions, CancellationToken cancellation) =>
            Ask(sessions, plant, (view, schedule) => Repair(view, schedule, body, cancellation))).Needs(Permit.Plan);
        api.MapGet("/plants/{plant}/schedule/why/{order}", (string plant, string order, SessionRegistry sessions) =>
            Ask(sessions, plant, (view, schedule) => Why(view, schedule, order))).Needs(Permit.See);
        api.MapPost("/plants/{plant}/schedule/promise", (string plant, PromiseQuestion body, SessionRegistry sessions) =>
            Ask(sessions, plant, (view, schedule) => Promise(view, schedule, body))).Needs(Permit.Plan);
        api.MapGet("/plants/{plant}/optimise/{id}/diff", (string plant, string id, SessionRegistry sessions, OptimiseService service) =>
            Ask(sessions, plant, (view, schedule) => service.Find(plant, id)?.Best is { } best
                ? ScheduleDiffTables.ForScripts(view.State.Plant, PlanDiffer.Of(view.State.Plant, schedule, best, view.State))
                : throw new CommandException($"search '{id}' of plant '{plant}' has found no schedule"))).Needs(Permit.See);
    }

    /// <summary>A repaired schedule to be put in force with <c>PUT …/schedule</c>, and what it changes because of what.</summary>
    public static object Repair(TwinView view, Schedule schedule, RepairQuestion question, CancellationToken cancellation)
    {
        var result = PlanRepair.Run(
            new RepairRequest
            {
                Plant = view.State.Plant, From = view.State, Current = schedule, Stability = question.Stability,
                Frozen = Duration.FromSeconds(question.FrozenSeconds), TimeLimit = Duration.FromSeconds(Math.Min(60, question.TimeLimitSeconds)), Workers = 1,
            }, null, cancellation);
        return new
        {
            BasedOn = view.Schedule.Version,
            Objective = ScheduleRepairCommand.Terms(result.Objective),
            Shifted = result.Shifted is { } shifted ? ScheduleRepairCommand.Terms(shifted) : null,
            Diff = ScheduleDiffTables.ForScripts(view.State.Plant, result.Diff),
            Schedule = ScheduleDocument.Of(result.Schedule, 0, "", view.State.Plant),
        };
    }

    public static object Why(TwinView view, Schedule schedule, string order) => ScheduleExplainCommand.ForScripts(
        view.State.Plant, WhyLate.OfCarriedOn(view.State.Plant, schedule, ScheduleDisruptions.Order("why", order, view.State.Plant), view.State));

    public static object Promise(TwinView view, Schedule schedule, PromiseQuestion question)
    {
        var plant = view.State.Plant;
        var text = question.Quantity.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var order = ScheduleDisruptions.NewOrder(plant, "promise", view.Now, question.Product, text, question.Family);
        var carriedOn = PlanRepair.CarryOn(plant, schedule, view.State);
        var promise = OrderPromise.Of(plant, carriedOn, order, view.State);
        return new
        {
            Date = ScheduleDiffTables.Iso(plant, promise.Date),
            InGaps = ScheduleDiffTables.Iso(plant, promise.InGaps),
            WithMoves = ScheduleDiffTables.Iso(plant, promise.WithMoves),
        };
    }

    private static IResult Ask(SessionRegistry sessions, string plant, Func<TwinView, Schedule, object> answer) => ApiTools.With(sessions, plant, s =>
    {
        var view = s.View();
        if (view.Schedule.Schedule is not { } schedule)
        {
            return ApiTools.Problem(StatusCodes.Status404NotFound, "No schedule in force", $"no schedule is in force in plant '{plant}'. Maybe apply one first: POST …/optimise, then …/apply");
        }

        try
        {
            return Results.Ok(answer(view, schedule));
        }
        catch (CommandException e)
        {
            return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not understood", e.Message);
        }
        catch (PlanningException e)
        {
            return ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not possible", e.Message);
        }
    });
}

/// <summary>How the schedule in force is to be repaired.</summary>
/// <param name="Stability">What one moved operation costs, ≥ 0.</param>
/// <param name="FrozenSeconds">What begins so soon stays.</param>
/// <param name="TimeLimitSeconds">Search time, > 0, at most 60.</param>
internal sealed record RepairQuestion(double Stability = 1, double FrozenSeconds = 0, double TimeLimitSeconds = 2);

/// <summary>What somebody would like to order.</summary>
internal sealed record PromiseQuestion(string Product, double Quantity, string? Family = null);
