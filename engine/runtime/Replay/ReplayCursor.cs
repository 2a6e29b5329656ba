using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>A place in a recording: the fold of everything before it, and what comes next.</summary>
/// <remarks>Not thread-safe: its replay guards it. Events that came late take effect where they came, as they did then.</remarks>
internal sealed class ReplayCursor
{
    private const int RowsPerPage = 64;
    private readonly Func<long, int, IReadOnlyList<JournalEntry>> _read;
    private IReadOnlyList<JournalEntry> _page = [];
    private int _inPage;
    private List<PlantEvent> _events = []; // of the present row
    private int _event;
    private bool _rowOpen;

    /// <param name="fold">Owned from now on.</param>
    /// <param name="row">Rows that are folded whole.</param>
    /// <param name="offset">Events of the next row that are folded.</param>
    /// <param name="read">Rows after so many, so many at most; empty at the end, which may move.</param>
    public ReplayCursor(SessionFold fold, long row, int offset, SimTime time, Func<long, int, IReadOnlyList<JournalEntry>> read)
    {
        (Fold, Row, _event, Time, _read) = (fold, row, offset, time, read);
    }

    public SessionFold Fold { get; }

    /// <summary>Rows that are folded whole.</summary>
    public long Row { get; private set; }

    /// <summary>The moment it shows.</summary>
    public SimTime Time { get; private set; }

    /// <summary>Things folded since it was made: rises with every change.</summary>
    public long Changes { get; private set; }

    /// <summary>An independent copy.</summary>
    public ReplayCursor Fork() => new(Fold.Fork(), Row, _event, Time, _read);

    /// <summary>When something happens next; <c>null</c> at the end of the recording.</summary>
    public SimTime? Next => Open() ? _rowOpen ? SimTime.Max(_events[_event].Time, Time) : Time : null;

    /// <summary>Folds everything up to and with a moment.</summary>
    /// <param name="mostRows">Stops after so many rows.</param>
    /// <returns>Whether it has come to the moment.</returns>
    public bool AdvanceTo(SimTime moment, long mostRows = long.MaxValue)
    {
        var last = mostRows == long.MaxValue ? long.MaxValue : Row + mostRows;
        while (Open())
        {
            if (!_rowOpen)
            {
                if (IsLater(_page[_inPage], moment))
                {
                    break;
                }

                FoldRow();
            }
            else if (_events[_event].Time > moment)
            {
                break;
            }
            else
            {
                FoldEvent();
            }

            if (Row >= last)
            {
                return false;
            }
        }

        Time = SimTime.Max(Time, moment);
        return true;
    }

    /// <summary>Folds the next event, and what was decided before it.</summary>
    /// <returns>False at the end of the recording.</returns>
    public bool Step()
    {
        while (Open())
        {
            if (_rowOpen)
            {
                FoldEvent();
                return true;
            }

            FoldRow();
        }

        return false;
    }

    private void FoldEvent()
    {
        var e = _events[_event++];
        Fold.Remember(e, default);
        Time = SimTime.Max(Time, e.Time);
        Changes++;
        if (_event == _events.Count)
        {
            CloseRow();
        }
    }

    private void FoldRow()
    {
        Fold.Step(_page[_inPage]);
        Time = SimTime.Max(Time, Fold.State.Now);
        Changes++;
        CloseRow();
    }

    private bool IsLater(JournalEntry row, SimTime moment) =>
        row.Kind == JournalEntryKind.ScheduleChanged && EntryCodec.ReadSchedule(row.Body.Span, Fold.Names).Time > moment;

    private void CloseRow()
    {
        Row = Fold.Row = _page[_inPage].Sequence;
        _inPage++;
        _event = 0;
        _rowOpen = false;
    }

    /// <summary>Makes the next thing ready; false at the end.</summary>
    private bool Open()
    {
        while (!_rowOpen)
        {
            if (_inPage >= _page.Count)
            {
                (_page, _inPage) = (_read(Row, RowsPerPage), 0);
                if (_page.Count == 0)
                {
                    return false;
                }
            }

            Fold.MissUpTo(_page[_inPage].Sequence - 1);
            if (_page[_inPage].Kind != JournalEntryKind.Events)
            {
                return true;
            }

            _events = [.. EntryCodec.ReadEvents(_page[_inPage].Body).Select(e => e.Event)];
            _rowOpen = _event < _events.Count;
            if (!_rowOpen)
            {
                CloseRow();
            }
        }

        return true;
    }
}
