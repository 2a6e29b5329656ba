using System.Diagnostics;
using System.Globalization;

namespace DigitalTwin.Ui.Commands;

/// <summary>One line on standard error that says how far long work is: shown after a second, on a terminal only, and gone at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int WideTerminal = 110;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Shell _shell;
    private readonly string _what;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _next = Patience;
    private bool _shown;

    public ProgressLine(Shell shell, string what) => (_shell, _what) = (shell, what);

    /// <summary>Says how far the work is.</summary>
    /// <param name="share">In [0, 1]; <c>null</c> when unknown.</param>
    public void Report(double? share, string text = "")
    {
        if (!_shell.ShowsProgress || _clock.Elapsed < _next)
        {
            return;
        }

        lock (_gate)
        {
            _next = _clock.Elapsed + Interval;
            _shown = true;
            var bar = share is { } s ? Bar(Math.Clamp(s, 0, 1)) : "";
            var line = $"{_what} {bar} {text}";
            var width = _shell.Error.Profile.Width - 1;
            System.Console.Error.Write($"\r{(line.Length > width ? line[..width] : line)}\e[K");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_shown)
            {
                System.Console.Error.Write("\r\e[K");
            }
        }
    }

    private string Bar(double share)
    {
        var cells = _shell.Error.Profile.Width >= WideTerminal ? 24 : 12;
        var full = (int)Math.Round(share * cells);
        return string.Create(CultureInfo.InvariantCulture, $"{new string('━', full)}{new string('╌', cells - full)} {share * 100,3:0} %");
    }
}
