package io.tidemark.standalone;

import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Shows the main job in a terminal, and checks it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Shows the main job: a stream is started, followed live, cut off, continued on a"
                        + " second edge, and compared with what the projector folded. Exits with 0"
                        + " only if all agree.")
final class DemoCommand implements Callable<Integer> {
    private static final String PROMPT = "Explain in a few sentences why tides come twice a day.";

    @Mixin private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "model to ask; the default is one of the simulator's")
    private String model = "sim-answer";

    @Option(names = "--prompt", paramLabel = "TEXT", description = "what to ask it")
    private String prompt = PROMPT;

    @SuppressWarnings("NullAway.Init") // picocli
    @ParentCommand
    private Tidemark parent;

    @SuppressWarnings("NullAway.Init") // picocli
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return Interruption.during(this::run);
    }

    private int run() {
        try (var stack = new ShutdownStack()) {
            var settings = inDirectoryOfItsOwn(options.load(parent.host().environment()), stack);
            say("starting Kafka, a provider, a worker, a projector and two edges in this process");
            var node = StandaloneNode.start(settings, stack);
            var first = stack.push("client", new TidemarkClient(node.addEdge(0)));
            var second = stack.push("client", new TidemarkClient(node.addEdge(0)));
            var agreed =
                    new Demonstration(first, second, spec.commandLine().getOut())
                            .run(model, prompt);
            say(agreed ? "\nall agree" : "\nnot all agree");
            return agreed ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (InvalidSettingsException e) {
            spec.commandLine().getErr().println("tidemark: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tidemark: the demonstration broke off: " + e);
            return ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            return Interruption.report(spec);
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /* A demonstration leaves nothing behind, unless it was told where to keep it. */
    private static Settings inDirectoryOfItsOwn(Settings settings, ShutdownStack stack) {
        if (settings.isSet(Keys.DATA_DIR)) {
            return settings;
        }
        var directory = stack.push("demo data", TemporaryDirectory.create("tidemark-demo"));
        return settings.with(Keys.DATA_DIR, directory.path().toString());
    }
}
