using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>What somebody asks for.</summary>
/// <param name="Product">What.</param>
/// <param name="Quantity">How much, > 0.</param>
/// <param name="Due">When it is wanted; <c>null</c> as soon as possible.</param>
/// <param name="Firm">Who asks; <c>null</c> the plant itself.</param>
/// <param name="Express">Whether the premium is paid for kept capacity.</param>
public sealed record QuoteRequest(ProductId Product, double Quantity, SimTime? Due, TenantId? Firm, bool Express = false);

/// <summary>One operation of one lot as it is expected.</summary>
/// <param name="Job">Index in the book with the asked order at its end.</param>
/// <param name="Lot">Lot, counted from 1.</param>
/// <param name="Operation">Index in the routing.</param>
/// <param name="Price">Price where another firm does it; <c>null</c> where it does not.</param>
public sealed record QuoteStep(int Job, int Lot, int Operation, EquipmentId Equipment, SimTime Start, SimTime End, JobPrice? Price);

/// <summary>Offered hours that an operation fits.</summary>
/// <param name="Operation">Index in the routing.</param>
/// <param name="Price">Price by expected times.</param>
public sealed record QuoteOffer(int Operation, EquipmentId Equipment, SimTime Start, SimTime End, double PricePerHour, JobPrice Price);

/// <summary>When and for how much the plant could make something that is asked for now, with everything else that it has promised.</summary>
/// <remarks>The order is put at the end of the book and the plant goes on by its own rule in expected times without breakdowns; ten futures with
/// their luck say how sure that is. Nothing of the running plant changes.</remarks>
public sealed record Quote
{
    private const int Futures = 10;
    private const int OffersPerOperation = 3;
    private const string Id = "quote";

    /// <summary>When it was asked.</summary>
    public required SimTime Asked { get; init; }

    public required QuoteRequest Request { get; init; }

    /// <summary>Every operation in the order of its start; empty when it cannot be made.</summary>
    public required ImmutableArray<QuoteStep> Steps { get; init; }

    /// <summary>Earliest start; <c>null</c> when it cannot be made.</summary>
    public SimTime? Start => Steps.IsEmpty ? null : Steps.Min(s => s.Start);

    /// <summary>Expected finish; <c>null</c> when it cannot be made.</summary>
    public SimTime? Finish => Steps.IsEmpty ? null : Steps.Max(s => s.End);

    /// <summary>Finish in the ninth of ten futures; <c>null</c> when fewer complete it within three horizons.</summary>
    public required SimTime? FinishP90 { get; init; }

    /// <summary>Futures in which it is in time, 0–1; <c>null</c> when no date is wanted.</summary>
    public required double? OnTimeShare { get; init; }

    /// <summary>What other firms ask for their parts of it, and the platform's fee.</summary>
    public JobPrice Price => Steps.Aggregate(default(JobPrice), (sum, s) => s.Price is { } p ? sum + p : sum);

    /// <summary>Offers that fit, earliest first, a few per operation.</summary>
    public required ImmutableArray<QuoteOffer> Offers { get; init; }

    /// <summary>Why it cannot be made, or not in time; empty when it can.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>Asks.</summary>
    /// <param name="state">The plant now.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="seed">Root of the futures' luck.</param>
    public static Quote Of(PlantState state, QuoteRequest request, ulong seed)
    {
        var scenario = state.Plant.Scenario;
        var name = Id;
        while (scenario.Orders.Any(o => o.Id == name))
        {
            name += "'";
        }

        var order = new Order
        {
            Id = name, Product = request.Product, Quantity = request.Quantity, Release = state.Now, Due = request.Due, Tenant = request.Firm, Express = request.Express,
        };
        var asked = scenario with { Orders = scenario.Orders.Add(order) };
        var expected = Future(state, CompiledScenario.Compile(asked.WithoutLuck()), new RandomSource(seed, 0));
        var index = expected.Plant.Jobs.OrderCount - 1;
        var steps = expected.Orders[index].Status == OrderStatus.Complete ? StepsOf(expected, index) : [];
        var lucky = CompiledScenario.Compile(asked);
        var ends = steps.IsEmpty
            ? []
            : Enumerable.Range(0, Futures).Select(r => Future(state, lucky, new RandomSource(seed, r)).Orders[index]).Where(o => o.Status == OrderStatus.Complete).Select(o => o.CompletedAt).Order().ToList();
        var reasons = new QuoteReasons(expected, index).List(steps.IsEmpty, steps.IsEmpty ? null : steps.Max(s => s.End), request.Due);
        return new Quote
        {
            Asked = state.Now,
            Request = request,
            Steps = steps,
            FinishP90 = ends.Count >= Futures - 1 ? new SimTime(ends[Futures - 2]) : null,
            OnTimeShare = request.Due is { } due && !steps.IsEmpty ? ends.Count(e => e <= due.Milliseconds) / (double)Futures : null,
            Offers = OffersFor(state, expected, index),
            Reasons = reasons,
        };
    }

