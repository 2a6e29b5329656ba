using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Runtime.History;

namespace DigitalTwin.Runtime.Sessions;

/// <content>Other numbers for the model of a running plant.</content>
public sealed partial class TwinSession
{
    /// <summary>Lets the session live by a patched plant from now on: what happened stays, what is expected changes.</summary>
    /// <param name="patch">Gives the patched plant, with machines, routings and orders in their places.</param>
    /// <exception cref="InvalidOperationException">Its things are not in their places, or somebody else was faster.</exception>
    public async Task RecalibrateAsync(Func<CompiledScenario, CompiledScenario> patch, CancellationToken cancellation = default)
    {
        var before = _base;
        var after = await Task.Run(() => patch(before), cancellation);
        await CommandAsync(
            step =>
            {
                var now = step.Fold.Names.Plant;
                var grown = after.WithOrders(now.Scenario.Orders.Skip(before.Jobs.OrderCount));
                if (!ReferenceEquals(_base, before))
                {
                    throw new InvalidOperationException("somebody else changed the model at the same time. Maybe look at it and decide again");
                }

                if (RunningBase.Misfit(now, grown, step.Fold.State) is { } why)
                {
                    throw new InvalidOperationException($"the running plant cannot live by it: {why}");
                }

                _base = after;
                step.Refit(grown);
                ((SessionHistory)Past).Clear();
                return true;
            },
            1,
            cancellation);
    }
}
