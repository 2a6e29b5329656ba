using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/orders</c>: the order book, promised against forecast.</summary>
internal static class OrdersApi
{
    private const int MaxPage = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants/{plant}/orders", List).Needs(Permit.See, firmsToo: true);
        api.MapGet("/plants/{plant}/orders/book", (string plant, int? from, SessionRegistry sessions) => ApiTools.With(sessions, plant, s =>
        {
            var whole = s.Plant;
            return Results.Json(
                whole.Scenario.Orders.Skip(Math.Max(0, from ?? 0)).Select(o => OrderDocument.Of(o, whole)).ToArray(), RuntimeJson.Default.OrderDocumentArray);
        })).Needs(Permit.See);
        api.MapGet("/plants/{plant}/orders/{id}", (string plant, string id, HttpContext http) => ApiTools.SeeState(http, plant, (seen, view) =>
            seen.OrderNamed(id) is >= 0 and var o && o < view.State.Orders.Length
                ? Results.Ok(OrderStateDocument.Of(view, o))
                : ApiTools.Problem(StatusCodes.Status404NotFound, "No such order", $"order '{id}' is not in the book of plant '{plant}'"))).Needs(Permit.See, firmsToo: true);
        api.MapPost("/plants/{plant}/orders", AddAsync).Needs(Permit.Plan, firmsToo: true);
    }

    /// <param name="status">Only orders in this state.</param>
    /// <param name="search">Part of the id, product or firm.</param>
    /// <param name="late">Only orders that are past due, or were completed late.</param>
    /// <param name="offset">Orders to skip.</param>
    /// <param name="limit">Orders on the page, at most 1000.</param>
    private static IResult List(string plant, string? status, string? search, bool? late, int? offset, int? limit, HttpContext http)
    {
        OrderStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (!Enum.TryParse<OrderStatus>(status, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "No such status", $"status '{status}' is unknown. Maybe one of {string.Join(", ", Enum.GetNames<OrderStatus>())}");
            }

            wanted = known;
        }

        return ApiTools.SeeState(http, plant, (seen, view) =>
        {
            var found = seen.Orders(view)
                .Where(o => wanted is null || view.State.Orders[o].Status == wanted)
                .Where(o => string.IsNullOrEmpty(search) || Matches(view, o, search))
                .Where(o => late is null || OrderStateDocument.IsLate(view, o) == late)
                .ToList();
            var page = found.Skip(Math.Max(0, offset ?? 0)).Take(Math.Clamp(limit ?? 100, 1, MaxPage))
                .Select(o => OrderStateDocument.Of(view, o)).ToList();
            http.Response.Headers["X-Total-Count"] = found.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return ListAnswer.Of(http, "orders", page, new { total = found.Count, orders = page });
        });
    }

    /// <summary>A JSON array of orders; all enter, or none. <c>?dryRun=true</c> only says what would happen.</summary>
    private static Task<IResult> AddAsync(string plant, OrderDocument[] orders, bool? dryRun, HttpContext http, CancellationToken cancellation) =>
        ApiTools.SeeAsync(http, plant, async seen =>
        {
            if (OrderGate.Problem(seen, orders) is { } problem)
            {
                return problem;
            }

            var placed = OrderGate.InNameOf(seen, orders);
            var outcome = dryRun == true ? seen.Session.TryAddOrders(placed) : await seen.Session.AddOrdersAsync(placed, cancellation);
            return outcome.Problems.Count == 0
                ? Results.Ok(new { added = outcome.Added, dryRun = dryRun == true })
                : ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "No order was added", outcome.Problems[0], outcome.Problems);
        });

    private static bool Matches(TwinView view, int o, string search)
    {
        var plant = view.State.Plant;
        var order = plant.Scenario.Orders[o];
        var product = plant.Plant.Products[order.Product];
        return Has(order.Id) || Has(product.Id) || Has(product.Name.En) || Has(product.Name.Zh) || (order.Tenant is { } t && Has(plant.Plant.Tenants[t].Id));

        bool Has(string? text) => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true;
    }
}

/// <summary>An order and where it stands.</summary>
internal sealed record OrderStateDocument
{
    public required string Id { get; init; }
    public required string Product { get; init; }
    public required double Quantity { get; init; }
    public required string Unit { get; init; }
    public string? Family { get; init; }
    public string? Tenant { get; init; }
    public required double Priority { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset Release { get; init; }
    public DateTimeOffset? Due { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public required int Jobs { get; init; }
    public required int JobsLeft { get; init; }
    public required double Scrapped { get; init; }

    /// <summary>Past due now, or completed after its due date.</summary>
    public required bool Late { get; init; }

    public static OrderStateDocument Of(TwinView view, int o)
    {
        var plant = view.State.Plant;
        var order = plant.Scenario.Orders[o];
        var state = view.State.Orders[o];
        var family = order.Family ?? plant.Plant.Products[order.Product].Family;
        return new OrderStateDocument
        {
            Id = order.Id,
            Product = plant.Plant.Products[order.Product].Id,
            Quantity = order.Quantity,
            Unit = order.Unit,
            Family = family is { } f ? plant.Plant.Families[f].Id : null,
            Tenant = order.Tenant is { } t ? plant.Plant.Tenants[t].Id : null,
            Priority = order.Priority,
            Kind = order.Kind.ToString(),
            Status = state.Status.ToString(),
            Release = plant.Scenario.Clock.ToWallClock(order.Release),
            Due = order.Due is { } due ? plant.Scenario.Clock.ToWallClock(due) : null,
            StartedAt = Wall(state.StartedAt),
            CompletedAt = Wall(state.CompletedAt),
            Jobs = view.State.JobCountOf(o),
            JobsLeft = state.JobsLeft,
            Scrapped = state.Scrapped,
            Late = IsLate(view, o),
        };

        DateTimeOffset? Wall(long ms) => ms < 0 ? null : plant.Scenario.Clock.ToWallClock(new(ms));
    }

    public static bool IsLate(TwinView view, int o)
    {
        var state = view.State.Orders[o];
        var end = state.CompletedAt >= 0 ? state.CompletedAt : view.Now.Milliseconds;
        return state.Status != OrderStatus.Cancelled && view.State.Plant.Scenario.Orders[o].Due is { } due && end > due.Milliseconds;
    }
}
