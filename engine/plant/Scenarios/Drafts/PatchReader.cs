using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>Reads the items under <c>patches</c>; a patch with a mistake is reported and left out.</summary>
internal sealed class PatchReader(string file)
{
    public IEnumerable<ScenarioPatch> Read(SourceRecord head)
    {
        if (!head.Has(WhatIfFormat.Patches))
        {
            yield break;
        }

        foreach (var item in head.Maps(WhatIfFormat.Patches))
        {
            var given = WhatIfFormat.Patch.Fields.Where(item.Has).ToArray();
            if (given.Length != 1)
            {
                if (item.IsSound)
                {
                    item.Error(new Cell("", item.Line, PlaceOf(item).Column), given.Length == 0 ? "a patch without a change" : $"a patch with {given.Length} changes: {string.Join(", ", given.Select(g => g.Name))}",
                        given.Length == 0 ? $"Write one of {string.Join(", ", WhatIfFormat.Patch.Fields.Select(f => f.Name))}." : "Begin each with its own '- '.");
                }

                continue;
            }

            var place = TextOf(item[given[0]]) with { Text = given[0].Name };
            foreach (var patch in Read(item, given[0], place))
            {
                yield return patch with { Place = place };
            }
        }
    }

    private IEnumerable<ScenarioPatch> Read(SourceRecord item, Field kind, PatchText place)
    {
        if (kind == WhatIfFormat.Set || kind == WhatIfFormat.Scale)
        {
            return Entries(item, kind).Select(e => kind == WhatIfFormat.Set
                ? (ScenarioPatch)new SetParameter(e.Key, e.Value)
                : new ScaleParameter(e.Key, e.Value));
        }

        var patch = kind switch
        {
            ColumnsField columns => ReadColumns(item, columns),
            MapField map => item.Map(map) is { } inner ? ReadMap(map, inner, place) : Incomplete(item, map),
            _ => ReadSimple(item, kind),
        };
        return patch is null ? [] : [patch];
    }

    private ScenarioPatch? ReadColumns(SourceRecord item, ColumnsField kind)
    {
        var entries = Entries(item, kind).ToList();
        var id = entries.Find(e => e.Key.Text == "id").Value;
        if (item.IsSound && string.IsNullOrEmpty(id.Text))
        {
            item.Error(kind, $"{kind.Name} has no id", "Write id: …");
        }

        if (!item.IsSound)
        {
            return null;
        }

        var columns = entries.Where(e => kind.Extra.All(x => x.Name != e.Key.Text)).Select(e => new PatchColumn(e.Key.Text, e.Value));
        return kind == WhatIfFormat.RushOrder ? new RushOrder([.. columns])
            : kind == WhatIfFormat.ChangeOrder ? new ChangeOrder(id, [.. columns.Where(c => c.Column != "id")])
            : new AddMachine(entries.Exists(e => e.Key.Text == WhatIfFormat.Like.Name) ? entries.Find(e => e.Key.Text == WhatIfFormat.Like.Name).Value : (PatchText?)null, [.. columns]);
    }

