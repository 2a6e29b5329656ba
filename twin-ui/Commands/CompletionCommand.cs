using System.CommandLine;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin completion</c>: prints a script that teaches a shell to complete <c>twin</c>'s verbs, options and values.</summary>
/// <remarks>The scripts ask the program itself through its <c>[suggest]</c> directive, so they never go stale.</remarks>
internal static class CompletionCommand
{
    private static readonly IReadOnlyDictionary<string, string> Scripts = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = """
            # twin completion for bash: eval "$(twin completion bash)"
            _twin() {
                local line="${COMP_LINE#* }" IFS=$'\n'
                local at=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$at]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _twin twin
            """,
        ["zsh"] = """
            # twin completion for zsh: source <(twin completion zsh)
            _twin() {
                local line="${BUFFER#* }"
                local at=$((CURSOR - ${#BUFFER} + ${#line}))
                local -a found=("${(@f)$("${words[1]}" "[suggest:$at]" "$line" 2>/dev/null)}")
                compadd -- $found
                _files
            }
            compdef _twin twin
            """,
        ["fish"] = """
            # twin completion for fish: twin completion fish | source
            function __twin_complete
                set -l line (string replace -r '^\S+\s*' '' -- (commandline -cp))
                twin "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c twin -a '(__twin_complete)'
            """,
        ["pwsh"] = """
            # twin completion for PowerShell: twin completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName twin -ScriptBlock {
                param($word, $ast, $cursor)
                $line = $ast.ToString() -replace '^\S+\s*', ''
                $at = [Math]::Max(0, $cursor - ($ast.ToString().Length - $line.Length))
                twin "[suggest:$at]" "$line" | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Verb Create()
    {
        var shellName = new Argument<string>("shell") { Description = "The shell to write for." };
        shellName.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var verb = new Verb("completion", "Print a script that teaches a shell to complete this command line.")
        {
            Examples =
            [
                ("eval \"$(twin completion bash)\"", "bash: for this session, or in ~/.bashrc for all"),
                ("twin completion fish > ~/.config/fish/completions/twin.fish", "fish: for all sessions"),
            ],
        };
        verb.Add(shellName);
        verb.Does((parse, shell, _) =>
        {
            shell.Line(Scripts[parse.GetValue(shellName)!]);
            return ExitCode.Ok;
        });
        return verb;
    }
}
