namespace DigitalTwin.Ui.Components;

/// <summary>Something a person did that can be taken back.</summary>
/// <param name="Says">What it was, in the person's language.</param>
/// <param name="UndoAsync">Takes it back; what went wrong, or <c>null</c>.</param>
/// <param name="RedoAsync">Does it again; what went wrong, or <c>null</c>.</param>
public sealed record Edit(string Says, Func<Task<string?>> UndoAsync, Func<Task<string?>> RedoAsync);

/// <summary>The edits of one browser tab, so that Ctrl+Z and Ctrl+Y work on every page.</summary>
public sealed class Edits
{
    private const int Kept = 100;
    private readonly List<Edit> _done = [];
    private readonly List<Edit> _undone = [];
    private bool _busy;

    /// <summary>What can be taken back or done again is something else now.</summary>
    public event Action? Changed;

    /// <summary>What Ctrl+Z would take back; <c>null</c> for nothing.</summary>
    public string? CanUndo => _done.Count > 0 ? _done[^1].Says : null;

    /// <summary>What Ctrl+Y would do again; <c>null</c> for nothing.</summary>
    public string? CanRedo => _undone.Count > 0 ? _undone[^1].Says : null;

    /// <summary>Remembers what has just been done. What had been taken back before can no longer be done again.</summary>
    public void Did(Edit edit)
    {
        _undone.Clear();
        _done.Add(edit);
        if (_done.Count > Kept)
        {
            _done.RemoveAt(0);
        }

        Changed?.Invoke();
    }

    /// <summary>Takes the latest edit back.</summary>
    /// <returns>What it was and what went wrong; <c>null</c> when there is nothing to take back. An edit that cannot be taken back is forgotten.</returns>
    public Task<(string Says, string? Problem)?> UndoAsync() => MoveAsync(_done, _undone, edit => edit.UndoAsync());

    /// <summary>Does again what was taken back last.</summary>
    /// <returns>As for <see cref="UndoAsync"/>.</returns>
    public Task<(string Says, string? Problem)?> RedoAsync() => MoveAsync(_undone, _done, edit => edit.RedoAsync());

    private async Task<(string Says, string? Problem)?> MoveAsync(List<Edit> from, List<Edit> to, Func<Edit, Task<string?>> act)
    {
        if (_busy || from.Count == 0)
        {
            return null;
        }

        _busy = true;
        try
        {
            var edit = from[^1];
            from.RemoveAt(from.Count - 1);
            var problem = await act(edit);
            if (problem is null)
            {
                to.Add(edit);
            }

            return (edit.Says, problem);
        }
        finally
        {
            _busy = false;
            Changed?.Invoke();
        }
    }
}
