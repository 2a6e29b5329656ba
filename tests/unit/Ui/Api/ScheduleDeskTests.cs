using System.Text.Json;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Tests.Unit.Ui.Views;
using DigitalTwin.Ui.Api;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Api;

public class ScheduleDeskTests
{
    [Fact]
    public void A_live_plant_that_left_its_plan_is_repaired_explained_and_promised_against()
    {
        var schedule = DispatchSchedule.Build(SmallTwin.Plant, DispatchRule.Edd);
        var view = SmallTwin.After(7, schedule); // went by its dispatch rule with luck, not by the plan
        var open = Enumerable.Range(0, SmallTwin.Plant.Jobs.JobCount).First(j => view.State.Jobs[j].Equipment < 0 && view.State.Jobs[j].StartAt < 0);

        var repaired = Json(ScheduleDeskApi.Repair(view, schedule, new RepairQuestion(Stability: 2, TimeLimitSeconds: 0.3), TestContext.Current.CancellationToken));
        var why = Json(ScheduleDeskApi.Why(view, schedule, SmallTwin.Plant.OrderOf(open).Id));
        var promise = Json(ScheduleDeskApi.Promise(view, schedule, new PromiseQuestion(SmallTwin.Plant.Plant.Products[SmallTwin.Plant.OrderOf(open).Product].Id, 5)));

        Assert.Equal(3, repaired.GetProperty("basedOn").GetInt32());
        Assert.NotEqual(0, repaired.GetProperty("schedule").GetProperty("batches").GetArrayLength());
        Assert.Equal(why.GetProperty("end").GetString(), why.GetProperty("steps").EnumerateArray().Last().GetProperty("to").GetString());
        Assert.NotNull(promise.GetProperty("date").GetString());
    }

    [Fact]
    public void What_the_plant_does_not_have_is_answered_by_name()
    {
        var schedule = DispatchSchedule.Build(SmallTwin.Plant, DispatchRule.Edd);
        var view = SmallTwin.After(1, schedule);

        Assert.Contains("no order 'X'", Assert.Throws<CommandException>(() => ScheduleDeskApi.Why(view, schedule, "X")).Message, StringComparison.Ordinal);
        Assert.Contains("no item 'X'", Assert.Throws<CommandException>(() => ScheduleDeskApi.Promise(view, schedule, new PromiseQuestion("X", 5))).Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(object answer) => JsonSerializer.SerializeToElement(answer, JsonSerializerOptions.Web);
}
