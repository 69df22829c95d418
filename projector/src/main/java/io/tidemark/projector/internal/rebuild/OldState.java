package io.tidemark.projector.internal.rebuild;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.internal.StateFolder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What an instance keeps on its machine of generations that count no longer: a process that ended
 * while it went over may have left some. Stateless.
 */
final class OldState {
    private static final Logger LOGGER = LoggerFactory.getLogger(OldState.class);

    private OldState() {}

    /**
     * Deletes it, as far as that can be done.
     *
     * @param config of the instance, whatever the generation; nothing else uses its state directory
     * @param counting the generation that counts
     */
    static void delete(ProjectorConfig config, int counting) {
        var kept = config.ofGeneration(counting).applicationId();
        var ours = Pattern.compile(Pattern.quote(config.applicationId()) + "(-g[1-9][0-9]*)?");
        if (!Files.isDirectory(config.stateDir())) {
            return;
        }
        try (var entries = Files.list(config.stateDir())) {
            entries.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> ours.matcher(name).matches() && !name.equals(kept))
                    .forEach(name -> new StateFolder(config.stateDir(), name).delete());
        } catch (IOException | UncheckedIOException e) {
            LOGGER.atWarn().setCause(e).log("state of old generations not deleted");
        }
    }
}
