using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A machine stops at a known moment: it breaks, or is taken out for maintenance.</summary>
public sealed record StopMachine(DisturbanceKind Kind, PatchText Equipment, PatchText At, PatchText Duration) : ScenarioPatch
{
    public override string Describe() => $"{Kind.ToString().ToLowerInvariant()} of {Equipment} at {At} for {Duration}";

    internal override void Apply(PatchTarget target)
    {
        if (target.Find(EquipmentTable.Shape, DraftFields.Machine, Equipment) is null)
        {
            return;
        }

        var row = PatchTarget.NewRow(DisturbancesTable.Shape, Place);
        target.Set(DisturbancesTable.Shape, row,
            [new("time", At), new("equipment", Equipment), new("kind", Place with { Text = Kind.ToString().ToLowerInvariant() }), new("duration", Duration)]);
        target.Draft.Rows(DisturbancesTable.Shape).Add(row);
    }
}

/// <summary>A machine more, like one that is there or by its columns.</summary>
/// <param name="Like">The machine that it is a copy of, also in routings that name machines; <c>null</c> when the columns say everything.</param>
/// <param name="Columns">Columns of <c>equipment.csv</c>, the new id among them; they win over those of the copied machine.</param>
public sealed record AddMachine(PatchText? Like, ImmutableArray<PatchColumn> Columns) : ScenarioPatch
{
    public override string Describe()
    {
        var id = Columns.FirstOrDefault(c => c.Column == "id").Value;
        return Like is { } like ? $"machine {id} like {like}" : $"machine {id}: {InWords(Columns.Where(c => c.Column != "id"))}";
    }

    internal override void Apply(PatchTarget target) => MachineEdit.Add(target, this);
}

/// <summary>Machines that are not there any more; routings that name them lose them.</summary>
public sealed record RemoveMachines(ImmutableArray<PatchText> Machines) : ScenarioPatch
{
    public override string Describe() => $"without {Names(Machines)}";

    internal override void Apply(PatchTarget target)
    {
        foreach (var machine in Machines)
        {
            MachineEdit.Remove(target, machine);
        }
    }
}
