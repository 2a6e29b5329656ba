using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>A value as text, through all its public properties, so that records with arrays compare by value.</summary>
internal static class Deep
{
    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, int indent)
    {
        switch (value)
        {
            case null:
                text.Append("null\n");
                return;
            case double d:
                text.Append(d.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
                return;
            case DateTime t:
                text.Append(t.Ticks.ToString(CultureInfo.InvariantCulture)).Append('\n');
                return;
            case IEnumerable many and not string:
                text.Append('\n');
                var items = many.Cast<object>().Select(Inner);
                foreach (var item in value is IDictionary ? items.Order(StringComparer.Ordinal) : items)
                {
                    text.Append(' ', indent + 1).Append(item);
                }

                return;
            case string or ValueType when value.GetType().Namespace is "System" && !value.GetType().IsGenericType:
                text.Append(CultureInfo.InvariantCulture, $"{value}\n");
                return;
        }

        text.Append('\n');
        var type = value.GetType();
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).Select(p => (p.Name, Value: (Func<object?>)(() => p.GetValue(value))))
            .Concat(type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(f => (f.Name, Value: (Func<object?>)(() => f.GetValue(value)))));
        if (type.IsPrimitive || type.IsEnum)
        {
            text.Length--;
            text.Append(CultureInfo.InvariantCulture, $"{value}\n");
            return;
        }

        foreach (var (name, get) in members)
        {
            text.Append(' ', indent + 1).Append(name).Append(": ");
            Append(text, get(), indent + 1);
        }

        string Inner(object item)
        {
            var inner = new StringBuilder();
            Append(inner, item, indent + 1);
            return inner.ToString();
        }
    }
}
