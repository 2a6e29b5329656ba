using System.CommandLine;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. Leaves(TwinCommandLine.Root(), "")];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_has_help_with_examples_that_parse(string verb)
    {
        var (code, output, _) = await Twin.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains("130 interrupted", output, StringComparison.Ordinal);
        foreach (var line in ExamplesOf(output))
        {
            Assert.StartsWith("twin " + verb, line, StringComparison.Ordinal);
            Assert.Empty(TwinCommandLine.Root().Parse(line["twin ".Length..]).Errors);
        }
    }

    [Fact]
    public async Task Completion_knows_verbs_options_and_values()
    {
        Assert.Contains("compare", (await Twin.RunAsync("[suggest:0]", "")).Output, StringComparison.Ordinal);
        Assert.Contains("--replications", (await Twin.RunAsync("[suggest:6]", "run --")).Output, StringComparison.Ordinal);
        Assert.Contains("least-changeover", (await Twin.RunAsync("[suggest:11]", "run --rule ")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _twin twin")]
    [InlineData("zsh", "compdef _twin twin")]
    [InlineData("fish", "complete -c twin")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_script_registers_with_the_shell(string shell, string line)
    {
        var (code, output, _) = await Twin.RunAsync("completion", shell);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.Contains("[suggest:$", output.Replace("[suggest:\"", "[suggest:$", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_verb_is_answered_with_the_likely_one()
    {
        var (code, output, error) = await Twin.RunAsync("chek");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("check", output + error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(c => Leaves(c, path.Length > 0 ? $"{path} {c.Name}" : c.Name));

    private static IEnumerable<string> ExamplesOf(string help) => help
        .Split('\n')
        .Select(l => l.TrimEnd())
        .Where(l => l.StartsWith("  twin ", StringComparison.Ordinal))
        .Select(l => l.Trim().Split(" | ")[0])
        .Where(l => !l.Contains('<', StringComparison.Ordinal) && !l.Contains('[', StringComparison.Ordinal))
        .Select(l => l.Split(" > ")[0]);
}
