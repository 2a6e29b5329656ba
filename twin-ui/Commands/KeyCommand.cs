using System.CommandLine;
using System.Globalization;
using DigitalTwin.Ui.Security;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin key</c>: keys for machines.</summary>
internal static class KeyCommand
{
    public static Verb Create()
    {
        var verb = new Verb("key", "Make and revoke keys for machines and programs.")
        {
            Examples =
            [
                ("twin key create mes --scope observe", "the plant's gateway may report, and nothing else"),
                ("twin key create erp --scope see --scope plan --firm F003 --days 365", "a firm's ERP may read what is its own and place orders"),
                ("twin key revoke twin_k3v9x2ab", "opens nothing any more, from the next request on"),
            ],
        };
        verb.Add(New());
        verb.Add(List());
        verb.Add(Revoke());
        return verb;
    }

    private static Verb New()
    {
        var name = new Argument<string>("name") { Description = "What it is for.", HelpName = "name" };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do; may be given several times.", HelpName = string.Join('|', Enum.GetValues<Permit>().Select(Roles.ScopeOf)), Required = true,
        };
        scopes.AcceptOnlyFromAmong([.. Enum.GetValues<Permit>().Select(Roles.ScopeOf)]);
        var days = new Option<int?>("--days") { Description = "Days that it is good for; for ever when not given.", HelpName = "number" };
        var (firm, data) = (SecurityOptions.Firm(), SecurityOptions.Data());
        days.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1 or > 36500)
            {
                r.AddError("--days must lie between 1 and 36500.");
            }
        });
        var verb = new Verb("create", "Make a key; it is shown once.")
        {
            Examples = [("twin key create mes --scope observe --days 365", "for a gateway that reports, good for a year")],
        };
        verb.Add(name);
        foreach (var option in (Option[])[scopes, firm, days, data])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, services =>
        {
            var permits = parse.GetValue(scopes)!.Select(s => Enum.Parse<Permit>(s, ignoreCase: true)).Distinct().ToList();
            if (parse.GetValue(firm) is not null && permits.Contains(Permit.Administer))
            {
                throw new CommandException("a firm's key cannot administer the server. Maybe leave --firm out?");
            }

            DateTimeOffset? expires = parse.GetValue(days) is { } d ? DateTimeOffset.UtcNow.AddDays(d) : null;
            var key = services.GetRequiredService<ApiKeys>().Create(parse.GetValue(name)!, permits, parse.GetValue(firm), expires);
            services.Audit($"create key {parse.GetValue(name)}", "", $"{string.Join(' ', permits.Select(Roles.ScopeOf))} of {parse.GetValue(firm) ?? "the operator"}");
            shell.Note("This is the only time the key is shown. Send it as 'Authorization: Bearer …'.");
            shell.Line(key);
            return Task.FromResult(ExitCode.Ok);
        }));
        return verb;
    }

    private static Verb List()
    {
        var (data, json) = (SecurityOptions.Data(), CommonOptions.Json());
        var verb = new Verb("list", "List keys, without their secrets.")
        {
            Examples = [("twin key list", "with the beginning of each, by which it is revoked")],
        };
        verb.Add(data);
        verb.Add(json);
        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, services =>
        {
            var all = services.GetRequiredService<ApiKeys>().All();
            if (parse.GetValue(json))
            {
                shell.WriteJson(all.Select(k => new { k.Prefix, k.Name, Scopes = k.Scopes.Select(Roles.ScopeOf), k.Firm, k.Created, k.Expires, k.Revoked }));
                return Task.FromResult(ExitCode.Ok);
            }

            var table = Shell.Table();
            table.AddColumns("begins with", "name", "scopes", "firm", "made", "state");
            foreach (var key in all)
            {
                table.AddRow(
                    key.Prefix, Markup.Escape(key.Name), string.Join(' ', key.Scopes.Select(Roles.ScopeOf)), Markup.Escape(key.Firm ?? "(operator)"), Day(key.Created),
                    key.Revoked is { } revoked ? $"revoked {Day(revoked)}" : key.IsGood(DateTimeOffset.UtcNow) ? key.Expires is { } until ? $"good until {Day(until)}" : "good" : "expired");
            }

            shell.Show(table);
            return Task.FromResult(ExitCode.Ok);
        }));
        return verb;
    }

    private static Verb Revoke()
    {
        var prefix = new Argument<string>("key") { Description = "The first 13 characters of the key.", HelpName = "key" };
        var data = SecurityOptions.Data();
        var verb = new Verb("revoke", "Make a key open nothing any more.")
        {
            Examples = [("twin key revoke twin_k3v9x2ab", "from the next request on")],
        };
        verb.Add(prefix);
        verb.Add(data);
        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, services =>
        {
            var text = parse.GetValue(prefix)!;
            if (!services.GetRequiredService<ApiKeys>().Revoke(text))
            {
                throw new CommandException($"no key that is good begins with '{text}'. twin key list shows which there are.");
            }

            services.Audit($"revoke key {text}", "good", "revoked");
            shell.Line($"{text}… opens nothing any more.");
            return Task.FromResult(ExitCode.Ok);
        }));
        return verb;
    }

    private static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
