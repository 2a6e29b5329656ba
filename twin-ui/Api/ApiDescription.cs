using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DigitalTwin.Ui.Api;

/// <summary>What the OpenAPI document says beyond the shapes of the resources: how to log in, and which permit each operation needs.</summary>
internal static class ApiDescription
{
    public static void Write(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Digital twin", Version = "v1",
                Description = "The machine doors of a running twin. Errors are problem details (RFC 9457) whose detail says what is wrong and the way out.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of a machine: twin key create",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var needs = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsAttribute>().LastOrDefault();
            operation.Description = needs is null
                ? operation.Description
                : $"{operation.Description} Needs '{Roles.ScopeOf(needs.Permit)}'{(needs.FirmsToo ? "; firms see what is their own" : ", of the operator")}.".Trim();
            return Task.CompletedTask;
        });
    }
}