    /// <summary>Goes on until the last order of the book is complete, at most for three horizons.</summary>
    private static PlantState Future(PlantState now, CompiledScenario plant, RandomSource random)
    {
        var state = now.Fork();
        state.GrowTo(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, random, state);
        var (order, limit) = (plant.Jobs.OrderCount - 1, state.Now + plant.Scenario.Horizon * 3);
        while (simulator.State.Orders[order].Status is not (OrderStatus.Complete or OrderStatus.Cancelled) && simulator.NextTime <= limit && simulator.Step())
        {
        }

        return simulator.State;
    }

    private static ImmutableArray<QuoteStep> StepsOf(PlantState state, int order)
    {
        var table = state.Plant.Jobs;
        var (first, end) = (table.OrderFirstLot[order], table.OrderFirstLot[order + 1]);
        return
        [
            .. Enumerable.Range(table.LotFirstJob[first], table.LotFirstJob[end] - table.LotFirstJob[first])
                .Select(job => new QuoteStep(
                    job, table.JobLot[job] - first + 1, table.OperationIndexOf(job), new EquipmentId(state.Jobs[job].Equipment),
                    new SimTime(state.Jobs[job].StartAt), new SimTime(state.Jobs[job].EndAt), JobPrice.Of(state, job)))
                .OrderBy(s => s.Start).ThenBy(s => s.Job),
        ];
    }

    /// <summary>For every operation of the first lot the earliest offered hours after those before it are expected to end.</summary>
    private static ImmutableArray<QuoteOffer> OffersFor(PlantState now, PlantState expected, int order)
    {
        var plant = expected.Plant;
        if (!plant.Capacity.InUse)
        {
            return [];
        }

        var state = now.Fork();
        state.GrowTo(plant);
        var desk = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), state);
        var offers = ImmutableArray.CreateBuilder<QuoteOffer>();
        var lot = plant.Jobs.OrderFirstLot[order];
        for (var job = plant.Jobs.LotFirstJob[lot]; job < plant.Jobs.LotFirstJob[lot + 1]; job++)
        {
            var after = plant.OperationOf(job).Predecessors.Select(p => expected.Jobs[plant.Jobs.LotFirstJob[lot] + p].EndAt).Append(now.Now.Milliseconds).Max();
            offers.AddRange(plant.EligibleEquipment(job)
                .Select(e => desk.OfferFor(job, e, new SimTime(after)) is { } hours
                    ? new QuoteOffer(plant.Jobs.OperationIndexOf(job), new EquipmentId(e), hours.Start, hours.Start + hours.Setup + hours.Processing, hours.PricePerHour,
                        JobPrice.Of(plant, job, e, hours.PricePerHour, hours.Setup, hours.Processing, hours.Start + hours.Setup, hours.Start + hours.Setup + hours.Processing, 1))
                    : null)
                .OfType<QuoteOffer>().OrderBy(o => o.End).ThenBy(o => o.Price.Total).ThenBy(o => o.Equipment.Index).Take(OffersPerOperation));
        }

        return offers.ToImmutable();
    }
}