    private ScenarioPatch? ReadMap(MapField kind, SourceRecord map, PatchText place)
    {
        PatchText Of(string name) => TextOf(map[map.Shape.Fields.Single(f => f.Name == name)]);
        PatchText? Maybe(Field field) => map.Has(field) ? TextOf(map[field]) : (PatchText?)null;
        PatchText[] List(Field field) => [.. map.Items(field).Select(TextOf)];

        // Values are looked at here, by the names that the file uses; what they mean for the plant comes out when the patch is applied.
        ScenarioPatch? patch = null;
        if (kind == WhatIfFormat.Breakdown || kind == WhatIfFormat.Maintenance)
        {
            CheckAll(map);
            patch = new StopMachine(kind == WhatIfFormat.Breakdown ? DisturbanceKind.Breakdown : DisturbanceKind.Maintenance, Of("equipment"), Of("at"), Of("duration"));
        }
        else if (kind == WhatIfFormat.ExtraShift)
        {
            patch = new ExtraShift(Of("calendar"), [.. List(WhatIfFormat.Dates)], [.. List(WhatIfFormat.Windows)]);
        }
        else if (kind == WhatIfFormat.Close)
        {
            patch = new CloseDays(Of("calendar"), [.. List(WhatIfFormat.ClosedDates)]);
        }
        else if (kind == WhatIfFormat.TariffChange)
        {
            CheckAll(map);
            if (map.Has(WhatIfFormat.Window) != map.Has(WhatIfFormat.Price))
            {
                map.Error(map.Has(WhatIfFormat.Window) ? WhatIfFormat.Window : WhatIfFormat.Price, "only one of window and price is given", "Give both, or base_price for the time outside all windows.");
            }

            patch = new ChangeTariff(Of("tariff"), Maybe(WhatIfFormat.Window), Maybe(WhatIfFormat.Price), Maybe(WhatIfFormat.BasePrice), Maybe(WhatIfFormat.DemandPrice)) { Place = place };
        }
        else if (kind == WhatIfFormat.Demand)
        {
            patch = new ChangeDemand(map.Get(WhatIfFormat.Change), map.Get(WhatIfFormat.By), Maybe(WhatIfFormat.Product), Maybe(WhatIfFormat.Family), Maybe(WhatIfFormat.Tenant), map.Get(WhatIfFormat.Seed));
        }

        return map.IsSound ? patch : null;
    }

    private ScenarioPatch? ReadSimple(SourceRecord item, Field kind)
    {
        if (kind == WhatIfFormat.CancelOrder || kind == WhatIfFormat.RemoveMachine)
        {
            PatchText[] names = [.. item.Items(kind).Select(TextOf)];
            return !item.IsSound ? null : kind == WhatIfFormat.CancelOrder ? new CancelOrders([.. names]) : new RemoveMachines([.. names]);
        }

        if (kind == WhatIfFormat.Dispatch)
        {
            return item.TryGet(WhatIfFormat.Dispatch, out _) ? new ChangeDispatch(TextOf(item[kind])) : null;
        }

        return item.TryGet(WhatIfFormat.Schedule, out _) ? new FollowSchedule(TextOf(item[kind])) : null;
    }

    private static ScenarioPatch? Incomplete(SourceRecord item, MapField kind)
    {
        if (item.IsSound)
        {
            item.Error(kind, $"{kind.Name} says nothing", $"Write {string.Join(", ", kind.Shape.Fields.Where(f => f.Required).Select(f => f.Name))} below it.");
        }

        return null;
    }

    private static void CheckAll(SourceRecord map)
    {
        foreach (var field in map.Shape.Fields)
        {
            _ = field switch
            {
                Field<SimTime> f => map.TryGet(f, out _),
                Field<Duration> f => map.TryGet(f, out _),
                Field<double> f => map.TryGet(f, out _),
                Field<string> f => map.TryGet(f, out _),
                _ => true,
            };
        }
    }

    /// <summary>The entries of a free mapping; a list becomes what a table cell would hold.</summary>
    private IEnumerable<(PatchText Key, PatchText Value)> Entries(SourceRecord item, Field kind)
    {
        if (item[kind].Node is not YamlMap map)
        {
            item.Error(kind, $"{kind.Name} must be a mapping", $"Write its keys on indented lines below, or as {kind.Name}: {{id: …}}.");
            yield break;
        }

        foreach (var (key, value) in map.Entries)
        {
            var text = value switch
            {
                YamlScalar { IsNull: true } => "",
                YamlScalar scalar => scalar.Text.Trim(),
                YamlList list when list.Items.TrueForAll(i => i is YamlScalar) => string.Join("; ", list.Items.Select(i => ((YamlScalar)i).Text)),
                _ => null,
            };
            if (text is null)
            {
                item.Error(new Cell("", value.Line, value.Column), $"{key.Text} must be one value", "");
            }
            else
            {
                yield return (new PatchText(key.Text, file, key.Line, key.Column), new PatchText(text, file, value.Line, value.Column));
            }
        }
    }

    private PatchText TextOf(Cell cell) => new(cell.Text ?? "", file, cell.Line, cell.Column);

    private PatchText PlaceOf(SourceRecord item) => TextOf(item[WhatIfFormat.Patch.Fields[0]]);
}
