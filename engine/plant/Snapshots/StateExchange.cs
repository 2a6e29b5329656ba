using System.Runtime.CompilerServices;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>Part of a running plant: lists everything that it remembers.</summary>
internal interface IExchanged<TSelf>
    where TSelf : class, IExchanged<TSelf>
{
    /// <summary>One line per mutable field. What a line names is forked, saved and loaded.</summary>
    /// <param name="exchange">What is done with the fields.</param>
    /// <param name="other">What is copied from; <c>null</c> unless copying.</param>
    void Exchange(StateExchange exchange, TSelf? other);
}

/// <summary>Walks over everything that a running plant remembers: one list per class serves forking, saving and loading.</summary>
/// <remarks>
/// Who adds a mutable field adds one line to the <c>Exchange</c> method of its class; a test fails where that was forgotten. Fields
/// that are no state carry <see cref="NotStateAttribute"/> and say why.
/// </remarks>
internal abstract class StateExchange
{
    /// <summary>An array whose length is part of the state.</summary>
    public abstract void Array<T>(ref T[] own, T[]? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : unmanaged;

    /// <summary>An array that grows by itself: what lies beyond the other's end is <paramref name="filler"/>.</summary>
    public abstract void Grown<T>(ref T[] own, T[]? other, T filler, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : unmanaged;

    /// <summary>A list in an array of which only the first part is in use.</summary>
    public abstract void Used<T>(
        ref T[] own, ref int count, T[]? other, int? otherCount,
        [CallerArgumentExpression(nameof(own))] string name = "", [CallerArgumentExpression(nameof(count))] string countName = "")
        where T : unmanaged;

    public abstract void List<T>(List<T> own, List<T>? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : unmanaged;

    public abstract void Value<T>(ref T own, T? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : unmanaged;

    public abstract void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : unmanaged;

    /// <summary>A part with a list of its own; <c>null</c> in plants that have none.</summary>
    public virtual void Part<T>(T? own, T? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : class, IExchanged<T> => own?.Exchange(this, other);

    /// <summary>Parts of one kind, as many on both sides.</summary>
    public void Parts<T>(T[] own, T[]? other, [CallerArgumentExpression(nameof(own))] string name = "")
        where T : class, IExchanged<T>
    {
        for (var i = 0; i < own.Length; i++)
        {
            Part(own[i], other?[i], name);
        }
    }

    /// <summary>Lists side by side, each in an array of which the first part is in use.</summary>
    public void Lists<T>(
        T[][] own, int[] counts, T[][]? other, int[]? otherCounts,
        [CallerArgumentExpression(nameof(own))] string name = "", [CallerArgumentExpression(nameof(counts))] string countName = "")
        where T : unmanaged
    {
        for (var i = 0; i < own.Length; i++)
        {
            Used(ref own[i], ref counts[i], other?[i], otherCounts?[i], name, countName);
        }
    }
}

/// <summary>A field that changes but is not part of what a plant remembers: scratch memory, or something taken over elsewhere.</summary>
/// <param name="why">Why neither forks nor snapshots need it.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class NotStateAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
