using DigitalTwin.Benchmarks;

// Benches print ratios to a peer measured in the same run; absolute times depend on the machine.
//   dotnet run -c Release --project tests/benchmarks -- goals
//   dotnet run -c Release --project tests/benchmarks -- kernel
//   dotnet run -c Release --project tests/benchmarks -- plant
//   dotnet run -c Release --project tests/benchmarks -- fork
//   dotnet run -c Release --project tests/benchmarks -- trace
//   dotnet run -c Release --project tests/benchmarks -- replay
//   dotnet run -c Release --project tests/benchmarks -- schedule dyehouse 30
//   dotnet run -c Release --project tests/benchmarks -- repair 2000
//   dotnet run -c Release --project tests/benchmarks -- ingest 6000 1000
//   dotnet run -c Release --project tests/benchmarks -- memory
//   dotnet run --project tests/benchmarks -- smoke
return args switch
{
    ["goals"] => GoalsBench.Run(GoalsBench.Full, Console.Out),
    ["goals", "tiny"] => GoalsBench.Run(GoalsBench.Tiny, Console.Out),
    ["week", var firms, var machines, var orders] => WeekBench.Child(firms, machines, orders, Console.Out),
    ["shop"] => Print(MachineShopBench.Run(MachineShopBench.Full)),
    ["futures"] => Print(FuturesBench.Run(100, 5)),
    ["kernel"] => KernelBench.Run(KernelBench.Full, Console.Out),
    ["plant"] => PlantBench.Run(PlantBench.Full, TimeSpan.FromSeconds(2), Console.Out),
    ["fork"] => SnapshotBench.Run(SnapshotBench.Full, 201, Console.Out),
    ["replay"] => ReplayBench.Run(300, 5000, 50_000, Console.Out),
    ["trace"] => TraceBench.Run(10_000_000, Console.Out),
    ["schedule", .. var rest] => ScheduleBench.Run(rest, Console.Out),
    ["repair"] => RepairBench.Run(2000, Console.Out),
    ["repair", var orders] => RepairBench.Run(int.Parse(orders, System.Globalization.CultureInfo.InvariantCulture), Console.Out),
    ["memory"] => MemoryBench.Run(MemoryBench.Full, Console.Out),
    ["memory", "tiny"] => MemoryBench.Run(MemoryBench.Tiny, Console.Out),
    ["ingest", .. var rest] => IngestBench.Run(rest, Console.Out),
    ["smoke"] => GoalsBench.Run(GoalsBench.Tiny, Console.Out) + KernelBench.Run(KernelBench.Tiny, Console.Out) + IngestBench.Run(["60", "100"], Console.Out)
        + PlantBench.Run(PlantBench.Tiny, TimeSpan.FromSeconds(0.05), Console.Out) + SnapshotBench.Run(SnapshotBench.Tiny, 3, Console.Out) + TraceBench.Run(30_000, Console.Out) + ReplayBench.Run(4, 40, 200, Console.Out)
        + MemoryBench.Run(MemoryBench.Tiny, Console.Out),
    _ => Usage(),
};

static int Print(GoalRow row)
{
    Console.Out.WriteLine($"{GoalRow.Head}\n{row}");
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: benchmarks <command>
          goals    every goal of simulation and plant as one Markdown table, in about two minutes
          shop     machine shop on the whole plant model against a bare queue
          futures  a hundred futures of a dyehouse
          kernel   event calendar and sampling against bare loops
          plant    a week of shared factories of growing size against a bare queue
          schedule dyehouse|<job shop file>… [seconds]   planner against dispatch rules
          repair [orders]   repair, promise and explanation on a large plan against their limits
          ingest [orders] [batch]   a session's door, journal and restart against bare fold and disk
          memory   taking events in, restart and looking back with 10 million of them; PostgreSQL too where TWIN_DATABASE names one
          fork     forking, copying, saving and loading a running plant against a bare copy of as many bytes
          replay   a day of 5000 machines played at 3600 times and sought, against a bare fold
          trace    a lot's history among 10 million uses against a plain scan
          smoke    a tiny version of every bench: does it still run?
        """);
    return 2;
}
