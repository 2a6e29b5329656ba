using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace DigitalTwin.Ui.Components;

/// <summary>A component that follows the plant: redrawn at most twice a second, with what it shows made anew before.</summary>
public abstract class LiveComponent : ViewComponent, IAsyncDisposable
{
    private IJSObjectReference? _module;

    [Inject]
    public required LiveTwin Live { get; init; }

    [Inject]
    public required IJSRuntime Js { get; init; }

    /// <summary>What a script on the page was started as, or <c>null</c> before.</summary>
    protected IJSObjectReference? Script { get; private set; }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Viewer.Changed += OnViewerChanged;
        Live.Changed += OnLiveChanged;
        Renew();
    }

    /// <summary>Makes what is shown from the newest view; runs on the renderer's thread.</summary>
    protected abstract void Renew();

    /// <summary>Language or theme changed, after <see cref="Renew"/>.</summary>
    protected virtual Task RetellAsync() => Task.CompletedTask;

    /// <summary>Starts a script module of <c>wwwroot/js</c> on the page.</summary>
    protected async Task StartScriptAsync(string file, params object?[] arguments)
    {
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/" + file);
        Script = await _module.InvokeAsync<IJSObjectReference>("start", arguments);
    }

    /// <summary>Tells the script something; before it has started, and after the tab has gone, nobody listens.</summary>
    protected async Task TellScriptAsync(string verb, params object?[] arguments)
    {
        try
        {
            if (Script is not null)
            {
                await Script.InvokeVoidAsync(verb, arguments);
            }
        }
        catch (JSDisconnectedException)
        {
            // The tab was closed meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await TellScriptAsync("dispose");
        try
        {
            if (Script is not null)
            {
                await Script.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The tab was closed meanwhile.
        }

        Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        Viewer.Changed -= OnViewerChanged;
        Live.Changed -= OnLiveChanged;
        base.Dispose(disposing);
    }

    private void OnLiveChanged() => _ = InvokeAsync(() =>
    {
        Renew();
        StateHasChanged();
    });

    private void OnViewerChanged() => _ = InvokeAsync(async () =>
    {
        Renew();
        StateHasChanged();
        await RetellAsync();
    });
}
