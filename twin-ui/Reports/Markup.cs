using System.Globalization;
using System.Text;

namespace DigitalTwin.Ui.Reports;

/// <summary>Writes HTML and SVG. Whatever comes from outside passes through <see cref="Escape"/>, so no name can become markup.</summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    /// <summary>Markup of our own, as it stands.</summary>
    public Markup Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Text of any origin.</summary>
    public Markup Text(string text) => Raw(Escape(text));

    /// <summary>An element that holds only text.</summary>
    public Markup Element(string tag, string text, string css = "") =>
        Raw(css.Length > 0 ? $"<{tag} class=\"{css}\">" : $"<{tag}>").Text(text).Raw($"</{tag}>");

    public override string ToString() => _text.ToString();

    /// <summary>Makes a text harmless in elements and quoted attributes; characters that XML does not know become �.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' => safe.Append("&quot;"),
                '\'' => safe.Append("&#39;"),
                '\t' or '\n' or '\r' => safe.Append(' '),
                < ' ' or '\u007f' or '\ufffe' or '\uffff' => safe.Append('\ufffd'),
                _ when char.IsSurrogate(c) => safe.Append('\ufffd'),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    /// <summary>A coordinate, short and free of culture.</summary>
    public static string N(double value) => double.IsFinite(value) ? value.ToString("0.##", CultureInfo.InvariantCulture) : "0";
}

/// <summary>A drawing that scales with the page. Colours and fonts are classes of the page's style sheet.</summary>
internal sealed class Svg
{
    private readonly Markup _markup = new();

    /// <param name="width">Width in user units; the page shows it as wide as it can, but no wider.</param>
    /// <param name="height">Height in user units.</param>
    /// <param name="says">What a reader who cannot see it is told.</param>
    public Svg(double width, double height, string says) => _markup.Raw(
        $"<svg viewBox=\"0 0 {Markup.N(width)} {Markup.N(height)}\" style=\"max-width:{Markup.N(width)}px\" role=\"img\" aria-label=\"{Markup.Escape(says)}\">");

    public Svg Rect(double x, double y, double width, double height, string css, string? tip = null, double opacity = 1)
    {
        _markup.Raw($"<rect x=\"{Markup.N(x)}\" y=\"{Markup.N(y)}\" width=\"{Markup.N(Math.Max(0, width))}\" height=\"{Markup.N(Math.Max(0, height))}\" class=\"{css}\"{Opacity(opacity)}");
        return Close("rect", tip);
    }

    public Svg Line(double x1, double y1, double x2, double y2, string css)
    {
        _markup.Raw($"<line x1=\"{Markup.N(x1)}\" y1=\"{Markup.N(y1)}\" x2=\"{Markup.N(x2)}\" y2=\"{Markup.N(y2)}\" class=\"{css}\"/>");
        return this;
    }

    public Svg Dot(double x, double y, double radius, string css, string? tip = null)
    {
        _markup.Raw($"<circle cx=\"{Markup.N(x)}\" cy=\"{Markup.N(y)}\" r=\"{Markup.N(radius)}\" class=\"{css}\"");
        return Close("circle", tip);
    }

    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public Svg Text(double x, double y, string text, string css = "t", string anchor = "start")
    {
        _markup.Raw($"<text x=\"{Markup.N(x)}\" y=\"{Markup.N(y)}\" class=\"{css}\" text-anchor=\"{anchor}\">").Text(text).Raw("</text>");
        return this;
    }

    public Svg Path(IEnumerable<(double X, double Y)> points, string css, bool closed = false)
    {
        var d = string.Join('L', points.Select(p => $"{Markup.N(p.X)} {Markup.N(p.Y)}"));
        _markup.Raw($"<path d=\"M{d}{(closed ? "Z" : "")}\" class=\"{css}\"/>");
        return this;
    }

    public override string ToString() => _markup + "</svg>";

    private Svg Close(string tag, string? tip)
    {
        _ = tip is null ? _markup.Raw("/>") : _markup.Raw("><title>").Text(tip).Raw($"</title></{tag}>");
        return this;
    }

    private static string Opacity(double opacity) => opacity < 1 ? $" opacity=\"{Markup.N(opacity)}\"" : "";
}
