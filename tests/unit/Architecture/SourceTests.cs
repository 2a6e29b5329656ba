using System.Text.RegularExpressions;

namespace DigitalTwin.Tests.Unit.Architecture;

/// <summary>How the source tree looks: a reader finds a type by its namespace, and no file is a burden.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    private static readonly (string Folder, string Namespace)[] Roots =
    [
        .. Floor.All.Select(f => (f.Folder, f.RootNamespace)),
        ("tests/unit", "DigitalTwin.Tests.Unit"),
        ("tests/system", "DigitalTwin.Tests.System"),
        ("tests/benchmarks", "DigitalTwin.Benchmarks"),
    ];

    private static readonly string[] TopLevel =
    [
        "engine", "scheduler", "twin-ui", "tests", "scenarios", "DigitalTwin.sln", "README.md", "CHANGELOG.md", "LICENSE", "global.json",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
    ];

    // Written by builds, tests and running twins, and ignored by git.
    private static readonly string[] NotKept = ["artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules", "twin-data"];

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = new List<string>();
        foreach (var (folder, root) in Roots)
        {
            foreach (var file in Floor.Sources(folder))
            {
                var inner = Floor.Relative(Path.GetDirectoryName(file)!)[folder.Length..].Replace('/', '.');
                var match = NamespaceLine().Match(File.ReadAllText(file));
                var isProgram = Path.GetFileName(file) == "Program.cs" && !match.Success;
                if (!isProgram && match.Groups["name"].Value != root + inner)
                    wrong.Add($"{Floor.Relative(file)}: namespace '{match.Groups["name"].Value}' should be {root}{inner}");
            }
        }

        Floor.None(wrong);
    }

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        string[] kinds = ["*.cs", "*.razor", "*.js", "*.css", "*.sh"];
        var tooLong =
            from root in Roots
            from kind in kinds
            from file in Floor.Sources(root.Folder, kind)
            where !file.EndsWith(".min.js", StringComparison.Ordinal) && !file.EndsWith(".min.css", StringComparison.Ordinal)
            let lines = File.ReadLines(file).Count()
            where lines > LongestFile
            select $"{Floor.Relative(file)}: {lines} lines";
        Floor.None(tooLong);
    }

    [Fact]
    public void Nothing_is_left_for_later_in_silence()
    {
        var unfinished =
            from root in Roots
            from file in Floor.Sources(root.Folder)
            from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
            where Unfinished().IsMatch(line.text)
            select $"{Floor.Relative(file)}:{line.number}: {line.text.Trim()}";
        Floor.None(unfinished);
    }

    [Fact]
    public void The_top_level_holds_only_what_a_newcomer_should_see_first()
    {
        var names = Directory.EnumerateFileSystemEntries(SharedData.Repository).Select(path => Path.GetFileName(path)!);
        Floor.None(names.Where(name => !name.StartsWith('.')).Except(TopLevel).Except(NotKept));
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine();

    // Split, so that this file does not find itself.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImplemented" + @"Exception)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();
}
