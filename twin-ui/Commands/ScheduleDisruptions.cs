using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>The options that say what came in between: <c>--breakdown</c>, <c>--rush</c>, <c>--delay</c>, <c>--at</c>.</summary>
internal sealed class ScheduleDisruptions
{
    private readonly Option<string[]> _breakdowns = new("--breakdown")
    {
        Description = "A machine down from a moment for so long: MACHINE@MOMENT+LENGTH; the moment is a date and time or the time since the epoch.", HelpName = "vat7@10h+4h",
    };

    private readonly Option<string[]> _rushes = new("--rush")
    {
        Description = "A rush order: item, quantity and due, optionally family, priority and id.", HelpName = "item=…,quantity=…,due=…",
    };

    private readonly Option<string[]> _delays = new("--delay")
    {
        Description = "An order whose open work must wait so long from now (its material is late), or a running job (ORDER/LOT/OPERATION) that takes so much longer.", HelpName = "order+8h",
    };

    private readonly Option<string?> _at = new("--at")
    {
        Description = "The moment of repair: until then the plant went by the schedule. The latest breakdown's when not given.", HelpName = "moment",
    };

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[_breakdowns, _rushes, _delays, _at])
        {
            verb.Add(option);
        }
    }

    /// <summary>What was asked for, and the moment of repair.</summary>
    /// <exception cref="CommandException">Something is misspelt or missing.</exception>
    public (SimTime Now, List<Disruption> Disruptions) Read(ParseResult parse, CompiledScenario plant)
    {
        var all = new List<Disruption>();
        all.AddRange((parse.GetValue(_breakdowns) ?? []).Select(text => Breakdown(text, plant)));
        var latest = all.OfType<MachineBreakdown>().Select(b => b.At).DefaultIfEmpty(SimTime.Zero).Max();
        var now = parse.GetValue(_at) is { } at ? Moment("--at", at, plant) : latest;
        all.AddRange((parse.GetValue(_delays) ?? []).Select(text => Delay(text, plant)));
        all.AddRange((parse.GetValue(_rushes) ?? []).Select((text, i) => Rush(text, i, plant, now)));
        return (now, all);
    }

    /// <summary>A date and time of the plant, or the time since its epoch.</summary>
    public static SimTime Moment(string option, string text, CompiledScenario plant) =>
        DurationText.TryParse(text, out var since) ? SimTime.Zero + since
        : MomentText.TryParse(text, plant.Scenario.Clock, out var moment, out _) ? moment
        : throw new CommandException($"{option} '{text}' is no moment. Maybe 2026-03-02 14:00, or 30h after the epoch?");

    public static int Equipment(string option, string id, CompiledScenario plant) =>
        Find(option, "equipment", id, [.. plant.Plant.Equipment.Select(e => e.Id)]);

    public static int Order(string option, string id, CompiledScenario plant) =>
        Find(option, "order", id, [.. plant.Scenario.Orders.Select(o => o.Id)]);

    /// <summary>A job by <c>order/lot/operation</c>; the lot may be left out where the order has one.</summary>
    public static int Job(string option, string name, CompiledScenario plant)
    {
        var parts = name.Split('/');
        var whole = parts.Length == 2 ? $"{parts[0]}/1/{parts[1]}" : name;
        var order = Order(option, parts[0], plant);
        var (first, end) = (plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[order]], plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[order + 1]]);
        string[] names = [.. Enumerable.Range(first, end - first).Select(plant.JobName)];
        return first + Find(option, "job", whole, names);
    }

    public static int Find(string option, string what, string id, string[] ids)
    {
        var index = Array.IndexOf(ids, id);
        return index >= 0 ? index : throw new CommandException($"{option}: there is no {what} '{id}'. {Suggestion.For(id, ids) ?? $"Maybe one like {ids.FirstOrDefault()}?"}");
    }

    private static MachineBreakdown Breakdown(string text, CompiledScenario plant)
    {
        var (at, plus) = (text.LastIndexOf('@'), text.LastIndexOf('+'));
        if (at <= 0 || plus < at || !DurationText.TryParse(text[(plus + 1)..], out var length) || length <= Duration.Zero)
        {
            throw new CommandException($"--breakdown '{text}' is not MACHINE@MOMENT+LENGTH. Maybe {plant.Plant.Equipment.FirstOrDefault()?.Id ?? "vat7"}@10h+4h?");
        }

        return new MachineBreakdown(new EquipmentId(Equipment("--breakdown", text[..at], plant)), Moment("--breakdown", text[(at + 1)..plus], plant), length);
    }

    private static Disruption Delay(string text, CompiledScenario plant)
    {
        var plus = text.LastIndexOf('+');
        if (plus <= 0 || !DurationText.TryParse(text[(plus + 1)..], out var by) || by <= Duration.Zero)
        {
            throw new CommandException($"--delay '{text}' is not ORDER+LENGTH. Maybe {plant.Scenario.Orders.FirstOrDefault()?.Id ?? "O1"}+8h?");
        }

        var name = text[..plus];
        return name.Contains('/', StringComparison.Ordinal)
            ? new WorkDelay(new JobId(Job("--delay", name, plant)), by)
            : new OrderDelay(new OrderId(Order("--delay", name, plant)), by);
    }

    private static RushOrder Rush(string text, int number, CompiledScenario plant, SimTime now)
    {
        var fields = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToLookup(f => f[0], f => f.Length > 1 ? f[1] : "", StringComparer.OrdinalIgnoreCase);
        string[] known = ["item", "quantity", "due", "family", "priority", "id"];
        if (fields.FirstOrDefault(f => !known.Contains(f.Key, StringComparer.OrdinalIgnoreCase)) is { } odd)
        {
            throw new CommandException($"--rush does not know '{odd.Key}'. {Suggestion.For(odd.Key, known) ?? $"It knows {string.Join(", ", known)}."}");
        }

        var priority = 1.0;
        if (fields["priority"].FirstOrDefault() is { } p && !(double.TryParse(p, CultureInfo.InvariantCulture, out priority) && priority > 0))
        {
            throw new CommandException($"--rush priority '{p}' must be a number above 0; 1 is ordinary.");
        }

        return new RushOrder(NewOrder(plant, "--rush", now, fields["item"].FirstOrDefault(), fields["quantity"].FirstOrDefault(), fields["family"].FirstOrDefault()) with
        {
            Id = fields["id"].FirstOrDefault() ?? $"RUSH{number + 1}",
            Due = fields["due"].FirstOrDefault() is { } due
                ? due.StartsWith('+') && DurationText.TryParse(due[1..], out var after) ? now + after : Moment("--rush due", due, plant)
                : throw new CommandException("--rush needs due=MOMENT. Maybe due=+24h, a day from now?"),
            Priority = priority,
        });
    }

    /// <summary>An order as a command line describes it, released now; lots as other orders of the item are cut.</summary>
    public static Order NewOrder(CompiledScenario plant, string option, SimTime now, string? item, string? quantity, string? family)
    {
        var product = Find(option, "item", item ?? "", [.. plant.Plant.Products.Select(p => p.Id)]);
        if (!(double.TryParse(quantity, CultureInfo.InvariantCulture, out var amount) && amount > 0 && double.IsFinite(amount)))
        {
            throw new CommandException($"{option}: quantity '{quantity}' must be a number above 0.");
        }

        var like = plant.Scenario.Orders.FirstOrDefault(o => o.Product.Index == product);
        return new Order
        {
            Id = "NEW", Product = new ProductId(product), Quantity = amount, Release = now, Unit = like?.Unit ?? "pcs",
            LotSize = like?.LotSize, EqualLots = like?.EqualLots ?? false,
            Family = family is null ? like?.Family : new FamilyId(Find(option, "family", family, [.. plant.Plant.Families.Select(f => f.Id)])),
        };
    }
}
