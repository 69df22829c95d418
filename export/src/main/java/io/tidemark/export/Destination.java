package io.tidemark.export;

import static java.util.Objects.requireNonNull;

import java.io.OutputStream;
import java.nio.file.Path;

/** Where an export goes: a {@link File}, or a {@link Stream} that somebody else opened. */
public sealed interface Destination {
    /**
     * A file that appears when the export is complete, in place of one that had the name before.
     * Until then, and if it fails, there is none: it is written under another name beside it, which
     * begins with a dot and ends in {@code .partial}.
     */
    record File(Path path) implements Destination {
        public File {
            requireNonNull(path, "path");
        }
    }

    /**
     * A stream, such as standard output, which is flushed and not closed. What was written before a
     * failure stays written; of Parquet that is no file, for its end is missing.
     */
    record Stream(OutputStream stream) implements Destination {
        public Stream {
            requireNonNull(stream, "stream");
        }
    }
}
