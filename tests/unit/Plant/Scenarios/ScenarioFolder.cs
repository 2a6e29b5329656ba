using DigitalTwin.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>A small sound scenario on disk that tests spoil in one place each.</summary>
internal sealed class ScenarioFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("scenario-").FullName;

    public ScenarioFolder()
    {
        Write("scenario.yaml", """
            id: small
            name: Small dyehouse
            start: 2026-03-02 08:00
            time_zone: Asia/Shanghai
            horizon: 7 d
            changeover_rules:
              - id: cleaning
                kind: matrix
                default: {duration: 30 min}
            tariffs:
              - id: peak-valley
                base_price: 0.6
            """);
        Write("families.csv", """
            id,soil,residue_limit
            dark,7,
            light,1,20
            """);
        Write("equipment_classes.csv", """
            id
            vat
            dryer
            """);
        Write("equipment.csv", """
            id,class,capacity_min,capacity_max,capacity_unit,changeover,calendar
            vat-1,vat,20,100,kg,cleaning,
            vat-2,vat,50,300,kg,cleaning,
            dry-1,dryer,,500,kg,,shifts
            """);
        Write("routings.csv", """
            routing,operation,alternatives,fixed_time,after
            cotton,scour,vat,2 h,
            cotton,dye,vat,6 h,
            cotton,dry,dryer,1 h,
            """);
        Write("products.csv", """
            id,routing,family
            navy,cotton,dark
            sky,cotton,light
            """);
        Write("orders.csv", """
            id,product,quantity,unit,release,due
            PO-1,navy,80,kg,2026-03-02 08:00,2026-03-05 17:00
            PO-2,sky,250,kg,2026-03-03 08:00,2026-03-06 17:00
            """);
        Write("calendars.csv", """
            id,days,start,end
            shifts,Mon-Sat,06:00,22:00
            """);
    }

    public string Path => _path;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    public ScenarioFolder Write(string file, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(_path, file), text.ReplaceLineEndings("\n"));
        return this;
    }

    public ScenarioFolder Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(_path, file), bytes);
        return this;
    }

    /// <summary>Replaces the only occurrence of a text in a file.</summary>
    public ScenarioFolder Change(string file, string from, string to)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(_path, file));
        Assert.True(text.Split(from).Length == 2, $"'{from}' must occur once in {file}");
        return Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    public ScenarioFolder Delete(string file)
    {
        File.Delete(System.IO.Path.Combine(_path, file));
        return this;
    }

    public ReadResult Read() => ScenarioReader.Read(_path);

    /// <summary>All findings, one a line, with paths relative to the folder.</summary>
    public string[] Findings() => [.. Read().Diagnostics.Select(d => d.ToString().Replace(_path + "/", "", StringComparison.Ordinal))];

    /// <summary>Exactly these findings, and a scenario exactly when they are all warnings.</summary>
    public void Expect(params string[] findings)
    {
        Assert.Equal(findings, Findings());
        Assert.Equal(findings.All(f => f.Contains(": warning: ", StringComparison.Ordinal)), Read().Scenario is not null);
    }
}
