using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>How to import orders.</summary>
public sealed record OrderImportOptions
{
    /// <summary>Whether one refused row keeps all others out.</summary>
    public bool AllOrNothing { get; init; }

    /// <summary>Sheet of a workbook; <c>null</c> takes the first.</summary>
    public string? Sheet { get; init; }
}

/// <summary>What an import does with a row.</summary>
public enum ImportAction
{
    /// <summary>A new order.</summary>
    Add,

    /// <summary>An order of the book that becomes different.</summary>
    Change,

    /// <summary>An order of the book that is already as the row says.</summary>
    Keep,

    /// <summary>A row that does not enter, for its reasons.</summary>
    Refuse,
}

/// <summary>One field of an order before and after, as orders.csv would write them; empty for nothing.</summary>
public sealed record FieldChange(string Field, string Before, string After);

/// <summary>One row of an imported file.</summary>
public sealed record OrderImportRow
{
    public required ImportAction Action { get; init; }

    /// <summary>The order that the row names; empty when it names none.</summary>
    public required string OrderId { get; init; }

    /// <summary>Line of a text, row of a sheet; from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The order as it will be; <c>null</c> when refused.</summary>
    public Order? Order { get; init; }

    /// <summary>What changes; for a new order what it says.</summary>
    public ImmutableArray<FieldChange> Changes { get; init; } = [];

    /// <summary>Why it is refused, or what is odd about it, each with its place.</summary>
    public ImmutableArray<Diagnostic> Reasons { get; init; } = [];
}

/// <summary>What an import would do. Nothing has happened yet: <see cref="Apply"/> gives the scenario with the new order book.</summary>
public sealed record OrderImportResult
{
    private readonly Scenario _before;

    internal OrderImportResult(Scenario before, bool allOrNothing)
    {
        _before = before;
        AllOrNothing = allOrNothing;
    }

    public bool AllOrNothing { get; }

    /// <summary>What the file turned out to be: <c>Excel</c>, <c>GB18030, semicolon</c>; empty when it could not be read.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>Every row of the file.</summary>
    public ImmutableArray<OrderImportRow> Rows { get; internal init; } = [];

    /// <summary>Findings about the file as a whole: unreadable, no headings, unused columns.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; internal init; } = [];

    public int Added => Rows.Count(r => r.Action == ImportAction.Add);

    public int Changed => Rows.Count(r => r.Action == ImportAction.Change);

    public int Kept => Rows.Count(r => r.Action == ImportAction.Keep);

    public int Refused => Rows.Count(r => r.Action == ImportAction.Refuse);

    /// <summary>Whether applying it lets anything in: the file was readable and, where asked for all or nothing, no row is refused.</summary>
    public bool CanApply => Diagnostics.All(d => d.Severity != Severity.Error) && !(AllOrNothing && Refused > 0);

    /// <summary>The order book afterwards: changed orders in their places, new ones at the end; unchanged where <see cref="CanApply"/> is false.</summary>
    public ImmutableArray<Order> Orders
    {
        get
        {
            if (!CanApply)
            {
                return _before.Orders;
            }

            var changed = Rows.Where(r => r.Action == ImportAction.Change).ToDictionary(r => r.OrderId, r => r.Order!, StringComparer.Ordinal);
            return [.. _before.Orders.Select(o => changed.GetValueOrDefault(o.Id, o)), .. Rows.Where(r => r.Action == ImportAction.Add).Select(r => r.Order!)];
        }
    }

    /// <summary>The scenario with the new order book.</summary>
    public Scenario Apply() => _before with { Orders = Orders };
}
