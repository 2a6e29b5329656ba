using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Lots worked piece by piece: every piece draws its own time at its own address.
public sealed partial class CompiledScenario
{
    private const ulong PiecePurpose = 0x91ECE;

    /// <summary>Whether any operation counts pieces.</summary>
    public bool CountsPieces { get; private set; }

    /// <summary>A lot before its first piece: its quantity in whole units, at least one; each stands for the same part of the quantity.</summary>
    internal PieceState PiecesOf(int lead, int equipment, double load, int attempt)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        var pieces = (int)Math.Clamp(Math.Round(load), 1, int.MaxValue);
        var factor = load / pieces * job.WorkFactor / _equipment[equipment].SpeedFactor;
        var alternative = AlternativeIndexOn(operation, equipment);
        return new PieceState
        {
            Lot = pieces, Factor = factor, Alternative = alternative, Attempt = attempt,
            MeanMs = _alternatives[alternative].UnitMean * operation.VariationMean * factor,
        };
    }

    /// <summary>What a lot is expected to take at its start: the fixed time that it draws, and its pieces.</summary>
    internal Duration PlanPieces(int lead, int equipment, double load, int attempt, in RandomSource random)
    {
        var lot = PiecesOf(lead, equipment, load, attempt);
        return Duration.FromMilliseconds(BeforeFirstPiece(lead, equipment, attempt, random) + lot.Lot * lot.MeanMs);
    }

    /// <summary>The time of the next piece, with the fixed time before the first.</summary>
    /// <param name="again">0, or how often the draw was not long enough for what was seen already.</param>
    internal Duration DrawPiece(int lead, int equipment, in PieceState counted, int again, in RandomSource random)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        var luck = random.Stream(job.Key ^ PiecePurpose);
        var piece = counted.Good + counted.Scrap;
        var draw = (long)(counted.Attempt + 64 * again) << 32 | (uint)piece;
        var time = _alternatives[counted.Alternative].UnitTime.Sample(luck, 2 * draw) * counted.Factor;
        if (operation.Variation is { } variation)
        {
            time *= variation.Sample(luck, 2 * draw + 1);
        }

        if (piece == 0)
        {
            time += BeforeFirstPiece(lead, equipment, counted.Attempt, random);
        }

        return new Duration(time > 0 ? (long)(time + 0.5) : 0); // rounding of numbers of any sign would take longer than the rest
    }

    /// <summary>Whether the next piece is scrap.</summary>
    internal bool IsScrap(int lead, in PieceState counted, in RandomSource random) =>
        CompiledOperationOf(lead).ScrapFraction is var share && share > 0
        && random.Uniform(_jobs[lead].Key ^ PiecePurpose, (long)counted.Attempt << 32 | (uint)(counted.Good + counted.Scrap), lane: 2) < share;

    private double BeforeFirstPiece(int lead, int equipment, int attempt, in RandomSource random)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var alternative = ref CompiledAlternativeOn(_compiledOperations[job.Operation], equipment);
        var time = alternative.FixedTime.Sample(random, job.Key, attempt * 4L) * job.WorkFactor / _equipment[equipment].SpeedFactor;
        return attempt > 0 ? time + _operations[job.Operation].ReworkTime.Sample(random, job.Key, attempt * 4L + 3) : time;
    }
}
