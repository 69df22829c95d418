package io.tidemark.standalone;

import io.tidemark.standalone.CpuUse.CpuThread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads who has used the cores from {@code /proc}, as proc(5) describes it: times there are in
 * hundredths of a second. Stateless.
 */
final class CpuMeter {
    private static final double TICKS_PER_SECOND = 100;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Path PROC = Path.of("/proc");

    /* Behind the name of a thread, which may hold anything: user and system time. */
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    /* Of the machine: idle, waiting for a disk, and the last one that is not counted elsewhere. */
    private static final int IDLE = 4;
    private static final int WAITING = 5;
    private static final int STOLEN = 8;

    private CpuMeter() {}

    /**
     * Looks now.
     *
     * @param processes who does the work, by the number of the process
     * @throws BenchFailedException if the platform does not tell
     */
    static CpuUse read(Map<Long, ScaleRole> processes) throws IOException {
        var roles = new EnumMap<ScaleRole, Double>(ScaleRole.class);
        var threads = new HashMap<CpuThread, Double>();
        for (var process : processes.entrySet()) {
            roles.merge(process.getValue(), ofProcess(process.getKey()), Double::sum);
            readThreads(process.getKey(), process.getValue(), threads);
        }
        return new CpuUse(System.nanoTime() / NANOS_PER_SECOND, roles, threads, ofMachine());
    }

    private static double ofProcess(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .map(used -> used.toNanos() / NANOS_PER_SECOND)
                .orElseThrow(() ->
                        new BenchFailedException(
                                "the platform does not tell what process %d uses, or it has ended"
                                        .formatted(pid)));
    }

    private static void readThreads(long pid, ScaleRole role, Map<CpuThread, Double> into)
            throws IOException {
        var tasks = PROC.resolve(Long.toString(pid)).resolve("task");
        if (!Files.isReadable(tasks)) {
            throw new BenchFailedException("threads are read from /proc, and there is no " + tasks);
        }
        try (var all = Files.newDirectoryStream(tasks)) {
            for (var task : all) {
                readThread(task, role, into);
            }
        }
    }

    private static void readThread(Path task, ScaleRole role, Map<CpuThread, Double> into)
            throws IOException {
        try {
            var stat = Files.readString(task.resolve("stat"));
            int end = stat.lastIndexOf(')');
            var fields = stat.substring(end + 2).split(" ", -1);
            double ticks = Long.parseLong(fields[USER]) + (double) Long.parseLong(fields[SYSTEM]);
            into.put(
                    new CpuThread(
                            role,
                            Long.parseLong(task.getFileName().toString()),
                            stat.substring(stat.indexOf('(') + 1, end)),
                    ticks / TICKS_PER_SECOND);
        } catch (NoSuchFileException _) {
            // It ended after it was listed.
        }
    }

    private static double ofMachine() throws IOException {
        var fields = List.of(Files.readAllLines(PROC.resolve("stat")).getFirst().split(" +", -1));
        double ticks = 0;
        for (int i = 1; i <= STOLEN; i++) {
            if (i != IDLE && i != WAITING) {
                ticks += Long.parseLong(fields.get(i));
            }
        }
        return ticks / TICKS_PER_SECOND;
    }
}
