using System.Text;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class ObservationReaderTests
{
    [Theory]
    [InlineData("""[{"id":"x"}]""")]
    [InlineData("""[{"id":null,"kind":null}]""")]
    [InlineData("""[{}]""")]
    [InlineData("""{"id":"x","time":"yesterday"}""")]
    public void What_is_left_out_of_an_observation_reads_as_empty_and_never_as_nothing(string json)
    {
        var unreadable = new List<MarkedObservation>();

        var read = Assert.Single(ObservationReader.ReadJson(Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch, unreadable));

        Assert.Empty(unreadable);
        Assert.Equal("", read.Kind);
        Assert.NotNull(read.Id);
        Assert.False(ObservationTranslator.IsClock(read));
    }
}
