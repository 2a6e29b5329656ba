using MudBlazor;

namespace DigitalTwin.Ui.Components;

/// <summary>Colours and type of the app: dense, quiet, and AA contrast in light and dark. State colours live in <c>css/tokens.css</c>.</summary>
public static class TwinTheme
{
    /// <summary>Fonts that every system has, Chinese included; nothing is fetched from elsewhere.</summary>
    private static readonly string[] Fonts =
    [
        "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif",
    ];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2459c4",
            PrimaryContrastText = "#ffffff",
            Secondary = "#0f766e",
            Background = "#f4f6f9",
            Surface = "#ffffff",
            TextPrimary = "#17202c",
            TextSecondary = "#4d5a6b",
            ActionDefault = "#4d5a6b",
            LinesDefault = "#d9dfe7",
            LinesInputs = "#7d8a9b",
            TableLines = "#e3e8ee",
            TableHover = "#eef3fb",
            Divider = "#d9dfe7",
            Error = "#b42318",
            Warning = "#9a5b00",
            Success = "#0b7a4b",
            Info = "#2459c4",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7fa8ff",
            PrimaryContrastText = "#0b1220",
            Secondary = "#4fd1c5",
            Background = "#0e131a",
            Surface = "#161d27",
            TextPrimary = "#e7ecf3",
            TextSecondary = "#a3b0c2",
            ActionDefault = "#a3b0c2",
            LinesDefault = "#2a3443",
            LinesInputs = "#6b7a8f",
            TableLines = "#252f3d",
            TableHover = "#1d2735",
            Divider = "#2a3443",
            Error = "#ff8a80",
            Warning = "#f5b85c",
            Success = "#5fd39a",
            Info = "#7fa8ff",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.8125rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = "0.875rem", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = "0.8125rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = "0.8125rem", TextTransform = "none", LetterSpacing = "normal", FontWeight = "600" },
            H5 = new H5Typography { FontFamily = Fonts, FontSize = "1.15rem", FontWeight = "600", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "600", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Fonts, FontSize = "0.9rem", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Fonts, FontSize = "0.8125rem", FontWeight = "600", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = Fonts, FontSize = "0.75rem", LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "48px" },
    };
}
