using DigitalTwin.Ui.Components;

namespace DigitalTwin.Tests.Unit.Ui.Components;

public sealed class EditsTests
{
    private readonly Edits _edits = new();
    private readonly List<string> _log = [];

    [Fact]
    public async Task Edits_are_taken_back_latest_first_and_done_again_in_their_order()
    {
        _edits.Did(Of("a"));
        _edits.Did(Of("b"));
        Assert.Equal("b", (await _edits.UndoAsync())!.Value.Says);
        Assert.Equal("a", (await _edits.UndoAsync())!.Value.Says);
        Assert.Null(await _edits.UndoAsync());
        Assert.Equal("a", _edits.CanRedo);
        Assert.Equal("a", (await _edits.RedoAsync())!.Value.Says);
        Assert.Equal(["-b", "-a", "+a"], _log);
        Assert.Equal(("a", "b"), (_edits.CanUndo, _edits.CanRedo));
    }

    [Fact]
    public async Task A_new_edit_forgets_what_had_been_taken_back()
    {
        _edits.Did(Of("a"));
        await _edits.UndoAsync();
        _edits.Did(Of("b"));
        Assert.Null(_edits.CanRedo);
        Assert.Null(await _edits.RedoAsync());
    }

    [Fact]
    public async Task An_edit_that_cannot_be_taken_back_says_why_and_is_forgotten()
    {
        _edits.Did(new Edit("a", () => Task.FromResult<string?>("another schedule is in force"), () => Task.FromResult<string?>(null)));
        Assert.Equal(("a", "another schedule is in force"), await _edits.UndoAsync());
        Assert.Null(_edits.CanUndo);
        Assert.Null(_edits.CanRedo);
    }

    [Fact]
    public async Task While_one_is_being_taken_back_another_key_does_nothing()
    {
        var gate = new TaskCompletionSource<string?>();
        _edits.Did(Of("a"));
        _edits.Did(new Edit("slow", () => gate.Task, () => gate.Task));
        var first = _edits.UndoAsync();
        Assert.Null(await _edits.UndoAsync());
        gate.SetResult(null);
        Assert.Equal("slow", (await first)!.Value.Says);
        Assert.Equal("a", _edits.CanUndo);
    }

    private Edit Of(string name) => new(name, () => Log("-" + name), () => Log("+" + name));

    private Task<string?> Log(string what)
    {
        _log.Add(what);
        return Task.FromResult<string?>(null);
    }
}
