using DigitalTwin.Plant.Model;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Components;

/// <summary>How one person looks at the twin: language and light or dark. One per browser tab.</summary>
public sealed class Viewer
{
    private PlantClock _clock = new(DateTime.UnixEpoch, "UTC");
    private Formats? _formats;

    /// <summary>Texts of the chosen language.</summary>
    public Texts T { get; private set; } = Texts.For("en");

    /// <summary>Dates, numbers and lengths of time in the chosen language and the plant's time zone.</summary>
    public Formats F => _formats ??= new Formats(T, _clock);

    public bool Dark { get; private set; }

    public string Language => T.Language;

    /// <summary>Language or theme is another now.</summary>
    public event Action? Changed;

    /// <summary>Takes the choice remembered by the browser.</summary>
    public void Start(string? language, bool dark)
    {
        T = Texts.For(language);
        Dark = dark;
    }

    /// <summary>Looks at a plant with this clock from now on.</summary>
    public void LookAt(PlantClock clock)
    {
        _clock = clock;
        Refresh();
    }

    public void Use(string language)
    {
        T = Texts.For(language);
        Refresh();
    }

    public void UseDark(bool dark)
    {
        Dark = dark;
        Changed?.Invoke();
    }

    private void Refresh()
    {
        _formats = null;
        Changed?.Invoke();
    }
}
