using DigitalTwin.Plant.Behaviour;

namespace DigitalTwin.Plant.Events;

/// <summary>What a machine has counted of a lot in its present execution.</summary>
public struct PieceState
{
    /// <summary>Good pieces.</summary>
    public int Good;

    /// <summary>Scrap pieces.</summary>
    public int Scrap;

    /// <summary>Pieces of the lot.</summary>
    public int Lot;

    /// <summary>Which way of doing the operation the machine uses; the path of a piece reads few lines of memory so.</summary>
    internal int Alternative;

    /// <summary>Of its lead job: <see cref="JobState.Attempt"/>.</summary>
    internal int Attempt;

    /// <summary>Progress of the batch when the last piece was done, ms; 0 before the first.</summary>
    public long DoneMs;

    /// <summary>Mean time of a piece on the machine that has the lot, ms.</summary>
    public double MeanMs;

    /// <summary>Its time there for each ms of the unit time drawn.</summary>
    public double Factor;

    /// <summary>Pieces to be worked still.</summary>
    public readonly int Left => Math.Max(0, Lot - Good - Scrap);
}

// Pieces: what counters report. The plan of a lot follows its counter. Without counted operations the array here is empty.
public sealed partial class PlantState
{
    private PieceState[] _pieces = [];

    /// <summary>Pieces counted per lead job; empty in a plant that counts none.</summary>
    public ReadOnlySpan<PieceState> Pieces => _pieces;

    /// <summary>Pieces that a lot still has to be worked (lead); 0 where none are counted.</summary>
    public int PiecesLeft(int lead) => _pieces.Length > 0 ? _pieces[lead].Left : 0;

    /// <summary>Share of the counted pieces that are scrap; 0 before any was counted (lead).</summary>
    public double ScrapShareOf(int lead) =>
        _pieces.Length > 0 && _pieces[lead] is { Scrap: > 0 } counted ? counted.Scrap / (double)(counted.Good + counted.Scrap) : 0;

    private void GrowPieces()
    {
        if (Plant.CountsPieces)
        {
            Array.Resize(ref _pieces, _jobs.Length);
        }
    }

    private void CompletePiece(in PlantEvent e)
    {
        ref var counted = ref _pieces[e.Job];
        ref var lead = ref _jobs[e.Job];
        ref var meters = ref _meters[e.Equipment];
        counted.DoneMs = ProgressMs(e.Job, e.Time);
        meters.Pieces++;
        if (e.Value > 0)
        {
            counted.Scrap++;
            meters.ScrapPieces++;
        }
        else
        {
            counted.Good++;
        }

        lead.PlannedMs = counted.DoneMs + (long)(counted.Left * counted.MeanMs);
        Touch(e.Equipment);
    }

    /// <summary>A lot begins on a machine; what the counter needs to know is worked out once.</summary>
    private void BeginPieces(int lead, int equipment)
    {
        if (_pieces.Length > 0)
        {
            _pieces[lead] = Plant.CompiledOperationOf(lead).CountsPieces ? Plant.PiecesOf(lead, equipment, _jobs[lead].Load, _jobs[lead].Attempt) : default;
        }
    }

    private void ForgetPieces(int job)
    {
        if (_pieces.Length > 0)
        {
            _pieces[job] = default;
        }
    }
}
