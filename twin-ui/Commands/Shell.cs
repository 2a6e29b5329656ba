using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>Where a verb writes: tables and JSON to standard output, progress and complaints to standard error.</summary>
/// <remarks>Colours, progress bars and line widths follow what stands at the other end: nothing is coloured or animated into a file or a pipe,
/// and <c>NO_COLOR</c> is respected on a terminal too.</remarks>
internal sealed class Shell
{
    /// <summary>Line width where there is no terminal to ask; <c>COLUMNS</c> overrides it.</summary>
    private const int WidthOfAFile = 160;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly bool _red;

    private Shell(TextWriter output, TextWriter error, string language)
    {
        (_output, _error) = (output, error);
        Language = language;
        Out = Console(output, System.Console.IsOutputRedirected || output != System.Console.Out);
        var silent = System.Console.IsErrorRedirected || error != System.Console.Error;
        Error = Console(error, silent);
        ShowsProgress = !silent;
        _red = Error.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
    }

    /// <summary>Standard output.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Standard error.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Whether somebody watches: standard error is a terminal.</summary>
    public bool ShowsProgress { get; }

    /// <summary>Language of labels: <c>en</c>, <c>zh-CN</c>.</summary>
    public string Language { get; }

    public static Shell Of(ParseResult parse) =>
        new(parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error, parse.GetValue(CommonOptions.Language) ?? "en");

    /// <summary>Prints a table, a grid, a text.</summary>
    public void Show(IRenderable what) => Out.Write(what);

    /// <summary>Prints a line as it stands.</summary>
    public void Line(string text = "") => _output.WriteLine(text);

    /// <summary>Prints a word to people that is no part of the result.</summary>
    public void Note(string text) => _error.WriteLine(text);

    /// <summary>Prints what went wrong.</summary>
    public void Complain(string text) => _error.WriteLine(_red ? $"\e[31mtwin: {text}\e[0m" : $"twin: {text}");

    /// <summary>Prints an object as JSON: camel case, numbers independent of the culture, times as ISO 8601.</summary>
    public void WriteJson<T>(T value) => _output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>An empty table in the house style.</summary>
    public static Table Table(string? title = null)
    {
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        if (title is not null)
        {
            table.Title = new TableTitle(Markup.Escape(title), new Style(decoration: Decoration.Bold));
        }

        return table;
    }

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var plain = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns) && columns > 20
                ? columns
                : WidthOfAFile;
        }

        return console;
    }
}
