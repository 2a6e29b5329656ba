using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Planning;

/// <summary>Triggers, policy and proposals of one plant. Safe for concurrent callers.</summary>
public sealed class ReplanBook : IDisposable
{
    private const int Kept = 50;
    private const int Capacity = 256;

    private readonly Lock _gate = new();
    private readonly IPlanRepairer _repairer;
    private readonly TimeProvider _time;
    private readonly string? _file;
    private readonly List<ReplanProposal> _proposals = [];
    private readonly List<string> _reasons = [];
    private readonly HashSet<int> _seenAlarms = [];
    private SessionFollower? _follower;
    private FollowedPlant? _plant;
    private ReplanPolicy _policy;
    private SimTime _lastByClock;
    private DateTimeOffset _quietUntil;
    private int _count;

    internal ReplanBook(IPlanRepairer repairer, TimeProvider time, string? file)
    {
        (_repairer, _time, _file) = (repairer, time, file);
        _policy = file is not null && File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ReplanJson.Default.ReplanPolicy) ?? new() : new();
    }

    public ReplanPolicy Policy
    {
        get
        {
            lock (_gate)
            {
                return _policy;
            }
        }
    }

    /// <summary>Why the latest repair failed, for people; <c>null</c> when it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Proposals, the latest first.</summary>
    public IReadOnlyList<ReplanProposal> Proposals
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_proposals)];
            }
        }
    }

    /// <summary>Another policy, from now on and after a restart.</summary>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public void SetPolicy(ReplanPolicy policy)
    {
        if (policy.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(policy));
        }

        lock (_gate)
        {
            if (_file is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
                File.WriteAllBytes(_file + ".part", JsonSerializer.SerializeToUtf8Bytes(policy, ReplanJson.Default.ReplanPolicy));
                File.Move(_file + ".part", _file, overwrite: true);
            }

            _policy = policy;
        }
    }

    /// <summary>Repairs at once because a person asks; <c>null</c> when no schedule is in force.</summary>
    /// <exception cref="PlanningException">It cannot be repaired.</exception>
    public ReplanProposal? Ask(TwinSession session, string user, CancellationToken cancellation = default)
    {
        var view = session.View();
        return view.Schedule.Schedule is null ? null : Add(Repair(view, [$"{user} asked"], Policy, cancellation));
    }

    /// <summary>Puts a proposal in force, if the schedule that it repairs still is.</summary>
    /// <param name="expectedVersion">Version in force as the caller saw it.</param>
    /// <exception cref="InvalidOperationException">It is not open any more.</exception>
    public async Task<ScheduleOutcome> ApplyAsync(TwinSession session, int id, int expectedVersion, string user, CancellationToken cancellation = default)
    {
        var proposal = Proposals.FirstOrDefault(p => p.Id == id);
        if (proposal is not { Status: ProposalStatus.Open } || proposal.Run != session.Run)
        {
            throw new InvalidOperationException(proposal is null ? $"there is no proposal {id}" : $"proposal {id} is {(proposal.Run == session.Run ? proposal.Status : ProposalStatus.Outdated)}{(proposal.DecidedBy is { } by ? $" by {by}" : "")}. Maybe ask for another");
        }

        // Both must still hold: what the caller saw, and what the proposal repairs.
        var outcome = await session.ApplyScheduleAsync(proposal.Offer.Schedule, expectedVersion == proposal.BasedOn ? expectedVersion : -1, user, cancellation);
        if (outcome.Done)
        {
            Replace(proposal with { Status = ProposalStatus.Applied, DecidedBy = user, AppliedVersion = outcome.InForce.Version });
        }

        return outcome;
    }

    /// <summary>A person does not want a proposal; false when it is not open.</summary>
    public bool Dismiss(int id, string user)
    {
        var proposal = Proposals.FirstOrDefault(p => p.Id == id && p.Status == ProposalStatus.Open);
        return proposal is not null && Replace(proposal with { Status = ProposalStatus.Dismissed, DecidedBy = user });
    }

    /// <summary>Looks for triggers and repairs when there are any.</summary>
    internal async Task LookAsync(TwinSession session, CancellationToken cancellation)
    {
        Listen(session);
        var (view, policy) = (session.View(), Policy);
        Outdate(view);
        List<string> reasons;
        lock (_gate)
        {
            if (view.Schedule.Schedule is null || policy.Mode == ReplanMode.Off)
            {
                _reasons.Clear();
                return;
            }

            if (_reasons.Count == 0 || _time.GetUtcNow() < _quietUntil)
            {
                return;
            }

            reasons = [.. _reasons.Distinct(StringComparer.Ordinal)];
            _reasons.Clear();
            _quietUntil = _time.GetUtcNow() + TimeSpan.FromSeconds(policy.QuietSeconds);
        }

        try
        {
            var proposal = await Task.Run(() => Repair(view, reasons, policy, cancellation), cancellation);
            Trouble = null;
            if (proposal.Offer.Moves.Count > 0)
            {
                await DecideAsync(session, Add(proposal), policy, cancellation);
            }
        }
        catch (PlanningException e)
        {
            Trouble = e.Message;
        }
    }

    public void Dispose() => _follower?.Dispose();

    private async Task DecideAsync(TwinSession session, ReplanProposal proposal, ReplanPolicy policy, CancellationToken cancellation)
    {
        if (policy.Mode != ReplanMode.WithinLimits)
        {
            return;
        }

        var (moved, late) = (proposal.Offer.Moved, proposal.Offer.NewlyLate.Count);
        var beyond = moved > policy.MostMoved ? $"it moves {moved} operations, the policy allows {policy.MostMoved}"
            : late > policy.MostNewlyLate ? $"it makes {late} orders late, the policy allows {policy.MostNewlyLate}" : null;
        if (beyond is not null)
        {
            Replace(proposal with { BeyondLimits = beyond });
            return;
        }

        await ApplyAsync(session, proposal.Id, proposal.BasedOn, "policy", cancellation);
    }

    private void Listen(TwinSession session)
    {
        lock (_gate)
        {
            if (_follower is null or { LetGo: not null })
            {
                _follower?.Dispose();
                _follower = session.Follow(Capacity);
                _plant = new FollowedPlant(_follower.Start);
                _lastByClock = _follower.Start.Now;
            }

            while (_follower.TryRead() is { } step)
            {
                foreach (var change in step)
                {
                    if (change is OrdersAppended orders && _policy.OnRushOrder)
                    {
                        _reasons.AddRange(orders.Orders.Select(o => $"order {o.Id} came"));
                    }

                    _plant!.Apply(change, (e, state) => Hear(e, state));
                }
            }

            foreach (var alarm in session.Alarms.Where(a => a.Kind != DriftKind.Order && a.Kind != DriftKind.Forecast && _seenAlarms.Add(a.Id) && _policy.OnDrift))
            {
                _reasons.Add($"{alarm.Subject} drifts ({alarm.Kind})");
            }

            if (_policy.EveryMinutes is { } minutes && _plant!.State.Now - _lastByClock >= Duration.FromMinutes(minutes))
            {
                _lastByClock = _plant.State.Now;
                _reasons.Add("the clock");
            }
        }
    }

    private void Hear(in PlantEvent e, PlantState state)
    {
        if (e.Kind == PlantEventKind.EquipmentDown && _policy.OnBreakdown)
        {
            var broken = e.Equipment;
            if (_plant!.Schedule.Schedule?.Batches.Any(b => b.Equipment.Index == broken && b.Jobs.Any(j => state.Jobs[j].EndAt < 0)) == true)
            {
                _reasons.Add($"{state.Plant.Plant.Equipment[broken].Id} broke down");
            }
        }
    }

    private ReplanProposal Repair(TwinView view, IReadOnlyList<string> reasons, ReplanPolicy policy, CancellationToken cancellation) => new()
    {
        Id = Interlocked.Increment(ref _count), Reasons = [.. reasons], BasedOn = view.Schedule.Version, Run = view.Run, MadeAt = view.Now,
        Offer = _repairer.Repair(
            new RepairAsk(view.State, view.Schedule.Schedule!, policy.Stability, Duration.FromMinutes(policy.FrozenMinutes), Duration.FromSeconds(policy.TimeLimitSeconds)), cancellation),
    };

    private ReplanProposal Add(ReplanProposal proposal)
    {
        lock (_gate)
        {
            for (var i = 0; i < _proposals.Count; i++)
            {
                _proposals[i] = _proposals[i].Status == ProposalStatus.Open ? _proposals[i] with { Status = ProposalStatus.Outdated } : _proposals[i];
            }

            _proposals.Add(proposal);
            if (_proposals.Count > Kept)
            {
                _proposals.RemoveAt(0);
            }
        }

        return proposal;
    }

    private void Outdate(TwinView view)
    {
        foreach (var open in Proposals.Where(p => p.Status == ProposalStatus.Open && (p.BasedOn != view.Schedule.Version || p.Run != view.Run)))
        {
            Replace(open with { Status = ProposalStatus.Outdated });
        }
    }

    private bool Replace(ReplanProposal proposal)
    {
        lock (_gate)
        {
            var i = _proposals.FindIndex(p => p.Id == proposal.Id);
            if (i >= 0)
            {
                _proposals[i] = proposal;
            }

            return i >= 0;
        }
    }
}

/// <summary>JSON of policies.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(ReplanPolicy))]
internal sealed partial class ReplanJson : JsonSerializerContext;
