using DigitalTwin.Ui.Views;
using Microsoft.AspNetCore.Components;

namespace DigitalTwin.Ui.Components;

/// <summary>Where one is and what one looks at, as the address of the page: whoever opens it sees the same.</summary>
/// <remarks>Plant, machine and order are the selection that all pages share: links to other pages take them along.</remarks>
public sealed class Place(NavigationManager navigation)
{
    private static readonly string[] Shared = ["plant", "machine", "order"];

    /// <summary>What the address says about a thing; <c>null</c> when nothing.</summary>
    public string? this[string key] => QueryText.Of(navigation.Uri, key);

    /// <summary>Says something in the address, or (<c>null</c> or empty) no longer; without a new entry in the browser's history.</summary>
    public void Say(params (string Key, string? Value)[] said)
    {
        var uri = navigation.GetUriWithQueryParameters(said.ToDictionary(s => s.Key, s => (object?)(string.IsNullOrEmpty(s.Value) ? null : s.Value), StringComparer.Ordinal));
        if (uri != navigation.Uri)
        {
            navigation.NavigateTo(uri, replace: true);
        }
    }

    /// <summary>Address of another page with the selection that is shared, and what else is given.</summary>
    public string To(string path, params (string Key, string? Value)[] with)
    {
        var said = Shared.Select(k => (Key: k, Value: this[k])).Where(s => with.All(w => w.Key != s.Key)).Concat(with).Where(s => !string.IsNullOrEmpty(s.Value));
        var query = string.Join('&', said.Select(s => $"{s.Key}={Uri.EscapeDataString(s.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>Full address for a colleague, the plant named.</summary>
    public string LinkFor(string plant) => navigation.GetUriWithQueryParameter("plant", plant);
}
