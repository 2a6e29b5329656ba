using System.Diagnostics.CodeAnalysis;

namespace DigitalTwin.Plant.Behaviour;

// Groups laid out flat: where each queue has its place, and which bit of which group each machine is.
public sealed partial class CompiledScenario
{
    private int[] _queueStart; // per group
    private int[] _memberWords; // per group: first word of its bits
    private int[] _firstMembership; // per equipment, plus one
    private Membership[] _memberships;

    /// <summary>Words that bits for all members of all groups take.</summary>
    internal int MemberWordCount { get; private set; }

    /// <summary>First place of a group's queue: queues lie side by side, with room for every job of the group.</summary>
    internal int QueueStart(int group) => _queueStart[group];

    internal int FirstMemberWord(int group) => _memberWords[group];

    internal ReadOnlySpan<Membership> MembershipsOf(int equipment) =>
        _memberships.AsSpan(_firstMembership[equipment], _firstMembership[equipment + 1] - _firstMembership[equipment]);

    [MemberNotNull(nameof(_queueStart), nameof(_memberWords), nameof(_firstMembership), nameof(_memberships))]
    private void LayOutGroups()
    {
        _queueStart = new int[Groups.Length];
        foreach (ref readonly var job in _jobs.AsSpan())
        {
            _queueStart[_compiledOperations[job.Operation].Group]++;
        }

        var place = 0;
        _memberWords = new int[Groups.Length];
        for (var group = 0; group < Groups.Length; group++)
        {
            (_queueStart[group], place) = (place, place + _queueStart[group]);
            _memberWords[group] = MemberWordCount;
            MemberWordCount += (Groups[group].Length + 63) / 64;
        }

        _firstMembership = new int[Plant.Equipment.Length + 1];
        var memberships = new List<Membership>();
        for (var equipment = 0; equipment < Plant.Equipment.Length; equipment++)
        {
            _firstMembership[equipment] = memberships.Count;
            foreach (var group in EquipmentGroups[equipment])
            {
                var member = Array.BinarySearch(Groups[group], equipment);
                memberships.Add(new Membership(_memberWords[group] + (member >> 6), 1UL << member));
            }
        }

        _firstMembership[^1] = memberships.Count;
        _memberships = [.. memberships];
    }

    /// <summary>The bit that stands for a machine in one of its groups.</summary>
    internal readonly record struct Membership(int Word, ulong Mask);
}
