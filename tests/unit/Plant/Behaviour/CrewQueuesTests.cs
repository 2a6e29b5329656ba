using CsCheck;
using DigitalTwin.Plant.Behaviour;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class CrewQueuesTests
{
    /// <summary>Calls, answers and withdrawals at random beside a plain list.</summary>
    [Fact]
    public void Whoever_calls_is_served_by_weight_and_then_by_waiting_whatever_is_withdrawn() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 11], Gen.Int[1, 3]).Array[0, 200].Sample(steps =>
        {
            var queues = new CrewQueues(skills: 1, pools: 1, callers: 12);
            var waiting = new List<(int Caller, double Weight, int Since)>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (what, caller, weight) = steps[i];
                waiting.RemoveAll(w => what < 8 && w.Caller == caller); // a new call takes the place of the old
                if (what < 6)
                {
                    queues.Add(0, caller, 1, weight, i);
                    waiting.Add((caller, weight, i));
                }
                else if (what < 8)
                {
                    queues.Withdraw(caller);
                }
                else if (waiting.Count > 0)
                {
                    var first = waiting.OrderByDescending(w => w.Weight).ThenBy(w => w.Since).First();
                    Assert.True(queues.TryPeek(0, out var entry));
                    Assert.Equal(first.Caller, entry.Caller);
                    queues.Pop(0);
                    waiting.Remove(first);
                }

                Assert.Equal(waiting.Count == 0, queues.IsEmpty(0));
            }
        });
}
