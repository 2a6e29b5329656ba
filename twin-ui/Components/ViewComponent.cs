using DigitalTwin.Ui.Resources;
using Microsoft.AspNetCore.Components;

namespace DigitalTwin.Ui.Components;

/// <summary>A component that speaks the viewer's language and is drawn anew when that changes.</summary>
public abstract class ViewComponent : ComponentBase, IDisposable
{
    private bool _disposed;

    [Inject]
    public required Viewer Viewer { get; init; }

    /// <summary>Texts.</summary>
    protected Texts T => Viewer.T;

    /// <summary>Formats.</summary>
    protected Formats F => Viewer.F;

    protected override void OnInitialized() => Viewer.Changed += Redraw;

    /// <summary>Draws anew, from whatever thread.</summary>
    protected void Redraw()
    {
        if (!_disposed)
        {
            _ = InvokeAsync(StateHasChanged);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            Viewer.Changed -= Redraw;
        }
    }
}
