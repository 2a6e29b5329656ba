using System.Xml.Linq;

namespace DigitalTwin.Tests.Unit.Architecture;

/// <summary>A project uses only floors below its own, and only the packages of its floor.</summary>
public sealed class FloorTests
{
    private static readonly string[] BuildOnly = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Meziantou.Analyzer"];

    public static TheoryData<string> Floors { get; } = [.. Floor.All.Select(f => f.Assembly)];

    [Theory, MemberData(nameof(Floors))]
    public void A_project_file_names_only_floors_below_and_allowed_packages(string assembly)
    {
        var floor = Find(assembly);
        var project = XDocument.Load(Floor.Sources(floor.Folder, "*.csproj").Single());

        var projects = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Floor.None(projects.Except(floor.MayUse));

        var packages = project.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value);
        Floor.None(packages.Except(BuildOnly).Where(package => !IsAllowed(floor, package)));
    }

    [Theory, MemberData(nameof(Floors))]
    public void A_compiled_assembly_uses_only_floors_below_and_allowed_packages(string assembly)
    {
        var floor = Find(assembly);
        var references = floor.Load().GetReferencedAssemblies().Select(a => a.Name!).ToArray();

        Floor.None(references.Where(r => r.StartsWith("DigitalTwin", StringComparison.Ordinal)).Except(floor.MayUse));
        Floor.None(references.Where(r => !r.StartsWith("DigitalTwin", StringComparison.Ordinal) && !IsFramework(r) && !IsAllowed(floor, r)));
    }

    [Fact]
    public void A_floor_stands_only_on_lower_floors()
    {
        foreach (var floor in Floor.All)
            Assert.All(floor.MayUse, name => Assert.True(Find(name).Level < floor.Level));
    }

    [Fact]
    public void The_solution_contains_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(SharedData.Repository, "DigitalTwin.sln")).Replace('\\', '/');
        string[] folders = ["engine", "scheduler", "twin-ui", "tests"];
        Assert.All(folders.SelectMany(f => Floor.Sources(f, "*.csproj")), project =>
            Assert.Contains($"\"{Floor.Relative(project)}\"", solution, StringComparison.Ordinal));
    }

    private static Floor Find(string assembly) => Floor.All.Single(f => f.Assembly == assembly);

    private static bool IsFramework(string reference) =>
        reference is "netstandard" or "mscorlib" or "Microsoft.CSharp"
        || (reference.StartsWith("System", StringComparison.Ordinal) && reference != "System.CommandLine");

    private static bool IsAllowed(Floor floor, string package) =>
        floor.Packages.Any(p => package == p || package.StartsWith(p + ".", StringComparison.Ordinal));
}
