using Stateless;

namespace DigitalTwin.Plant.Lifecycles;

/// <summary>A lifecycle declared once with Stateless and compiled to a dense table for the hot path.</summary>
/// <typeparam name="TState">Enum with values 0…n−1.</typeparam>
/// <typeparam name="TTrigger">Enum with values 0…m−1.</typeparam>
/// <remarks>A Stateless <c>Fire</c> costs about 0.7 µs and 0.9 kB; a table look-up costs a nanosecond and nothing. A test walks
/// every (state, trigger) pair of both.</remarks>
public sealed class Lifecycle<TState, TTrigger>
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    private const byte Illegal = byte.MaxValue;
    private static readonly TState[] States = Enum.GetValues<TState>();
    private static readonly TTrigger[] Triggers = Enum.GetValues<TTrigger>();
    private readonly byte[] _table;
    private readonly Action<StateMachine<TState, TTrigger>> _declare;

    /// <summary>Compiles a declaration.</summary>
    /// <param name="declare">Configures every state; guards are not allowed, since a table has no arguments.</param>
    public Lifecycle(Action<StateMachine<TState, TTrigger>> declare)
    {
        _declare = declare;
        _table = new byte[States.Length * Triggers.Length];
        Array.Fill(_table, Illegal);
        for (var s = 0; s < States.Length; s++)
        {
            for (var t = 0; t < Triggers.Length; t++)
            {
                var machine = Machine(States[s]);
                if (machine.CanFire(Triggers[t]))
                {
                    machine.Fire(Triggers[t]);
                    _table[s * Triggers.Length + t] = (byte)Array.IndexOf(States, machine.State);
                }
            }
        }
    }

    /// <summary>The declared machine standing in a state: to read, to draw, to ask "why not?".</summary>
    public StateMachine<TState, TTrigger> Machine(TState state)
    {
        var machine = new StateMachine<TState, TTrigger>(state);
        _declare(machine);
        return machine;
    }

    /// <summary>Next state by index, or −1 when the trigger is not permitted there. No allocation.</summary>
    public int Next(int state, int trigger)
    {
        var next = _table[state * Triggers.Length + trigger];
        return next == Illegal ? -1 : next;
    }

    /// <summary>Triggers permitted in a state.</summary>
    public IEnumerable<TTrigger> Permitted(TState state)
    {
        var s = Array.IndexOf(States, state);
        return Triggers.Where((_, t) => Next(s, t) >= 0);
    }
}
