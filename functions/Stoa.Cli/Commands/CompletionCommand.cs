using System.CommandLine;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa completion</c>: a script with which a shell asks this program what may come next.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new Argument<string>("shell") { Description = "The shell: bash, zsh, fish or pwsh." }.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");

    public CompletionCommand(Surroundings surroundings)
        : base(surroundings, "completion", "Prints a script that completes commands and options in your shell.") =>
        Add(_shell);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("bash, for this session; in ~/.bashrc for every one", "source <(stoa completion bash)"),
        new("zsh, after compinit", "source <(stoa completion zsh)"),
        new("fish", "stoa completion fish > ~/.config/fish/completions/stoa.fish"),
        new("PowerShell, in $PROFILE", "stoa completion pwsh | Out-String | Invoke-Expression"),
    ];

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        call.Out.Verbatim(call.Parsed.GetRequiredValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        });
        return Task.FromResult(ExitCode.Ok);
    }

    // Every script hands over the line and the cursor's place in it, and gets one suggestion per line.
    private const string Bash =
        """
        # Completion of stoa for bash.
        _stoa_complete() {
            local IFS=$'\n'
            local suggestions
            suggestions=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null) || return 0
            COMPREPLY=($(compgen -W "${suggestions}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _stoa_complete stoa

        """;

    private const string Zsh =
        """
        # Completion of stoa for zsh.
        _stoa() {
            local -a suggestions
            suggestions=("${(@f)$("${words[1]}" "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            if (( ${#suggestions} > 0 )) && [[ -n "${suggestions[1]}" ]]; then
                compadd -a suggestions
            else
                _files
            fi
        }
        compdef _stoa stoa

        """;

    private const string Fish =
        """
        # Completion of stoa for fish.
        function __stoa_complete
            set -l line (commandline -cp)
            stoa "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c stoa -a '(__stoa_complete)'

        """;

    private const string PowerShell =
        """
        # Completion of stoa for PowerShell.
        Register-ArgumentCompleter -Native -CommandName stoa -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString().PadRight($cursorPosition)
            stoa "[suggest:$cursorPosition]" "$line" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;
}
