using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

/// <summary>What the canvas pages are told once, and the summaries beside them.</summary>
public sealed class PlanTests
{
    [Fact]
    public void Statuses_are_told_in_the_order_of_the_enum_each_with_an_icon_and_a_word()
    {
        foreach (var language in Texts.Languages)
        {
            var statuses = FloorPlan.Of(SmallTwin.Plant, Texts.For(language)).Statuses;
            Assert.Equal(Enum.GetValues<EquipmentStatus>().Select(StatusLook.KeyOf), statuses.Select(s => s.Key));
            Assert.All(statuses, s => Assert.NotEmpty(s.Paths));
            Assert.All(statuses, s => Assert.DoesNotContain('.', s.Name));
        }
    }

    [Fact]
    public void Every_status_has_its_own_icon_and_its_colour_in_both_themes()
    {
        Assert.Equal(Enum.GetValues<EquipmentStatus>().Order(), StatusLook.LegendOrder.Order());
        Assert.Equal(StatusLook.LegendOrder.Count, StatusLook.LegendOrder.Select(StatusLook.IconOf).Distinct(StringComparer.Ordinal).Count());
        var css = UiSources.Files("tokens.css").Single().Text;
        var dark = css[css.IndexOf(":root.dark", StringComparison.Ordinal)..];
        foreach (var status in StatusLook.LegendOrder)
        {
            var token = $"--st-{StatusLook.KeyOf(status)}:";
            Assert.Contains(token, css[..^dark.Length], StringComparison.Ordinal);
            Assert.Contains(token, dark, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_floor_knows_which_order_every_job_belongs_to()
    {
        var plan = FloorPlan.Of(SmallTwin.Plant, Texts.For("en"));
        for (var job = 0; job < SmallTwin.Plant.Jobs.JobCount; job++)
        {
            var order = SmallTwin.Plant.Jobs.OrderOf(job);
            Assert.InRange(job, plan.FirstJob[order], plan.FirstJob[order + 1] - 1);
        }
    }

    [Fact]
    public void The_gantt_has_a_row_per_machine_and_gaps_in_order()
    {
        var plan = GanttPlan.Of(SmallTwin.Plant, Texts.For("zh-CN"), SimTime.FromHours(5));
        Assert.Equal(SmallTwin.Plant.Plant.Equipment.Length, plan.Rows.Count);
        Assert.All(plan.Rows, r => Assert.InRange(r.Calendar, -1, plan.Off.Count - 1));
        Assert.All(plan.Off, gaps => Assert.Equal(gaps, gaps.Order()));
    }

    [Fact]
    public void The_summary_counts_every_machine_and_every_order_once()
    {
        var view = SmallTwin.After(10);
        var summary = FloorSummary.Of(view);
        Assert.Equal(SmallTwin.Plant.Plant.Equipment.Length, summary.ByStatus.Sum());
        Assert.Equal(SmallTwin.Plant.Jobs.OrderCount, summary.OrdersOpen + summary.OrdersDone);
        Assert.InRange(summary.Working, 0.01, 1);
        Assert.True(summary.Kw > 0);
    }

    [Fact]
    public void A_machine_that_runs_shows_its_batch_and_its_progress()
    {
        var view = SmallTwin.After(4);
        var machine = Enumerable.Range(0, view.State.Equipment.Length).First(e => view.State.Equipment[e].FirstActive >= 0);
        var card = MachineCard.Of(view, machine, []);
        var job = card.Running[0];
        Assert.Equal(view.State.Equipment[machine].FirstActive, job.Lead);
        Assert.Equal(view.State.Jobs[job.Lead].BatchSize, job.Jobs.Count);
        Assert.InRange(job.Progress, 0, 1);
        Assert.Equal(1, card.Shares.Sum(s => s.Share), 6);
    }
}
