using System.CommandLine;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin new</c>: generates a scenario folder from published statistics.</summary>
internal static class NewCommand
{
    public static Command Create() => new Verb("new", "Generate a scenario folder from published statistics of an industry.")
    {
        Dyehouse(),
        RefrigeratorLine(),
        SharedFactory(),
        CarParts(),
        ElectronicsSupply(),
        MachineShop(),
        CapacityMap(),
    };

    private static Verb Dyehouse()
    {
        var batches = Amount("--batches", "Dye batches in the order book.", 600);
        return Generator("dyehouse", "A yarn dyehouse of 96 vats with a matrix of changeovers.",
            [("twin new dyehouse my-dyehouse --batches 800 --seed 7", "another order book for the same house")],
            [batches], (parse, seed) => DyehouseGenerator.Create(parse.GetValue(batches), seed));
    }

    private static Verb RefrigeratorLine()
    {
        var units = Amount("--units", "Refrigerators to make.", 1500);
        return Generator("refrigerator-line", "A mixed-model refrigerator line of 30 stations with foaming fixtures.",
            [("twin new refrigerator-line my-line --units 900", "a shorter day of the same line")],
            [units], (parse, seed) => RefrigeratorLineGenerator.Create(parse.GetValue(units), seed));
    }

    private static Verb SharedFactory()
    {
        var firms = Amount("--firms", "Member firms.", 30);
        var machines = Amount("--machines", "Machines of all firms.", 500);
        var orders = Amount("--orders", "Orders in the book.", 3000);
        return Generator("shared-factory", "Lighting firms that share their machines in districts of one town.",
            [("twin new shared-factory big --firms 300 --machines 5000 --orders 30000", "ten times the usual size")],
            [firms, machines, orders],
            (parse, seed) => SharedFactoryGenerator.Create(parse.GetValue(firms), parse.GetValue(machines), parse.GetValue(orders), seed));
    }

    private static Verb CapacityMap()
    {
        var firms = Amount("--firms", "Machining firms.", 30);
        var machines = Amount("--machines", "CNC machines of all firms.", 150);
        return Generator("capacity-map", "CNC machines of many firms with offers of idle hours and bookings.",
            [("twin new capacity-map big-map --firms 250 --machines 3000", "ten times the usual size")],
            [firms, machines], (parse, seed) => CapacityMapGenerator.Create(parse.GetValue(firms), parse.GetValue(machines), seed));
    }

    private static Verb CarParts()
    {
        var orders = Amount("--orders", "Customer orders in the book.", 160);
        return Generator("car-parts", "Brake calipers from traced heats, with key parts from few suppliers.",
            [("twin new car-parts my-parts --orders 400", "a longer book of the same works")],
            [orders], (parse, seed) => CarPartsGenerator.Create(parse.GetValue(orders), seed));
    }

    private static Verb MachineShop()
    {
        var machines = Amount("--machines", "Machines.", 1000);
        var repairers = Amount("--repairers", "People who repair them and have side jobs meanwhile.", 100);
        var parts = Amount("--parts", "Parts that each machine has to make.", 1000);
        return Generator("machine-shop", "The machine shop by which simulation libraries compare themselves: parts are counted, repairs interrupt side jobs.",
            [("twin new machine-shop my-shop --machines 10 --repairers 1", "one repairer and ten machines")],
            [machines, repairers, parts],
            (parse, seed) => MachineShopGenerator.Create(parse.GetValue(machines), parse.GetValue(repairers), parse.GetValue(parts), seed));
    }

    private static Verb ElectronicsSupply()
    {
        var orders = Amount("--orders", "Customer orders in the book.", 280);
        return Generator("electronics-supply", "Electronic boards from 500 key materials, with long lead times and single sources.",
            [("twin new electronics-supply my-boards --seed 3", "other boards, suppliers and orders")],
            [orders], (parse, seed) => ElectronicsSupplyGenerator.Create(parse.GetValue(orders), seed));
    }

    private static Verb Generator(
        string name, string description, (string, string)[] examples, Option[] options, Func<ParseResult, ulong, Scenario> create)
    {
        var folder = new Argument<string>("folder") { Description = "Folder to write; it must not exist or be empty.", HelpName = "folder" };
        var seed = CommonOptions.Seed();
        seed.Description = "Root of all choices; the same seed gives the same scenario.";
        var verb = new Verb(name, description) { Examples = examples };
        verb.Add(folder);
        foreach (var option in options)
        {
            verb.Add(option);
        }

        verb.Add(seed);
        verb.Does((parse, shell, _) =>
        {
            var path = parse.GetValue(folder)!;
            RequireEmpty(path);
            try
            {
                ScenarioWriter.Write(create(parse, parse.GetValue(seed) ?? 1), path);
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new CommandException($"a {name} cannot have so few: --{e.Message.Split(" (Parameter", 2)[0]}", e);
            }

            shell.Line($"{path}: written; twin run {path} simulates it.");
            return ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>Nothing is ever overwritten.</summary>
    internal static void RequireEmpty(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new CommandException($"{folder} exists and is not empty. Maybe another name?");
        }
    }

    private static Option<int> Amount(string name, string description, int byDefault)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }
}
