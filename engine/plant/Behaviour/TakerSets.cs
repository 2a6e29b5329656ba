using System.Numerics;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Per group, which of its equipment could take work as far as its own state says: one bit each.</summary>
internal sealed class TakerSets : IExchanged<TakerSets>
{
    private readonly CompiledScenario _plant;
    private ulong[] _bits; // all groups side by side
    private bool[] _can; // per equipment

    public TakerSets(CompiledScenario plant)
    {
        _plant = plant;
        _bits = new ulong[plant.MemberWordCount];
        _can = new bool[plant.Plant.Equipment.Length];
    }

    public void Exchange(StateExchange exchange, TakerSets? other)
    {
        exchange.Array(ref _bits, other?._bits);
        exchange.Array(ref _can, other?._can);
    }

    public void Set(int equipment, bool can)
    {
        if (_can[equipment] == can)
        {
            return;
        }

        _can[equipment] = can;
        foreach (ref readonly var membership in _plant.MembershipsOf(equipment))
        {
            _bits[membership.Word] ^= membership.Mask;
        }
    }

    /// <summary>The next equipment of a group that could take work, from a place in the group on; −1 when there is none.</summary>
    public int Next(int group, ref int place)
    {
        var members = _plant.Groups[group];
        var first = _plant.FirstMemberWord(group);
        while (place < members.Length)
        {
            var word = _bits[first + (place >> 6)] >> place;
            if (word != 0)
            {
                place += BitOperations.TrailingZeroCount(word);
                return members[place++];
            }

            place = (place | 63) + 1;
        }

        return -1;
    }
}
