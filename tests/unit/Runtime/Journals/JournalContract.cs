using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.History;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime.Journals;

/// <summary>What every journal promises, whatever database keeps it.</summary>
public abstract class JournalContract
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void What_was_appended_comes_back_in_order_after_reopening()
    {
        var written = new List<(JournalEntryKind, string)>();
        using (var journal = Open())
        {
            for (var commit = 0; commit < 700; commit++)
            {
                var entries = Enumerable.Range(0, 1 + commit % 3).Select(i => i == 1 ? Refused(commit) : Events(commit, 1 + (commit * 7 + i) % 40)).ToList();
                written.AddRange(entries.Select(Text));
                journal.Append(entries);
            }

            Assert.Equal(written, journal.Read().Select(Text));
            Assert.Equal(written.Count, journal.Count);
        }

        using var again = Open();
        Assert.Empty(again.Damages);
        Assert.Equal(written, again.Read().Select(Text));
        Assert.Equal(Enumerable.Range(1, written.Count).Select(i => (long)i), again.Read().Select(e => e.Sequence));
        Assert.Equal(written.Skip(123), again.Read(123).Select(Text));
        Assert.Equal(699 * 1000, again.ClockMs);
        var before = again.RowBefore(300_000);
        Assert.All(again.Read().TakeWhile(e => e.Sequence <= before), e => Assert.True(EntryCodec.LatestMs(e) <= 300_000));
    }

    [Fact]
    public void A_journal_of_another_scenario_is_refused_with_the_way_out()
    {
        Open().Dispose();
        Assert.Contains("Maybe put the old scenario back", Assert.Throws<JournalException>(() => OpenAs("another")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_twins_cannot_share_a_journal()
    {
        using var first = Open();
        Assert.Contains("Maybe another twin has it open", Assert.Throws<JournalException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Starting_over_begins_empty_again_and_again()
    {
        using (var journal = Open())
        {
            for (var run = 0; run < 5; run++)
            {
                journal.Append([Events(run, 5)]);
                journal.StartOver();
                Assert.Equal((0, 0), (journal.Count, journal.Read().Count()));
            }

            journal.Append([Events(7, 5)]);
        }

        using var again = Open();
        Assert.Single(again.Read());
    }

    [Theory]
    [InlineData("UPDATE segment SET clock = clock + 1 WHERE first = 3")]
    [InlineData("UPDATE segment SET body = (SELECT body FROM segment WHERE first = 4) WHERE first = 3")]
    [InlineData("DELETE FROM segment WHERE first = 3")]
    public void A_damaged_segment_is_left_out_and_told_and_the_others_stay_readable(string harm)
    {
        using (var journal = Open())
        {
            for (var commit = 0; commit < 6; commit++)
            {
                journal.Append([Events(commit, 10)]);
            }
        }

        Harm(harm);
        using var again = Open();
        again.Scrub(Stop);
        Assert.Equal([1, 2, 4, 5, 6], again.Read().Select(e => e.Sequence));
        var damage = Assert.Single(again.Damages);
        Assert.Equal((2, 1), (damage.AfterSequence, damage.Rows));
        Assert.Contains("Maybe restore a backup", damage.What, StringComparison.Ordinal);
        again.Append([Events(9, 3)]);
        Assert.Equal([1, 2, 4, 5, 6, 7], again.Read().Select(e => e.Sequence));
    }

    [Fact]
    public void A_torn_tail_is_cut_kept_aside_and_told_once()
    {
        using (var journal = Open())
        {
            for (var commit = 0; commit < 6; commit++)
            {
                journal.Append([Events(commit, 10)]);
            }
        }

        Harm("UPDATE segment SET event_count = event_count + 1 WHERE first >= 5");
        using (var again = Open())
        {
            Assert.Equal([1, 2, 3, 4], again.Read().Select(e => e.Sequence));
            var damage = Assert.Single(again.Damages);
            Assert.Equal((4, 2), (damage.AfterSequence, damage.Rows));
            Assert.Contains("kept in table set_aside", damage.What, StringComparison.Ordinal);
            again.Append([Events(9, 3)]);
        }

        using var third = Open();
        Assert.Empty(third.Damages);
        Assert.Equal([1, 2, 3, 4, 5], third.Read().Select(e => e.Sequence));
    }

    [Fact]
    public void A_saved_fold_comes_back_and_a_damaged_one_does_not()
    {
        var saved = new JournalSnapshot(new SnapshotHead(2, 1000, 5, 900), new byte[] { 1, 2, 3 }, new byte[] { 4, 5 });
        using (var journal = Open())
        {
            journal.Append([Events(0, 10), Events(1, 10)]);
            journal.Append([Events(2, 10)], saved);
            journal.Append([], saved with { Head = new SnapshotHead(3, 2000, 1, 0) });
        }

        Harm("UPDATE snapshot SET clock = clock + 1, bars_to = bars_to + 1 WHERE seq = 3");
        using var again = Open();
        Assert.Equal([2, 3], again.Snapshots.Select(s => s.Sequence));
        Assert.Equal(saved.Fold.ToArray(), again.ReadSnapshot(again.Snapshots[0])!.Fold.ToArray());
        Assert.Equal(saved.Bars.ToArray(), again.ReadBars(again.Snapshots[0])!.Value.ToArray());
        Assert.Null(again.ReadSnapshot(again.Snapshots[1]));
        Assert.Null(again.ReadBars(again.Snapshots[1]));
    }

    [Fact]
    public void Old_events_are_kept_smaller_and_without_ids_and_forgotten_only_on_request()
    {
        var time = new ManualTime();
        var policy = new JournalPolicy { CompactAfter = TimeSpan.FromDays(30), ForgetAfter = TimeSpan.FromDays(100) };
        using var journal = OpenAs("contract", time, policy);
        var written = new List<PlantEvent>();
        for (var day = 0; day < 90; day++)
        {
            var entry = Events(day * 86_400, 2000);
            written.AddRange(EntryCodec.ReadEvents(entry.Body).Select(e => e.Event));
            journal.Append([entry, Refused(day)], Saved(journal, day));
            time.Now += TimeSpan.FromDays(1);
        }

        var back = journal.Read().Where(e => e.Kind == JournalEntryKind.Events).SelectMany(e => EntryCodec.ReadEvents(e.Body)).ToList();
        Assert.Equal(written, back.Select(e => e.Event));
        Assert.All(back.Take(20 * 2000), e => Assert.Equal(default, e.Id));
        Assert.All(back.TakeLast(20 * 2000), e => Assert.NotEqual(default, e.Id));
        Assert.Equal(0, journal.Forgotten);
        for (var day = 90; day < 145; day++)
        {
            journal.Append([Events(day * 86_400, 2000)], Saved(journal, day));
            time.Now += TimeSpan.FromDays(1);
        }

        Assert.InRange(journal.Forgotten, 2, 92);
        Assert.NotNull(journal.ReadSnapshot(journal.Snapshots[0]));
        Assert.Equal(journal.Forgotten, journal.Snapshots[0].Sequence);
        Assert.Empty(journal.Damages);

        static JournalSnapshot? Saved(IJournal journal, int day) =>
            journal.Count == 0 ? null : new JournalSnapshot(new SnapshotHead(journal.Count, (day - 1) * 86_400_000L, 1, 0), new byte[200], new byte[8]);
    }

    [Fact]
    public async Task A_session_comes_back_as_it_was_from_its_saved_fold()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 24);
        string picture, bars;
        int refused;
        await using (var session = OpenSession(plant))
        {
            foreach (var part in report.Chunk(90))
            {
                await session.IngestAsync(part, cancellation: Stop);
            }

            await session.AddOrdersAsync([OrderDocument.Of(plant.Scenario.Orders[0], plant) with { Id = "RUSH" }], Stop);
            await session.IngestAsync([report[0] with { Id = "impossible" }], cancellation: Stop);
            (picture, bars, refused) = (RuntimePlants.Picture(session.Snapshot()), Bars(session.History(default, session.Now)), session.Refused().Count);
        }

        await using var again = OpenSession(plant);
        Assert.True(again.Statistics.SavedFolds > 0);
        Assert.Equal(picture, RuntimePlants.Picture(again.Snapshot()));
        Assert.Equal(bars, Bars(again.History(default, again.Now)));
        Assert.Equal(refused, again.Refused().Count);
        Assert.Equal(plant.Scenario.Orders.Length, again.Names.Order("RUSH"));
        var repeated = await again.IngestAsync(report, cancellation: Stop);
        Assert.Equal((0, report.Count), (repeated.Accepted, repeated.Duplicates));
    }

    [Fact]
    public async Task Any_moment_looked_for_from_a_saved_fold_is_the_straight_fold()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 24);
        await using var straight = RuntimePlants.Open(plant, with: o => o with { SnapshotEvery = 1_000_000 });
        await straight.IngestAsync(report, cancellation: Stop);
        await using (var writing = OpenSession(plant))
        {
            foreach (var part in report.Chunk(50))
            {
                await writing.IngestAsync(part, cancellation: Stop);
            }

            await CompareAsync(writing);
        }

        await using var again = OpenSession(plant);
        Assert.True(again.Statistics.SavedFolds > 1, $"{again.Statistics.SavedFolds} saved folds");
        await CompareAsync(again);

        async Task CompareAsync(TwinSession session)
        {
            foreach (var hour in ((double[])[0, 0.4, 3, 5.5, 5.6, 12, 17, 23.9, 24, 30]).Shuffle())
            {
                var (expected, found) = (await straight.Past.AtAsync(SimTime.FromHours(hour), Stop), await session.Past.AtAsync(SimTime.FromHours(hour), Stop));
                Assert.Equal(RuntimePlants.Picture(expected.State), RuntimePlants.Picture(found.State));
                Assert.Equal(Bars(expected.History(default, expected.Time)), Bars(found.History(default, found.Time)));
                Assert.Equal(Bars(expected.History(SimTime.FromHours(2), SimTime.FromHours(4))), Bars(found.History(SimTime.FromHours(2), SimTime.FromHours(4))));
            }
        }
    }

    [Fact]
    public async Task A_session_goes_on_without_what_is_damaged_and_says_so()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 24);
        string whole;
        await using (var session = OpenSession(plant, every: 1_000_000))
        {
            foreach (var part in report.Chunk(60))
            {
                await session.IngestAsync(part, cancellation: Stop);
            }

            whole = RuntimePlants.Picture(session.Snapshot());
        }

        Harm("DELETE FROM snapshot");
        Harm("UPDATE segment SET clock = clock + 1 WHERE first = 3");
        await using (var again = OpenSession(plant, every: 1_000_000))
        {
            Assert.Contains("the state is without 1 rows", again.Damage!.What, StringComparison.Ordinal);
            Assert.Equal(1, (await again.Past.AtAsync(again.Now, Stop)).MissingRows);
            Assert.NotEqual(whole, RuntimePlants.Picture(again.Snapshot()));
            var receipt = await again.IngestAsync([report[0] with { Id = "one more" }], cancellation: Stop);
            Assert.Equal(1, receipt.Accepted + receipt.Refused.Count);
        }
    }

    private protected abstract IJournal OpenAs(string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null);

    /// <summary>Changes the tables behind the journal's back.</summary>
    private protected abstract void Harm(string sql);

    private protected IJournal Open() => OpenAs("contract");

    private protected TwinSession OpenSession(CompiledScenario plant, int every = 100) => new(plant, new TwinSessionOptions
    {
        OpenJournal = fingerprint => OpenAs(fingerprint), SnapshotAge = TimeSpan.Zero, SnapshotEvery = every, ScrubAfter = TimeSpan.Zero,
    });

    private protected static JournalEntry Events(int seconds, int count) => EntryCodec.Events([.. Enumerable.Range(0, count).Select(i => (new PlantEvent(
        new SimTime(seconds * 1000L), (PlantEventKind)(1 + (seconds + i) % 60), i % 9, i, i / 3, seconds % 100, i * 0.25, (EventSource)(i % 3)), (UInt128)(ulong)(seconds * 100_000L + i + 1)))]);

    private protected static JournalEntry Refused(int number) => EntryCodec.Refused(new MarkedObservation(DateTimeOffset.UnixEpoch.AddHours(number), $"id-{number}", "not possible", "{}"));

    private static (JournalEntryKind, string) Text(JournalEntry entry) => (entry.Kind, Convert.ToHexString(entry.Body.Span));

    private static string Bars(BarPage page) => string.Join('\n', page.Bars.Select(b => $"{b.Kind} {b.Equipment} {string.Join(',', b.Jobs)} {b.SetupStart} {b.Start} {b.End} {b.Outcome}"));

    /// <summary>A clock that is set by hand.</summary>
    private protected sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
