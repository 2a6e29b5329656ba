namespace DigitalTwin.Plant.Events;

/// <summary>Gives every event to two sinks, in this order.</summary>
internal sealed class EventTee(IPlantEventSink first, IPlantEventSink second) : IPlantEventSink
{
    public void On(in PlantEvent e)
    {
        first.On(e);
        second.On(e);
    }
}
