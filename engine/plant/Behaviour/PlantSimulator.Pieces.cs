using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Pieces: a lot on a machine that counts goes on from piece to piece.
public sealed partial class PlantSimulator
{
    private const int MostRedraws = 16;

    /// <summary>Puts the end of the piece in work into the calendar.</summary>
    /// <param name="worked">Progress of the lot.</param>
    private void SchedulePiece(int equipment, int lead, long worked)
    {
        ref readonly var counted = ref State.Pieces[lead];
        var end = counted.DoneMs + _plant.DrawPiece(lead, equipment, counted, 0, _random).Milliseconds;
        for (var again = 1; end < worked && again < MostRedraws; again++)
        {
            // It was seen, or begun with other luck, and has outlived this draw.
            end = counted.DoneMs + _plant.DrawPiece(lead, equipment, counted, again, _random).Milliseconds;
        }

        _batchHandles[lead] = Schedule(_now + TimeFor(lead, end - worked), new Pending(PendingKind.EndPiece, equipment, lead));
    }

    private void CompletePiece(int equipment, int lead)
    {
        ref readonly var counted = ref State.Pieces[lead];
        EmitPiece(equipment, lead, _plant.IsScrap(lead, counted, _random));
        if (counted.Left > 0)
        {
            SchedulePiece(equipment, lead, counted.DoneMs);
        }
        else
        {
            FinishProcessing(equipment, lead);
        }
    }

    /// <summary>A piece changes neither who can take work nor who is free, so nothing else need be looked at.</summary>
    private void EmitPiece(int equipment, int lead, bool scrap)
    {
        var e = new PlantEvent(_now, PlantEventKind.PieceCompleted, equipment, lead, Value: scrap ? 1 : 0);
        State.ApplyOwn(e);
        _sink?.On(e);
    }
}
