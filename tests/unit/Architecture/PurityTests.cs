using System.Reflection;

namespace DigitalTwin.Tests.Unit.Architecture;

/// <summary>Below floor 3 everything is a function of its arguments: no files, network, console, clock, threads or hidden luck.</summary>
/// <remarks>The banned-API analyzer says so while typing; this looks at what was compiled, suppressions and forgotten symbols included.</remarks>
public sealed class PurityTests
{
    private static readonly string[] PureInputOutput =
    [
        "TextReader", "TextWriter", "StringReader", "StringWriter", "InvalidDataException", "Path", "MemoryStream",
    ];

    public static TheoryData<string> Pure { get; } = [Floor.Simulation.Assembly, Floor.Plant.Assembly];

    [Theory, MemberData(nameof(Pure))]
    public void No_code_outside_the_scenario_files_touches_the_world(string assembly)
    {
        var calls = IlCalls.Of(Assembly.Load(assembly)).Where(call => !IsScenarioFiles(call.From)).ToArray();
        Assert.NotEmpty(calls);
        Floor.None(calls.Where(call => IsWorldly(call.To)).Select(call => $"{call.From.DeclaringType}.{call.From.Name} uses {Type(call.To)}.{call.To.Name}"));
    }

    [Fact]
    public void The_test_would_see_a_file_being_read()
    {
        var calls = IlCalls.Of(typeof(PurityTests).Assembly).Where(call => call.From.DeclaringType == typeof(SharedData));
        Assert.Contains(calls, call => IsWorldly(call.To));
    }

    private static bool IsScenarioFiles(MethodBase method) =>
        method.DeclaringType?.Namespace is { } space
        && (space == "DigitalTwin.Plant.Scenarios" || space.StartsWith("DigitalTwin.Plant.Scenarios.", StringComparison.Ordinal));

    private static bool IsWorldly(MemberInfo member) => Type(member) is { } type && type.Namespace switch
    {
        "System.IO" => !PureInputOutput.Contains(type.Name),
        "System.Threading" => type.Name is "Thread" or "Timer" or "ThreadPool" or "PeriodicTimer",
        "System.Threading.Tasks" => type.Name is "Parallel" || (type.Name is "Task" && member.Name is "Run" or "Delay"),
        "System" => type.Name is "Random" or "Console"
            || (type.Name is "DateTime" or "DateTimeOffset" && member.Name is "get_Now" or "get_UtcNow" or "get_Today")
            || (type.Name is "Guid" && member.Name is "NewGuid" or "CreateVersion7")
            || (type.Name is "Environment" && member.Name.StartsWith("get_TickCount", StringComparison.Ordinal)),
        "System.Diagnostics" => type.Name is "Stopwatch" or "Process",
        { } space => space.StartsWith("System.IO.", StringComparison.Ordinal) || space == "System.Net" || space.StartsWith("System.Net.", StringComparison.Ordinal),
        null => false,
    };

    private static Type? Type(MemberInfo member) => member as Type ?? member.DeclaringType;
}
