using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>Days of a calendar that differ from its week.</summary>
internal static class CalendarEdit
{
    private static readonly Shape s_exceptions = CalendarExceptionsTable.Shape;

    public static void AddWindows(PatchTarget target, ExtraShift patch)
    {
        if (target.Find(CalendarsTable.Shape, CalendarsTable.Id, patch.Calendar) is null)
        {
            return;
        }

        var rows = target.Draft.Rows(s_exceptions);
        foreach (var text in patch.Dates)
        {
            if (DateOf(target, text) is not { } date)
            {
                continue;
            }

            var usual = OnDate(target, patch.Calendar.Text, date).ToList();
            if (usual.Count == 0)
            {
                // An exception replaces the week's windows of its day: they are written out, and the new ones beside them.
                foreach (var (start, end) in WeekOn(target, patch.Calendar.Text, date))
                {
                    rows.Add(Row(target, patch.Calendar, text, date, text with { Text = start }, text with { Text = end }));
                }
            }
            else
            {
                // A closed day is opened by its first window.
                rows.RemoveAll(r => usual.Contains(r) && r[DraftFields.ExceptionStart.Ordinal].IsEmpty);
            }

            foreach (var window in patch.Windows)
            {
                var cut = window.Text.IndexOfAny(['-', '–']);
                if (cut < 0)
                {
                    target.Error(window, $"window '{window}' is not a span of time", "Write it like 18:00-22:00.");
                    continue;
                }

                rows.Add(Row(target, patch.Calendar, text, date, window with { Text = window.Text[..cut].Trim() },
                    window with { Text = window.Text[(cut + 1)..].Trim(), Column = window.Column + cut + 1 }));
            }
        }
    }

    public static void Close(PatchTarget target, CloseDays patch)
    {
        if (target.Find(CalendarsTable.Shape, CalendarsTable.Id, patch.Calendar) is null)
        {
            return;
        }

        foreach (var text in patch.Dates)
        {
            if (DateOf(target, text) is { } date)
            {
                var usual = OnDate(target, patch.Calendar.Text, date).ToList();
                target.Draft.Rows(s_exceptions).RemoveAll(usual.Contains);
                target.Draft.Rows(s_exceptions).Add(Row(target, patch.Calendar, text, date, null, null));
            }
        }
    }

    private static DateOnly? DateOf(PatchTarget target, PatchText text)
    {
        if (DraftFields.ExceptionDate.Type.Parse(text.Text, default, out var date, out var trouble))
        {
            return date;
        }

        target.Error(text, $"date '{text}' {trouble.What}", trouble.WayOut);
        return null;
    }

    private static IEnumerable<Cell[]> OnDate(PatchTarget target, string calendar, DateOnly date) =>
        target.Draft.Rows(s_exceptions).Where(r => r[DraftFields.ExceptionCalendar.Ordinal].Text == calendar
            && DraftFields.ExceptionDate.Type.Parse(r[DraftFields.ExceptionDate.Ordinal].Text, default, out var d, out _) && d == date);

    private static IEnumerable<(string Start, string End)> WeekOn(PatchTarget target, string calendar, DateOnly date) =>
        target.Draft.Rows(CalendarsTable.Shape)
            .Where(r => r[CalendarsTable.Id.Ordinal].Text == calendar
                && DraftFields.WeekDays.Type.Parse(r[DraftFields.WeekDays.Ordinal].Text, default, out var days, out _) && days.HasFlag(DayOf(date)))
            .Select(r => (r[DraftFields.WeekStart.Ordinal].Text, r[DraftFields.WeekEnd.Ordinal].Text));

    private static Weekdays DayOf(DateOnly date) => (Weekdays)(1 << (((int)date.DayOfWeek + 6) % 7));

    private static Cell[] Row(PatchTarget target, PatchText calendar, PatchText place, DateOnly date, PatchText? start, PatchText? end)
    {
        var row = PatchTarget.NewRow(s_exceptions, place);
        row[DraftFields.ExceptionCalendar.Ordinal] = PatchTarget.CellOf(calendar);
        row[DraftFields.ExceptionDate.Ordinal] = PatchTarget.CellOf(place with { Text = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) });
        row[DraftFields.ExceptionStart.Ordinal] = start is { } s ? PatchTarget.CellOf(s) : row[DraftFields.ExceptionStart.Ordinal];
        row[DraftFields.ExceptionEnd.Ordinal] = end is { } e ? PatchTarget.CellOf(e) : row[DraftFields.ExceptionEnd.Ordinal];
        return row;
    }
}

/// <summary>Prices of a tariff's windows.</summary>
internal static class TariffEdit
{
    public static void SetPrice(PatchTarget target, PatchText tariff, PatchText window, PatchText price)
    {
        var rows = target.Draft.Rows(Tariffs.WindowsShape).Where(r => r[DraftFields.WindowTariff.Ordinal].Text == tariff.Text).ToList();
        if (rows.Count == 0)
        {
            var known = target.Draft.Rows(Tariffs.WindowsShape).Select(r => r[DraftFields.WindowTariff.Ordinal].Text).Distinct().ToList();
            target.Error(tariff, $"tariff '{tariff}' has no windows", Suggestion.For(tariff.Text, known) ?? "Maybe base_price was meant?");
            return;
        }

        var named = rows.Where(r => r[DraftFields.WindowName.Ordinal].Text == window.Text).ToList();
        if (named.Count == 0)
        {
            var known = rows.Select(r => r[DraftFields.WindowName.Ordinal].Text).Distinct().ToList();
            target.Error(window, $"tariff '{tariff}' has no window '{window}'", Suggestion.For(window.Text, known) ?? $"It has {string.Join(", ", known)}.");
        }

        foreach (var row in named)
        {
            row[DraftFields.WindowPrice.Ordinal] = PatchTarget.CellOf(price);
        }
    }
}
