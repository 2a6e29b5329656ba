using System.Globalization;
using System.Text;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;

namespace DigitalTwin.Ui.Commands;

/// <summary>Writes events by their names to a CSV file that Excel opens as it stands (UTF-8 with BOM).</summary>
internal sealed class EventCsv : IPlantEventSink, IDisposable
{
    private readonly CompiledScenario _plant;
    private readonly StreamWriter _writer;

    public EventCsv(CompiledScenario plant, string path)
    {
        _plant = plant;
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        _writer.WriteLine("time,milliseconds,kind,equipment,job,order,arg,value,source");
    }

    public void On(in PlantEvent e)
    {
        var model = _plant.Plant;
        var time = _plant.Scenario.Clock.ToWallClock(e.Time);
        _writer.WriteLine(string.Join(',',
            time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
            e.Time.Milliseconds.ToString(CultureInfo.InvariantCulture),
            e.Kind.ToString(),
            e.Equipment >= 0 ? CsvField.Of(model.Equipment[e.Equipment].Id) : "",
            e.Job >= 0 ? CsvField.Of(_plant.JobName(e.Job)) : "",
            e.Order >= 0 ? CsvField.Of(_plant.Scenario.Orders[e.Order].Id) : "",
            e.Arg >= 0 ? e.Arg.ToString(CultureInfo.InvariantCulture) : "",
            e.Value.ToString(CultureInfo.InvariantCulture),
            e.Source.ToString()));
    }

    public void Dispose() => _writer.Dispose();
}

/// <summary>One field of a CSV line.</summary>
internal static class CsvField
{
    /// <summary>Quoted where it must be. A text that a spreadsheet would run as a formula is defused with an apostrophe.</summary>
    public static string Of(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '@' or '\t' || (text.StartsWith('-') && !double.TryParse(text, CultureInfo.InvariantCulture, out _))
            ? "'" + text
            : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
