return await DigitalTwin.Ui.Commands.TwinCommandLine.RunAsync(args);
