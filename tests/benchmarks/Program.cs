using DigitalTwin.Benchmarks;

// Benches print ratios to a peer measured in the same run; absolute times depend on the machine.
//   dotnet run -c Release --project tests/benchmarks -- kernel
//   dotnet run --project tests/benchmarks -- smoke
return args switch
{
    ["kernel"] => KernelBench.Run(KernelBench.Full, Console.Out),
    ["smoke"] => KernelBench.Run(KernelBench.Tiny, Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: benchmarks <command>
          kernel   event calendar and sampling against bare loops
          smoke    a tiny version of every bench: does it still run?
        """);
    return 2;
}
