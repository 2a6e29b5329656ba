using DigitalTwin.Plant.Model;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Crews in scenario files: what they mean, and the mistakes that can be made.</summary>
public sealed class CrewFilesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public CrewFilesTests()
    {
        _folder.Write("auxiliaries.csv", "id,count,skills,at_shift_end,side_jobs,side_job_time\noperator,6,,,,\nfitter,2,mechanics; setting,hold,3,30 min\n");
        _folder.Write("crew_shifts.csv", "auxiliary,calendar,count\noperator,shifts,6\n");
        _folder.Write("routings.csv", "routing,operation,alternatives,fixed_time,crew\ncotton,scour,vat,2 h,operator\ncotton,dye,vat,6 h,\ncotton,dry,dryer,1 h,operator*2\n");
        _folder.Write("equipment.csv", "id,class,capacity_min,capacity_max,capacity_unit,changeover,calendar,setup_crew,repair_crew\nvat-1,vat,20,100,kg,cleaning,,setting,mechanics*2\nvat-2,vat,50,300,kg,cleaning,,,\ndry-1,dryer,,500,kg,,shifts,,\n");
        _folder.Write("phases.csv", "routing,operation,name,hold,crew\ncotton,dye,load,10 min,operator\ncotton,dye,dye,5 h,\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Crews_shifts_skills_and_needs_are_read()
    {
        _folder.Expect();

        var plant = _folder.Read().Scenario!.Plant;
        Assert.Equal([new CrewShift(new CalendarId(0), 6)], plant.Auxiliaries[0].Shifts);
        Assert.Equal(["mechanics", "setting"], plant.Auxiliaries[1].Skills);
        Assert.Equal((ShiftEndRule.Hold, 3), (plant.Auxiliaries[1].AtShiftEnd, plant.Auxiliaries[1].SideJobs));
        Assert.Equal(new CrewNeed("mechanics", 2), plant.Equipment[0].RepairCrew);
        Assert.Equal(new CrewNeed("setting"), plant.Equipment[0].SetupCrew);
        Assert.Equal(new CrewNeed("operator", 2), plant.WorkMasters[0].Operations[2].Crew);
        Assert.Equal(new CrewNeed("operator"), plant.WorkMasters[0].Operations[1].Phases[0].Crew);
    }

    [Fact]
    public void Skill_that_nobody_has_is_told_with_the_likeliest_one()
    {
        _folder.Change("equipment.csv", "mechanics*2", "mecanics*2");
        _folder.Expect("equipment.csv:2:39: repair_crew 'mecanics*2' asks for 'mecanics', which no auxiliary is or can — Maybe you meant 'mechanics'?");
    }

    [Fact]
    public void More_heads_than_a_pool_ever_has_on_duty_would_be_waited_for_for_ever()
    {
        _folder.Change("equipment.csv", "mechanics*2", "mechanics*3");
        _folder.Expect("equipment.csv:2:39: repair_crew 'mechanics*3' asks for 3 of 'mechanics', but no pool has more than 2 on duty — Raise the count in auxiliaries.csv or crew_shifts.csv, or ask for fewer.");
    }

    [Fact]
    public void Count_that_is_none_is_told()
    {
        _folder.Change("equipment.csv", "mechanics*2", "mechanics*none");
        _folder.Expect("equipment.csv:2:39: repair_crew 'mechanics*none' has no count ≥ 1 after '*' — Write it like fitter*2.");
    }

    [Fact]
    public void People_for_the_whole_operation_and_in_its_phases_could_wait_for_each_other()
    {
        _folder.Change("routings.csv", "cotton,dye,vat,6 h,", "cotton,dye,vat,6 h,fitter");
        _folder.Expect("routings.csv:3:20: operation 'dye' has the crew 'fitter' and so has its phase 'load' — Name people for the whole operation or in its phases, not both: they could wait for each other.");
    }

    [Fact]
    public void People_held_from_start_to_end_must_not_be_called_elsewhere()
    {
        _folder.Write("routings.csv", "routing,operation,alternatives,fixed_time,auxiliaries\ncotton,scour,vat,2 h,fitter\ncotton,dye,vat,6 h,\ncotton,dry,dryer,1 h,\n");
        _folder.Expect("routings.csv:2:22: auxiliaries 'fitter' are held from start to end, and others call them as 'setting': they could wait for each other — Move the need to the column 'crew', or keep two pools.");
    }

    [Fact]
    public void Side_jobs_need_a_time()
    {
        _folder.Change("auxiliaries.csv", "hold,3,30 min", "hold,3,");
        _folder.Expect("auxiliaries.csv:3:36: side_jobs is given but side_job_time is missing — Maybe exponential(30 min)?");
    }
}
