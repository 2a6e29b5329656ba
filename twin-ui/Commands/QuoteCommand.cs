using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin quote</c>: when something asked for now could be ready, who would make it and what that costs.</summary>
internal static class QuoteCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var item = new Option<string>("--item") { Description = "Product, as in products.csv.", HelpName = "product", Required = true };
        var quantity = new Option<double>("--quantity") { Description = "How much.", HelpName = "number", Required = true };
        quantity.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1e12))
            {
                result.AddError("--quantity must be above 0.");
            }
        });
        var due = new Option<string?>("--due") { Description = "When it is wanted: a moment, or a length of time from now.", HelpName = "moment" };
        var firm = MarketOptions.Firm("The firm that asks; the plant itself when not given.");
        var express = new Option<bool>("--express") { Description = "Pay the premium and use capacity kept for express orders." };
        var at = CommonOptions.Span("--at", "Ask after so much simulated time, e.g. 5d; at the start when not given.");
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var verb = new Verb("quote", "Ask when an order could be ready if it came now, on which machines, for which price, and which offers fit; or why it cannot be made.")
        {
            Examples =
            [
                ("twin quote scenarios/capacity-map --item shaft-1 --quantity 40 --due 5d --firm F001", "start, finish, price split and alternatives"),
                ("twin quote scenarios/capacity-map --item shaft-1 --quantity 40 --at 3d --express --json", "asked on the third day, at the premium, for scripts"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[item, quantity, due, firm, express, at, seed, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var products = plant.Plant.Products.Select(p => p.Id).ToList();
            var name = parse.GetValue(item)!;
            if (products.IndexOf(name) is not (>= 0 and var product))
            {
                throw new CommandException($"--item '{name}' is not in products.csv. {Suggestion.For(name, products) ?? $"Maybe {products[0]}?"}");
            }

            var now = SimTime.Zero + (parse.GetValue(at) ?? Duration.Zero);
            var request = new QuoteRequest(
                new ProductId(product), parse.GetValue(quantity), MarketOptions.MomentOf(plant, "--due", parse.GetValue(due), now), MarketOptions.FirmOf(plant, parse.GetValue(firm)), parse.GetValue(express));
            var root = parse.GetValue(seed) ?? plant.Scenario.Seed;
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(root, 0));
            simulator.RunUntil(now);
            var quote = Quote.Of(simulator.State, request, root);
            if (parse.GetValue(json))
            {
                shell.WriteJson(MarketDocuments.Of(plant, quote));
            }
            else
            {
                Show(shell, plant, quote);
            }

            return quote.Steps.IsEmpty ? ExitCode.Infeasible : ExitCode.Ok;
        });
        return verb;
    }

    private static void Show(Shell shell, CompiledScenario plant, Quote quote)
    {
        if (!quote.Steps.IsEmpty)
        {
            var price = quote.Price;
            shell.Line($"{plant.Plant.Products[quote.Request.Product].Name.In(shell.Language)} × {quote.Request.Quantity.ToString("0.##", CultureInfo.InvariantCulture)}: {MarketDocuments.Wall(plant, quote.Start!.Value)} → {MarketDocuments.Wall(plant, quote.Finish!.Value)}"
                + (quote.FinishP90 is { } p90 ? $" (P90 {MarketDocuments.Wall(plant, p90)})" : "")
                + (quote.OnTimeShare is { } share ? string.Create(CultureInfo.InvariantCulture, $"; in time in {share * 100:0} % of the futures") : ""));
            shell.Line($"{plant.Scenario.Currency} {Money(price.Total)}: setup {Money(price.Setup)} · time {Money(price.Time)} · material {Money(price.Material)} · tariff {Money(price.TariffUplift)} · express {Money(price.Express)} · fee {Money(price.Fee)}");
            var steps = CapacityCommand.Headed(shell, [("Lot", "批"), ("Operation", "工序"), ("Machine", "设备"), ("Start", "开始"), ("End", "结束"), ("Price", "价格")]);
            foreach (var s in quote.Steps)
            {
                CapacityCommand.Add(steps,
                [
                    s.Lot.ToString(CultureInfo.InvariantCulture), MarketDocuments.OperationOf(plant, quote, s.Operation), plant.Plant.Equipment[s.Equipment].Id,
                    MarketDocuments.Wall(plant, s.Start), MarketDocuments.Wall(plant, s.End), s.Price is { } p ? Money(p.Total) : "–",
                ]);
            }

            shell.Show(steps);
        }

        if (!quote.Offers.IsEmpty)
        {
            var offers = CapacityCommand.Headed(shell, [("Operation", "工序"), ("Offer of", "报价设备"), ("From", "起"), ("To", "止"), ("Price/h", "单价"), ("Price", "价格")]);
            foreach (var o in quote.Offers)
            {
                CapacityCommand.Add(offers,
                [
                    MarketDocuments.OperationOf(plant, quote, o.Operation), plant.Plant.Equipment[o.Equipment].Id, MarketDocuments.Wall(plant, o.Start), MarketDocuments.Wall(plant, o.End),
                    o.PricePerHour.ToString("0.##", CultureInfo.InvariantCulture), Money(o.Price.Total),
                ]);
            }

            shell.Show(offers);
        }

        foreach (var reason in quote.Reasons)
        {
            shell.Line((quote.Steps.IsEmpty ? "Cannot be made: " : "Late: ") + reason);
        }
    }

    private static string Money(long hundredths) => (hundredths / 100.0).ToString("#,0.00", CultureInfo.InvariantCulture);
}
