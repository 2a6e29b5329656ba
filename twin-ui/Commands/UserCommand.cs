using System.CommandLine;
using System.Security.Cryptography;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Identity;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin user</c>: who may log in.</summary>
internal static class UserCommand
{
    private const int PasswordLength = 20;

    public static Verb Create()
    {
        var verb = new Verb("user", "Set up who may log in to a server.")
        {
            Examples =
            [
                ("twin user add anna --role admin", "asks for the password; from now on everybody must log in"),
                ("twin user add li --role planner --firm F003 --generate", "a planner of a firm, who sees nothing of other firms"),
                ("twin user disable li", "may not log in any more; open sessions end within half a minute"),
            ],
        };
        verb.Add(Add());
        verb.Add(List());
        verb.Add(Switch("disable", "Let somebody not log in any more.", disabled: true));
        verb.Add(Switch("enable", "Let somebody log in again.", disabled: false));
        verb.Add(Password());
        return verb;
    }

    private static Verb Add()
    {
        var (name, data, firm, generate) = (Name(), SecurityOptions.Data(), SecurityOptions.Firm(), Generate());
        var role = new Option<string>("--role") { Description = $"One of {string.Join(", ", Roles.All)}.", HelpName = "role", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var verb = new Verb("add", "Add somebody.")
        {
            Examples = [("twin user add anna --role admin --generate", "makes a password and shows it once")],
        };
        verb.Add(name);
        foreach (var option in (Option[])[role, firm, generate, data])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, async services =>
        {
            var user = new TwinUser { Key = "", Name = parse.GetValue(name)!, Role = parse.GetValue(role)!, Firm = parse.GetValue(firm) };
            if (user is { Role: Roles.Admin, Firm: not null })
            {
                throw new CommandException("an administrator belongs to the operator, not to a firm. Maybe --role planner or dispatcher?");
            }

            Require(await services.GetRequiredService<UserManager<TwinUser>>().CreateAsync(user, NewPassword(shell, parse.GetValue(generate))));
            services.Audit($"add user {user.Name}", "", Described(user));
            shell.Line($"{user.Name} may log in as {Described(user)}.");
            return ExitCode.Ok;
        }));
        return verb;
    }

    private static Verb List()
    {
        var (data, json) = (SecurityOptions.Data(), CommonOptions.Json());
        var verb = new Verb("list", "List everybody.")
        {
            Examples = [("twin user list --json", "for a program")],
        };
        verb.Add(data);
        verb.Add(json);
        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, services =>
        {
            var all = services.GetRequiredService<UserStore>().All();
            if (parse.GetValue(json))
            {
                shell.WriteJson(all.Select(u => new { u.Name, u.Role, u.Firm, u.IsDisabled, u.LockedUntil, u.Created }));
                return Task.FromResult(ExitCode.Ok);
            }

            if (all.Count == 0)
            {
                shell.Line("Nobody is set up: on loopback nobody has to log in. Maybe twin user add NAME --role admin.");
                return Task.FromResult(ExitCode.Ok);
            }

            var table = Shell.Table();
            table.AddColumns("name", "role", "firm", "state");
            foreach (var user in all)
            {
                table.AddRow(Markup.Escape(user.Name), user.Role, Markup.Escape(user.Firm ?? "(operator)"), user.IsDisabled ? "disabled" : user.LockedUntil > DateTimeOffset.UtcNow ? "locked: wrong passwords" : "");
            }

            shell.Show(table);
            return Task.FromResult(ExitCode.Ok);
        }));
        return verb;
    }

    private static Verb Switch(string word, string description, bool disabled)
    {
        var (name, data) = (Name(), SecurityOptions.Data());
        var verb = new Verb(word, description)
        {
            Examples = [($"twin user {word} li", disabled ? "sessions that are open end within half a minute" : "wrong passwords are forgotten, too")],
        };
        verb.Add(name);
        verb.Add(data);
        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, async services =>
        {
            var users = services.GetRequiredService<UserManager<TwinUser>>();
            var user = Known(services, parse.GetValue(name)!);
            (user.IsDisabled, user.LockedUntil, user.Failures) = (disabled, null, 0);
            Require(await users.UpdateSecurityStampAsync(user));
            services.Audit($"{word} user {user.Name}", disabled ? "enabled" : "disabled", disabled ? "disabled" : "enabled");
            shell.Line($"{user.Name} is {word}d.");
            return ExitCode.Ok;
        }));
        return verb;
    }

    private static Verb Password()
    {
        var (name, data, generate) = (Name(), SecurityOptions.Data(), Generate());
        var verb = new Verb("password", "Give somebody a new password.")
        {
            Examples = [("twin user password li --generate", "makes one and shows it once; open sessions end")],
        };
        verb.Add(name);
        verb.Add(generate);
        verb.Add(data);
        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, async services =>
        {
            var users = services.GetRequiredService<UserManager<TwinUser>>();
            var user = Known(services, parse.GetValue(name)!);
            var password = NewPassword(shell, parse.GetValue(generate));
            foreach (var rule in users.PasswordValidators)
            {
                Require(await rule.ValidateAsync(users, user, password));
            }

            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
            (user.LockedUntil, user.Failures) = (null, 0);
            Require(await users.UpdateSecurityStampAsync(user));
            services.Audit($"new password of user {user.Name}", "", "");
            shell.Line($"{user.Name} has a new password; earlier log-ins end within half a minute.");
            return ExitCode.Ok;
        }));
        return verb;
    }

    private static Argument<string> Name() => new("name") { Description = "The name to log in with.", HelpName = "name" };

    private static Option<bool> Generate() => new("--generate") { Description = "Make a password and print it, instead of asking for one (or reading it from standard input)." };

    private static TwinUser Known(IServiceProvider services, string name)
    {
        var store = services.GetRequiredService<UserStore>();
        return store.Find(name) ?? throw new CommandException($"there is no user '{name}'. {Suggestion.For(name, store.All().Select(u => u.Name)) ?? "twin user list shows who there is."}");
    }

    private static string NewPassword(Shell shell, bool generate)
    {
        if (generate)
        {
            var made = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", PasswordLength);
            shell.Line($"Password: {made}");
            return made;
        }

        return Console.IsInputRedirected
            ? Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CommandException("no password came from standard input. Maybe --generate?")
            : shell.Error.Prompt(new TextPrompt<string>("Password (12 characters at least):").Secret());
    }

    private static string Described(TwinUser user) => $"{user.Role} of {user.Firm ?? "the operator"}";

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new CommandException(string.Join(" ", result.Errors.Select(e => e.Description)));
        }
    }
}
