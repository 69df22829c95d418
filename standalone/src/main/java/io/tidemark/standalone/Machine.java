package io.tidemark.standalone;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a benchmark asks of the machine and of processes on it. Stateless. */
final class Machine {
    private static final int FILES_BESIDE = 2_000;
    private static final int COLLECTIONS = 2;
    private static final long BYTES_PER_KIB = 1_024;
    private static final Duration COLLECTION_MAX = Duration.ofMinutes(1);

    private Machine() {}

    /** How many files and sockets a process may have open; -1 where nobody tells. */
    static long filesMax() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : -1;
    }

    /**
     * Refuses a load that would need more files than a process may have open.
     *
     * @throws BenchFailedException if so
     */
    static void requireFiles(int readers) {
        long max = filesMax();
        if (max >= 0 && max < readers + FILES_BESIDE) {
            throw new BenchFailedException(
                    ("%d readers need %d open files in the server and as many here; this process"
                                    + " may open %d: raise that with ulimit -n, or ask for fewer"
                                    + " readers")
                            .formatted(readers, readers + FILES_BESIDE, max));
        }
    }

    /** CPU time that this process, which makes the load, has used. */
    static Duration cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Duration.ofNanos(system.getProcessCpuTime())
                : Duration.ZERO;
    }

    /**
     * Resident memory of a JVM in bytes, after it has collected its garbage.
     *
     * @throws BenchFailedException if the platform does not tell
     */
    static long residentAfterCollection(long pid) throws IOException, InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            collect(pid);
        }
        return resident(pid);
    }

    /** Resident memory of a process in bytes: {@code VmRSS}. */
    static long resident(long pid) throws IOException {
        var status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(status)) {
            throw new BenchFailedException("memory is read from /proc, and there is no " + status);
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
                .findFirst()
                .orElseThrow(() -> new BenchFailedException("no VmRSS in " + status));
    }

    private static void collect(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new BenchFailedException(
                    "garbage is collected with a JDK's jcmd, and there is no " + jcmd);
        }
        var process =
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(COLLECTION_MAX.toMillis(), TimeUnit.MILLISECONDS)
                || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new BenchFailedException("jcmd %d GC.run did not work".formatted(pid));
        }
    }
}
