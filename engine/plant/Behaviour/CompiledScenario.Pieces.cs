using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Lots worked piece by piece: every piece draws its own time at its own address.
public sealed partial class CompiledScenario
{
    private const ulong PiecePurpose = 0x91ECE;

    /// <summary>Whether any operation counts pieces.</summary>
    public bool CountsPieces { get; private set; }

    /// <summary>Pieces of a lot: its quantity in whole units, at least one; each stands for the same part of the quantity.</summary>
    internal static int PiecesIn(double load) => (int)Math.Clamp(Math.Round(load), 1, int.MaxValue);

    /// <summary>Mean time of one piece of a lot.</summary>
    internal double MeanPieceMs(int lead, int equipment, double load)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        return CompiledAlternativeOn(operation, equipment).UnitMean * operation.VariationMean * PieceFactor(job, equipment, load);
    }

    /// <summary>What a lot is expected to take at its start: the fixed time that it draws, and its pieces.</summary>
    internal Duration PlanPieces(int lead, int equipment, double load, int attempt, in RandomSource random) =>
        Duration.FromMilliseconds(BeforeFirstPiece(lead, equipment, attempt, random) + PiecesIn(load) * MeanPieceMs(lead, equipment, load));

    /// <summary>The time of one piece, with the fixed time before the first.</summary>
    /// <param name="piece">From 0.</param>
    /// <param name="again">0, or how often the draw was not long enough for what was seen already.</param>
    internal Duration DrawPiece(int lead, int equipment, double load, int attempt, int piece, int again, in RandomSource random)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        var luck = random.Stream(job.Key ^ PiecePurpose);
        var draw = (long)(attempt + 64 * again) << 32 | (uint)piece;
        var time = CompiledAlternativeOn(operation, equipment).UnitTime.Sample(luck, 2 * draw) * PieceFactor(job, equipment, load);
        time *= _operations[job.Operation].Variation.Sample(luck, 2 * draw + 1);
        if (piece == 0)
        {
            time += BeforeFirstPiece(lead, equipment, attempt, random);
        }

        return Duration.FromMilliseconds(Math.Max(0, time));
    }

    /// <summary>Whether a piece is scrap.</summary>
    internal bool IsScrap(int lead, int attempt, int piece, in RandomSource random) =>
        CompiledOperationOf(lead).ScrapFraction is var share && share > 0
        && random.Uniform(_jobs[lead].Key ^ PiecePurpose, (long)attempt << 32 | (uint)piece, lane: 2) < share;

    private double BeforeFirstPiece(int lead, int equipment, int attempt, in RandomSource random)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var alternative = ref CompiledAlternativeOn(_compiledOperations[job.Operation], equipment);
        var time = alternative.FixedTime.Sample(random, job.Key, attempt * 4L) * job.WorkFactor / _equipment[equipment].SpeedFactor;
        return attempt > 0 ? time + _operations[job.Operation].ReworkTime.Sample(random, job.Key, attempt * 4L + 3) : time;
    }

    private double PieceFactor(in CompiledJob job, int equipment, double load) =>
        load / PiecesIn(load) * job.WorkFactor / _equipment[equipment].SpeedFactor;
}
