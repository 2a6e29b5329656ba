using System.Buffers.Binary;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Runtime;
using DigitalTwin.Ui.Live;
using Xunit;

namespace DigitalTwin.Tests.Unit.Ui.Live;

public class FrameBoardTests
{
    [Fact]
    public async Task Deltas_applied_one_after_another_give_the_same_floor_as_a_full_frame()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var board = new FrameBoard(session);
        var emulator = await BeginAsync(plant, session);
        var viewer = new Viewer();
        for (var minutes = 300; minutes < 900; minutes += 20)
        {
            await emulator.AdvanceAsync(SimTime.Zero + Duration.FromMinutes(minutes), TestContext.Current.CancellationToken);
            viewer.Draw(board.Pull(viewer.Version));
            var fresh = new Viewer();
            fresh.Draw(board.Pull(0));
            Assert.Equal(fresh.Floor, viewer.Floor);
        }

        Assert.Equal(1, viewer.FullFrames);
    }

    [Fact]
    public async Task A_delta_holds_only_what_changed()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var board = new FrameBoard(session);
        var emulator = await BeginAsync(plant, session);
        await emulator.AdvanceAsync(SimTime.FromHours(9), TestContext.Current.CancellationToken);
        var viewer = new Viewer();
        viewer.Draw(board.Pull(0));

        Assert.Equal(FrameBoard.HeaderSize, board.Pull(viewer.Version).Length);
        Assert.Same(board.Pull(viewer.Version), board.Pull(viewer.Version)); // encoded once for all viewers
    }

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    [InlineData(-7)]
    public async Task A_version_that_the_board_never_had_gets_a_full_frame(long version)
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var viewer = new Viewer();
        viewer.Draw(new FrameBoard(session).Pull(version));

        Assert.Equal((1, plant.Plant.Equipment.Length), (viewer.FullFrames, viewer.Floor.Count));
    }

    [Fact]
    public async Task A_session_that_started_over_gives_a_full_frame()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant, with: o => o with { MayStartOver = true });
        var board = new FrameBoard(session);
        var viewer = new Viewer();
        viewer.Draw(board.Pull(0));
        await session.StartOverAsync("again", TestContext.Current.CancellationToken);
        viewer.Draw(board.Pull(viewer.Version));

        Assert.Equal(2, viewer.FullFrames);
    }

    private static async Task<Emulator> BeginAsync(CompiledScenario plant, TwinSession session)
    {
        var emulator = new Emulator(plant, new SessionDoor(session));
        await emulator.BeginAsync(TestContext.Current.CancellationToken);
        return emulator;
    }

    /// <summary>What a client does with frames, from their documentation alone.</summary>
    private sealed class Viewer
    {
        public long Version { get; private set; }

        public int FullFrames { get; private set; }

        public SortedDictionary<int, string> Floor { get; } = [];

        public void Draw(ReadOnlySpan<byte> frame)
        {
            Assert.Equal((byte)'T', frame[0]);
            var full = (frame[2] & 1) != 0;
            FullFrames += full ? 1 : 0;
            Assert.Equal(full ? 0 : Version, (long)BinaryPrimitives.ReadDoubleLittleEndian(frame[16..]));
            Version = (long)BinaryPrimitives.ReadDoubleLittleEndian(frame[8..]);
            var records = BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);
            Assert.Equal(FrameBoard.HeaderSize + records * FrameBoard.RecordSize, frame.Length);
            for (var i = 0; i < records; i++)
            {
                var record = frame.Slice(FrameBoard.HeaderSize + i * FrameBoard.RecordSize, FrameBoard.RecordSize);
                Floor[BinaryPrimitives.ReadInt32LittleEndian(record)] = Convert.ToHexString(record);
            }
        }
    }
}
