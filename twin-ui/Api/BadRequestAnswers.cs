using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace DigitalTwin.Ui.Api;

/// <summary>What a program gets that sent something unreadable: a problem that names the field and says what it should be.</summary>
internal sealed class BadRequestAnswers : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }

        var detail = bad.InnerException is JsonException json
            ? $"the body cannot be read{(json.Path is { Length: > 0 } path ? $" at {path}" : "")}{(json.LineNumber is { } line ? $" (line {line + 1})" : "")}: {Plain(json)}"
            : bad.Message;
        await ApiTools.Problem(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "Too much at once" : "Not understood", detail).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The reader's word, without names of .NET types.</summary>
    private static string Plain(JsonException json)
    {
        var text = (json.InnerException ?? json).Message;
        return text.Split(" Path:", 2)[0].Replace("The JSON value could not be converted to ", "this value is no ", StringComparison.Ordinal);
    }
}
