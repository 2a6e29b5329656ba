using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace DigitalTwin.Ui.Views;

/// <summary>Values in addresses.</summary>
public static class QueryText
{
    /// <summary>The value of a key in an address; <c>null</c> when there is none.</summary>
    public static string? Of(string uri, string key)
    {
        var at = uri.IndexOf('?', StringComparison.Ordinal);
        return at < 0 ? null : QueryHelpers.ParseQuery(uri[at..].Split('#')[0]).TryGetValue(key, out var values) ? values[0] : null;
    }

    /// <summary>A number from an address, within limits; <paramref name="otherwise"/> where it is missing or none.</summary>
    public static double Number(string? text, double otherwise, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? Math.Clamp(n, least, most) : otherwise;

    /// <summary>One of some words; the first where it is missing or another.</summary>
    public static string OneOf(string? text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (word == text)
            {
                return word;
            }
        }

        return words[0];
    }
}
