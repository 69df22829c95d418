/*
 * Ownership, fencing and readers of one partition: a model for SPIN.
 *
 * The two logs are real: `elog` is the partition of tidemark.events, `clog` the one of
 * tidemark.commands. Whatever a worker writes goes over a wire first and lands when it lands, also
 * after the worker has crashed, has lost the partition, or has given up waiting.
 *
 *   here                        there
 *   ------------------------    --------------------------------------------------------------
 *   fold, pass                  ReaderGuard: the guard, from the first record
 *   read                        a reader that follows the log, and one that joins at that moment
 *   adopt, survey               CommandLoop.adopt, Inheritance (surveying), Backlog
 *   scan, fenceAcked            Takeover.Scan, ReadBack
 *   opened                      Inheritance (replaying), StreamRun.resume
 *   take                        OwnedPartition.act, while live
 *   write, finish               EventWriter, StreamRun.tell, StreamEnding
 *   broken                      UnbrokenLog, StreamEnding.fromLog: a record was not taken
 *   commit                      Watermarks: refused by the group from a zombie
 *   forget                      onPartitionsLost, CommandLoop.abandon
 *   Group                       the coordinator: moves of the partition
 *   ew, cw / es, cs             produce requests under way / those that nobody waits for any more
 *
 * Settings, given with -D; see README.md for what each configuration asks.
 */

/* Bounds. */
#ifndef STREAMS
#define STREAMS 1
#endif
#ifndef INCIDENTS
#define INCIDENTS 2 /* moves of the partition, crashes and breaks of producers, all together */
#endif
#ifndef MOVES
#define MOVES INCIDENTS     /* times that the group gives the partition to the other worker */
#endif
#ifndef CRASHES
#define CRASHES INCIDENTS   /* crashes of workers, each of which comes back */
#endif
#ifndef BREAKS
#define BREAKS 0            /* times that a producer gives up on what is under way */
#endif
#ifndef CANCELS
#define CANCELS 0   /* 1: stream 0 may be cancelled */
#endif
#if BREAKS > 0
#define WIRE 2      /* requests of one sender under way; a hole takes two */
#else
#define WIRE 1
#endif
#define WORKERS 2
#define EVENTS_MAX 24
#define COMMANDS_MAX 14

/*
 * The rule of the claim (7.6 of the protocol). NO_CLAIM is the protocol without it, as it once was.
 *
 *   1. Who is given a partition writes a claim into its commands and waits for it. Its offset is the
 *      owner's epoch, and the commands before it are the backlog.
 *   2. Attempts are made of the epoch: (epoch, n), in that order. So a worker cannot outrank whoever
 *      claimed after it.
 *   3. Who reads a claim behind its own takes nothing that follows. It asks the group: if it is not the
 *      owner any more it lets go, otherwise it claims again.
 *   4. A done record counts only if no claim above its attempt's epoch is before it. The owner too
 *      goes by what it reads: not by the acknowledgement of its own.
 */
#ifndef NO_CLAIM
#define CLAIM
#endif

/*
 * What is asked for. EVENTS alone: what readers take in (section 6 of the protocol), and that a done
 * record is written after a terminal. The others are about what is made of done records (section 7).
 */
#if !defined(ONLY)
#define SURVEYS
#define WATERMARKS
#define ENDS
#elif ONLY == 1
#define SURVEYS
#elif ONLY == 2
#define WATERMARKS
#endif

/* Events, packed into 16 bits: kind, stream, attempt, sequence, worker. */
#define STARTED 0
#define CONTENT 1
#define TERMINAL 2
#define FENCE    3
#define EVENT(k, s, a, q, w) ((k) | ((s) << 3) | ((a) << 4) | ((q) << 9) | ((w) << 13))
#define KIND(x)    ((x) & 7)
#define STREAM(x)  (((x) >> 3) & 1)
#define ATTEMPT(x) (((x) >> 4) & 31)
#define SEQ(x)     (((x) >> 9) & 15)
#define WORKER(x)  (((x) >> 13) & 1)

/* Commands, packed alike; a claim has its epoch where others have an attempt. */
#define START  0
#define CANCEL 1
#define DONE   2
#define CLAIMED 3

/* Attempts of an epoch: the takeover's and those after breaks. */
#define SUBS 3
#define EPOCH(a) ((a) / SUBS)

/* Where a worker is with the partition. */
#define OUT      0  /* not its own, as far as it knows */
#define CLAIMING 1  /* waits for its claim */
#define TAKING   2  /* takes over what is open; reads no commands */
#define LIVE     3

/* Where a worker is with a stream. */
#define NONE    0
#define SCAN    1   /* to be fenced */
#define FENCING 2   /* waits for its fence */
#define SETTLED 3   /* read back up to its fence */
#define WRITING 4
#define ENDING  5   /* waits for the terminal */
#define ENDED   6   /* the terminal is in the log */
#define TELLING 7   /* waits for its done record */
#define OVER    8
#define LEASED  9   /* left to the worker before, whose lease is fresh */

#define X(w, s) ((w) * STREAMS + (s))

/* The logs. */
#ifdef WHOLE_LOG
short elog[EVENTS_MAX];
byte elen;
#endif
short clog[COMMANDS_MAX];
byte clen;
byte committed;
byte claims;

/* The group. */
byte owner;
byte generation = 1;
byte moves, crashes, breaks, cancels;
#define MORE (moves + crashes + breaks < INCIDENTS)

/* Workers. */
byte phase[WORKERS];
byte gen[WORKERS];
byte epoch[WORKERS];
byte pos[WORKERS];
byte from[WORKERS];
#ifdef HANDOVER
bool leaving[WORKERS];      /* revoked in peace: writes on, begins nothing */
#define LEAVING(w) leaving[w]
byte leaseOf[STREAMS];      /* last worker that had a lease of it, plus 1 */
#else
#define LEAVING(w) false
#endif
#ifdef NO_READBACK
byte leaseNext[STREAMS];
#endif

/* Streams at workers. */
byte stage[WORKERS * STREAMS];
byte att[WORKERS * STREAMS];
byte next[WORKERS * STREAMS];
bool open[WORKERS * STREAMS];
bool ends[WORKERS * STREAMS];       /* nothing but the terminal is to follow */
bool hasContent[WORKERS * STREAMS];
bool hasEnd[WORKERS * STREAMS];
bool cancelled[WORKERS * STREAMS];

/* Requests under way. */
chan ew[WORKERS * STREAMS] = [WIRE] of { short };
chan es[WORKERS * STREAMS] = [WIRE] of { short };
chan cw[WORKERS] = [WIRE] of { short };
chan cs[WORKERS] = [WIRE] of { short };

/* Starts, and what readers have. */
bool begun[STREAMS];
byte startAt[STREAMS];
byte rAtt[STREAMS], rNext[STREAMS];
bool rEnded[STREAMS];
byte rWriter[STREAMS];              /* of the last accepted event, plus 1 */
byte rWriterAtt[STREAMS];
#ifdef WHOLE_LOG
byte accepted[STREAMS * 8];         /* offsets, by sequence */
#endif

/* What a worker finds that reads the events to their end: the guard's state, and what it saw. */
byte gAtt[STREAMS], gNext[STREAMS];
bool gEnded[STREAMS], gContent[STREAMS];
bool hasDone[STREAMS];              /* a done record was appended, be it a zombie's */
bool hasTerminal[STREAMS];          /* a terminal was appended, be it a zombie's */

/* For use within one step; always 0 between two, so that they make no states. */
byte i, j, top, n;
bool valid, all;
#ifdef WHOLE_LOG
byte lAtt, lNext;
bool lEnded;
#endif
short x;

inline clear() {
    i = 0; j = 0; top = 0; n = 0;
    valid = false; all = false;
    x = 0
#ifdef WHOLE_LOG
    ; lAtt = 0; lNext = 0; lEnded = false
#endif
}

/* ---- readers ---- */

/*
 * The guard, as a worker uses it. Reading up to a fence is reading up to the end at the moment when
 * the fence is appended, so the guard is kept up with the log instead of the log with its past.
 */
inline fold(e, s) {
    if
    :: KIND(e) == FENCE -> gAtt[s] = (ATTEMPT(e) > gAtt[s] -> ATTEMPT(e) : gAtt[s])
    :: KIND(e) != FENCE && ATTEMPT(e) >= gAtt[s] && !gEnded[s] && SEQ(e) == gNext[s] ->
        gAtt[s] = ATTEMPT(e);
        gNext[s]++;
        gEnded[s] = (KIND(e) == TERMINAL);
        gContent[s] = gContent[s] || (KIND(e) == CONTENT)
    :: else
    fi
}

/* An event has passed the guard: it is what a client gets. */
inline pass(e, s) {
    assert(!rEnded[s]);                             /* nothing after the terminal */
    assert(SEQ(e) == rNext[s]);                     /* gapless, none twice */
    assert((SEQ(e) == 0) == (KIND(e) == STARTED));  /* one start */
    assert(rWriter[s] == 0 || rWriterAtt[s] != ATTEMPT(e) || rWriter[s] == WORKER(e) + 1);
    rAtt[s] = ATTEMPT(e);
    rWriter[s] = WORKER(e) + 1;
    rWriterAtt[s] = ATTEMPT(e);
#ifdef WHOLE_LOG
    accepted[s * 8 + rNext[s]] = elen;
#endif
    rNext[s]++;
    rEnded[s] = (KIND(e) == TERMINAL)
}

/* The reader that follows the log is given the record at its end. */
inline read(e, s) {
    if
#ifdef NO_GUARD
    :: KIND(e) == FENCE
    :: else -> pass(e, s)
#else
    :: KIND(e) == FENCE -> rAtt[s] = (ATTEMPT(e) > rAtt[s] -> ATTEMPT(e) : rAtt[s])
    :: KIND(e) != FENCE && ATTEMPT(e) < rAtt[s]     /* a zombie's */
    :: KIND(e) != FENCE && ATTEMPT(e) >= rAtt[s] ->
        if
#if BREAKS > 0
        :: SEQ(e) > rNext[s] && !rEnded[s]          /* a hole that a producer left */
#endif
        :: else ->
            /* Who may write knows what is before: no event of its is twice or too late. */
            pass(e, s)
        fi
#endif
    fi
}

#ifdef WHOLE_LOG
/* One that joins now reads the whole log, and must come to the same. */
inline join(s) {
    lAtt = 0; lNext = 0; lEnded = false;
    i = 0;
    do
    :: i < elen ->
        x = elog[i];
        if
        :: STREAM(x) == s && KIND(x) == FENCE ->
            lAtt = (ATTEMPT(x) > lAtt -> ATTEMPT(x) : lAtt)
        :: STREAM(x) == s && KIND(x) != FENCE && ATTEMPT(x) >= lAtt && !lEnded && SEQ(x) == lNext ->
            assert(lNext < rNext[s] && accepted[s * 8 + lNext] == i);
            lAtt = ATTEMPT(x);
            lNext++;
            lEnded = (KIND(x) == TERMINAL)
        :: else
        fi;
        i++
    :: else -> break
    od;
    assert(lNext == rNext[s] && lEnded == rEnded[s]);
    assert(lNext == gNext[s] && lEnded == gEnded[s] && lAtt == gAtt[s])
}
#endif

/* ---- workers ---- */

inline forgetRun(w, s) {
    stage[X(w, s)] = NONE; att[X(w, s)] = 0; next[X(w, s)] = 0; open[X(w, s)] = false;
    ends[X(w, s)] = false; hasContent[X(w, s)] = false; hasEnd[X(w, s)] = false;
    cancelled[X(w, s)] = false
}

/* Lets go of everything; what is under way stays under way. */
inline forget(w) {
    forgetRun(w, 0);
#if STREAMS > 1
    forgetRun(w, 1);
#endif
    phase[w] = OUT; gen[w] = 0; epoch[w] = 0; pos[w] = 0; from[w] = 0;
#ifdef HANDOVER
    leaving[w] = false;
#endif
}

/* Reads the commands from the watermark to its claim: what is open? */
inline survey(w, end) {
    top = 0; all = true;
    i = from[w];
    do
    :: i < end ->
        x = clog[i];
        if
        :: KIND(x) == START -> open[X(w, STREAM(x))] = true
        :: KIND(x) == CANCEL -> cancelled[X(w, STREAM(x))] = true
        :: KIND(x) == DONE ->
#ifdef CLAIM
            valid = EPOCH(ATTEMPT(x)) >= top;
#ifdef DONE_OF_ANYONE
            valid = true;
#endif
#else
            valid = true;
#endif
#ifdef DONE_BY_ATTEMPT
            /* As if a survey could tell; for the third flaw alone. */
            valid = rEnded[STREAM(x)];
#endif
            if
            :: valid ->
#ifdef SURVEYS
                assert(rEnded[STREAM(x)]);  /* what counts as done has an end */
#endif
                open[X(w, STREAM(x))] = false
            :: else
            fi
        :: KIND(x) == CLAIMED -> top = (ATTEMPT(x) > top -> ATTEMPT(x) : top)
        fi;
        i++
    :: else -> break
    od;
    pos[w] = end;
    from[w] = 0;
    j = 0;
    do
    :: j < STREAMS ->
        if
#ifdef HANDOVER
        :: open[X(w, j)] && leaseOf[j] != 0 && leaseOf[j] != w + 1 -> stage[X(w, j)] = LEASED
        :: open[X(w, j)] && (leaseOf[j] == 0 || leaseOf[j] == w + 1) ->
#else
        :: open[X(w, j)] ->
#endif
            stage[X(w, j)] = SCAN; all = false
        :: else
        fi;
        j++
    :: else -> break
    od;
    phase[w] = (all -> LIVE : TAKING)
}

/* Is given the partition. */
inline adopt(w) {
    forget(w);
    gen[w] = generation;
    from[w] = committed;
    printf("worker %d is given the partition, from command %d\n", w, committed);
#ifdef CLAIM
    phase[w] = CLAIMING;
    cw[w]!EVENT(CLAIMED, 0, 0, 0, w)
#else
    survey(w, clen)
#endif
}

/* What the log holds of a stream. */
inline found(w, s) {
    next[X(w, s)] = gNext[s]; hasEnd[X(w, s)] = gEnded[s]; hasContent[X(w, s)] = gContent[s]
}

/* Fences a stream, under an attempt higher than any it has seen. */
inline scan(w, s) {
    n = (gAtt[s] > att[X(w, s)] -> gAtt[s] : att[X(w, s)]) + 1;
#ifdef CLAIM
    n = (n < epoch[w] * SUBS -> epoch[w] * SUBS : n);
#else
    n = (n < 2 -> 2 : n);
#endif
    if
#ifdef CLAIM
    :: EPOCH(n) > epoch[w] -> outranked(w)
#endif
    :: else ->
        att[X(w, s)] = n;
#if defined(READ_BEFORE_ACK)
        found(w, s);
#endif
#ifdef HANDOVER_UNFENCED
        if
        :: phase[w] == LIVE && !ends[X(w, s)] ->
            found(w, s);
            stage[X(w, s)] = SETTLED
        :: else ->
#endif
        printf("worker %d sends a fence, attempt %d\n", w, n);
        stage[X(w, s)] = FENCING;
        ew[X(w, s)]!EVENT(FENCE, s, n, 0, w)
#ifdef HANDOVER_UNFENCED
        fi
#endif
    fi
}

/* Its fence is to be appended: what is before it counts, what comes after does not. */
inline fenceAcked(w, s) {
    if
#ifndef RIVAL_IGNORED
    :: gAtt[s] >= att[X(w, s)] -> stage[X(w, s)] = SCAN
#endif
    :: else ->
#if defined(NO_READBACK)
        next[X(w, s)] = leaseNext[s];
#elif !defined(READ_BEFORE_ACK)
        found(w, s);
#endif
        stage[X(w, s)] = SETTLED
    fi
}

/* Goes on with a stream that was taken over: 7.3 of the protocol. */
inline opened(w, s) {
    stage[X(w, s)] = (hasEnd[X(w, s)] -> ENDED : WRITING);
    printf("worker %d goes on with stream %d at %d, attempt %d\n", w, s, next[X(w, s)], att[X(w, s)]);
    ends[X(w, s)] = ends[X(w, s)] || hasContent[X(w, s)] || cancelled[X(w, s)];
    hasEnd[X(w, s)] = false
}

/* Somebody claimed after it. */
inline outranked(w) {
    if
    :: LEAVING(w)                       /* knows */
    :: !LEAVING(w) && gen[w] == generation -> adopt(w)
    :: else -> forget(w)
    fi
}

/* A done record, as the owner reads it. */
inline doneRead(w, s, a) {
#ifdef CLAIM
    if
    :: stage[X(w, s)] == LEASED -> stage[X(w, s)] = SCAN; att[X(w, s)] = 0
#ifdef DONE_ON_ACK
    :: else
#else
    :: stage[X(w, s)] != LEASED && EPOCH(a) == epoch[w] && open[X(w, s)] && !LEAVING(w) ->
        assert(rEnded[s]);
        open[X(w, s)] = false
    :: else
#endif
    fi
#else
    skip    /* OwnedPartition.done: nothing for a stream that runs */
#endif
}

/* The next command, while live. */
inline take(w) {
    x = clog[pos[w]];
    j = STREAM(x);
    pos[w]++;
    if
    :: KIND(x) == START ->
        if
        :: stage[X(w, j)] == NONE && !LEAVING(w) ->
            open[X(w, j)] = true;
            stage[X(w, j)] = WRITING;
#ifdef CLAIM
            att[X(w, j)] = epoch[w] * SUBS;
#else
            att[X(w, j)] = 1;
#endif
            next[X(w, j)] = 0;
            ends[X(w, j)] = cancelled[X(w, j)]
        :: else
        fi
    :: KIND(x) == CANCEL ->
        cancelled[X(w, j)] = true;
#ifndef CANCEL_UNHEEDED
        ends[X(w, j)] = (stage[X(w, j)] == WRITING -> true : ends[X(w, j)])
#endif
    :: KIND(x) == DONE -> doneRead(w, j, ATTEMPT(x))
    :: KIND(x) == CLAIMED ->
#ifdef CLAIM_UNREAD
        skip
#else
        if
        :: ATTEMPT(x) > epoch[w] -> outranked(w)
        :: else
        fi
#endif
    fi
}

/* Sends an event; the second of two waits for the first to have left the buffer. */
inline send(w, s, kind) {
    printf("worker %d sends event %d of stream %d (%d), attempt %d\n", w, next[X(w, s)], s, kind, att[X(w, s)]);
    ew[X(w, s)]!EVENT(kind, s, att[X(w, s)], next[X(w, s)], w);
    next[X(w, s)]++
}

/* The watermark: the oldest start that is not done, or where it reads. */
inline watermark(w) {
    n = pos[w];
    j = 0;
    do
    :: j < STREAMS ->
        if
        :: open[X(w, j)] && startAt[j] < n -> n = startAt[j]
        :: else
        fi;
        j++
    :: else -> break
    od
}

/* Whether a commit would move it. */
#define HELD(w, s) (open[X(w, s)] && startAt[s] <= committed)
#if STREAMS > 1
#define due(w) (pos[w] > committed && !HELD(w, 0) && !HELD(w, 1))
#else
#define due(w) (pos[w] > committed && !HELD(w, 0))
#endif

inline commit(w) {
    watermark(w);
    printf("worker %d commits %d\n", w, n);
    if
    :: n > committed ->
        committed = n;
        j = 0;
        do
        :: j < STREAMS ->
#ifdef WATERMARKS
            assert(!(begun[j] && startAt[j] < committed) || (rEnded[j] && hasDone[j]));
#endif
            j++
        :: else -> break
        od;
        j = 0
    :: else
    fi
}

/* ---- the logs ---- */

inline appendEvent(e, w, heard) {
    n = STREAM(e);
    printf("LANDS: of worker %d, stream %d, kind %d, sequence %d, attempt %d; readers await %d, highest attempt %d\n",
        w, n, KIND(e), SEQ(e), ATTEMPT(e), rNext[n], rAtt[n]);
    if
    :: heard && KIND(e) == FENCE && stage[X(w, n)] == FENCING && att[X(w, n)] == ATTEMPT(e) ->
        fenceAcked(w, n)
    :: heard && KIND(e) == TERMINAL && stage[X(w, n)] == ENDING && att[X(w, n)] == ATTEMPT(e) ->
        stage[X(w, n)] = ENDED
    :: else
    fi;
    read(e, n);
    fold(e, n);
    hasTerminal[n] = hasTerminal[n] || KIND(e) == TERMINAL;
#ifdef WHOLE_LOG
    assert(elen < EVENTS_MAX);
    elog[elen] = e;
    elen++;
    join(n)
#endif
}

inline appendCommand(c, w, heard) {
    assert(clen < COMMANDS_MAX);
    printf("LANDS: of worker %d, command %d, kind %d, attempt %d\n", w, clen, KIND(c), ATTEMPT(c));
    if
    :: KIND(c) == CLAIMED ->
        claims++;
        clog[clen] = EVENT(CLAIMED, 0, claims, 0, w);
        clen++;
        if
        :: heard && phase[w] == CLAIMING -> epoch[w] = claims; survey(w, clen)
        :: else
        fi
    :: KIND(c) == DONE ->
        n = STREAM(c);
        assert(hasTerminal[n]);             /* a done record is written after its terminal */
        hasDone[n] = true;
        clog[clen] = c;
        clen++;
        if
        :: heard && stage[X(w, n)] == TELLING && att[X(w, n)] == ATTEMPT(c) ->
            stage[X(w, n)] = OVER;
            att[X(w, n)] = 0;
#if defined(NO_CLAIM) || defined(DONE_ON_ACK)
            open[X(w, n)] = false
#endif
        :: else
        fi;
        n = 0
    fi
}

/*
 * What is under way and not waited for any more: of two requests both land some time, or the first,
 * or none. Only a producer that lives on after the loss of the first may still deliver the second,
 * which leaves a hole.
 */
inline strand(wire, strays, holes) {
    do
    :: len(wire) > 0 ->
        wire?y;
        if
        :: len(strays) < WIRE && !lost -> strays!y
        :: lost = !holes
        fi
    :: len(wire) == 0 -> break
    od;
    y = 0; lost = false
}

/* ---- processes ---- */

/* A provider that never ends by itself is stopped by a cancel, or by a takeover after content. */
#ifdef ENDLESS
#define MAY_END(w, s) (next[X(w, s)] > 0 && ends[X(w, s)])
#else
#define MAY_END(w, s) (next[X(w, s)] > 0)
#endif

#ifdef TERSE
#define MAY_SAY(w, s) false
#else
#define MAY_SAY(w, s) (!ends[X(w, s)] && !hasContent[X(w, s)])
#endif

/* One stream at one worker: the stream's thread, and the requests with its events. */
proctype Stream(byte w; byte s) {
    short y;
    bool lost;
end:
    do
    /* fence, read back */
    :: d_step { stage[X(w, s)] == SCAN && len(ew[X(w, s)]) < WIRE && len(cw[w]) < WIRE -> scan(w, s); clear() }
    :: d_step { stage[X(w, s)] == SETTLED && phase[w] == LIVE -> opened(w, s); clear() }
    /* write */
    :: d_step { stage[X(w, s)] == WRITING && len(ew[X(w, s)]) < WIRE && next[X(w, s)] == 0 ->
            send(w, s, STARTED) }
    :: d_step { stage[X(w, s)] == WRITING && len(ew[X(w, s)]) < WIRE && next[X(w, s)] > 0 &&
                MAY_SAY(w, s) ->
            hasContent[X(w, s)] = true;
            send(w, s, CONTENT) }
    :: d_step { stage[X(w, s)] == WRITING && len(ew[X(w, s)]) < WIRE && MAY_END(w, s) ->
            send(w, s, TERMINAL);
#ifdef DONE_BEFORE_ACK
            stage[X(w, s)] = ENDED
#else
            stage[X(w, s)] = ENDING
#endif
        }
    /* tell */
    :: d_step { stage[X(w, s)] == ENDED && len(cw[w]) < WIRE ->
            cw[w]!EVENT(DONE, s, att[X(w, s)], 0, w);
            stage[X(w, s)] = TELLING;
            next[X(w, s)] = 0; hasContent[X(w, s)] = false;
            ends[X(w, s)] = false;
#ifdef WATERMARK_BEFORE_DONE
            open[X(w, s)] = false
#endif
        }
    /* requests land */
    :: d_step { len(ew[X(w, s)]) > 0 -> ew[X(w, s)]?y; appendEvent(y, w, true); y = 0; clear() }
    :: d_step { len(es[X(w, s)]) > 0 -> es[X(w, s)]?y; appendEvent(y, w, false); y = 0; clear() }
#if BREAKS > 0
    /* a record was not taken, as far as the producer knows: fence, read back, end */
    :: atomic { MORE && breaks < BREAKS && len(ew[X(w, s)]) > 0 &&
                (stage[X(w, s)] == WRITING || stage[X(w, s)] == ENDING || stage[X(w, s)] == FENCING) ->
            breaks++;
            printf("worker %d gives up on what is under way\n", w);
            strand(ew[X(w, s)], es[X(w, s)], true);
            ends[X(w, s)] = ends[X(w, s)] || (stage[X(w, s)] != FENCING);
            stage[X(w, s)] = SCAN }
    :: atomic { MORE && breaks < BREAKS && len(cw[w]) > 0 && stage[X(w, s)] == TELLING ->
            breaks++;
            printf("worker %d gives up on what is under way\n", w);
            strand(cw[w], cs[w], true);
            stage[X(w, s)] = ENDED }
#endif
#ifdef HANDOVER
    :: d_step { stage[X(w, s)] == WRITING && leaseOf[s] != w + 1 -> leaseOf[s] = w + 1 }
    /* the lease is stale, whether its worker lives or not */
    :: d_step { stage[X(w, s)] == LEASED && phase[w] == LIVE -> stage[X(w, s)] = SCAN }
#endif
#ifdef NO_READBACK
    :: d_step { stage[X(w, s)] == WRITING && leaseNext[s] < next[X(w, s)] ->
            leaseNext[s] = next[X(w, s)] }
#endif
    od
}

/* Whether nothing is left to be fenced before the streams are opened. */
#define FENCED(w, s) (stage[X(w, s)] != SCAN && stage[X(w, s)] != FENCING)
#if STREAMS > 1
#define ALL_FENCED(w) (FENCED(w, 0) && FENCED(w, 1))
#define IDLE(r) (r == NONE || r == OVER)
#define ALL_IDLE(w) (IDLE(stage[X(w, 0)]) && IDLE(stage[X(w, 1)]))
#else
#define ALL_FENCED(w) FENCED(w, 0)
#define ALL_IDLE(w) (stage[X(w, 0)] == NONE || stage[X(w, 0)] == OVER)
#endif

#ifdef ZOMBIE_BLIND
#define READS(w) (gen[w] == generation)
#else
#define READS(w) true
#endif

/* One worker: its command loop, and the requests with its commands. */
proctype Worker(byte w) {
    short y;
    bool lost;
end:
    do
    :: d_step { owner == w && gen[w] != generation && len(cw[w]) < WIRE -> adopt(w); clear() }
    :: d_step { phase[w] == TAKING && ALL_FENCED(w) -> phase[w] = LIVE }
    :: d_step { phase[w] == LIVE && pos[w] < clen && len(cw[w]) < WIRE && READS(w) -> take(w); clear() }
    :: d_step { (phase[w] == LIVE || phase[w] == TAKING) && gen[w] == generation && !LEAVING(w) &&
                due(w) -> commit(w); clear() }
    /* hears that the partition is not its own; maybe long after */
    :: d_step { gen[w] != 0 && gen[w] != generation && owner != w && !LEAVING(w) ->
            printf("worker %d hears that the partition is not its own\n", w);
            forget(w); clear() }
#ifdef HANDOVER
    :: d_step { LEAVING(w) && ALL_IDLE(w) -> forget(w); clear() }
#endif
    /* requests land */
    :: d_step { len(cw[w]) > 0 -> cw[w]?y; appendCommand(y, w, true); y = 0; clear() }
    :: d_step { len(cs[w]) > 0 -> cs[w]?y; appendCommand(y, w, false); y = 0; clear() }
    /* dies, and comes back with nothing but its name */
    :: atomic { MORE && crashes < CRASHES && gen[w] != 0 ->
            crashes++;
            printf("worker %d dies\n", w);
            strand(cw[w], cs[w], false);
            strand(ew[X(w, 0)], es[X(w, 0)], false);
#if STREAMS > 1
            strand(ew[X(w, 1)], es[X(w, 1)], false);
#endif
            d_step { forget(w) } }
    od
}

/* The group: gives the partition to the other worker, for whatever reason. */
proctype Group() {
end:
    do
    :: d_step { MORE && moves < MOVES ->
            moves++; owner = 1 - owner; generation++; printf("the partition moves to worker %d\n", owner) }
#ifdef HANDOVER
    :: d_step { MORE && moves < MOVES && gen[owner] == generation && phase[owner] == LIVE ->
            leaving[owner] = true; moves++; owner = 1 - owner; generation++;
            printf("the partition is handed over to worker %d\n", owner) }
#endif
    od
}

/* The edges: start streams and cancel one; EARLY, all are started before anything happens. */
#ifndef EARLY
proctype Edge() {
end:
    do
    :: d_step { !begun[0] ->
            printf("stream 0 is started: command %d\n", clen);
            begun[0] = true; startAt[0] = clen; clog[clen] = EVENT(START, 0, 0, 0, 0); clen++ }
#if STREAMS > 1
    :: d_step { begun[0] && !begun[1] ->
            begun[1] = true; startAt[1] = clen; clog[clen] = EVENT(START, 1, 0, 0, 0); clen++ }
#endif
#if CANCELS > 0
    :: d_step { begun[0] && cancels < CANCELS ->
            printf("stream 0 is cancelled: command %d\n", clen);
            cancels++; clog[clen] = EVENT(CANCEL, 0, 0, 0, 0); clen++ }
#endif
    od
}
#endif

/* When nothing can happen any more, everything has ended and is done. */
proctype Quiet() {
    timeout;
#ifdef ENDS
    assert(rEnded[0] && hasDone[0] && committed > startAt[0]);
#if STREAMS > 1
    assert(rEnded[1] && hasDone[1] && committed > startAt[1]);
#endif
#endif
}

init {
    atomic {
#ifdef EARLY
        begun[0] = true; clog[0] = EVENT(START, 0, 0, 0, 0); clen = 1;
#if STREAMS > 1
        begun[1] = true; startAt[1] = 1; clog[1] = EVENT(START, 1, 0, 0, 0); clen = 2;
#endif
#endif
        run Worker(0); run Worker(1);
        run Stream(0, 0); run Stream(1, 0);
#if STREAMS > 1
        run Stream(0, 1); run Stream(1, 1);
#endif
        run Group()
#ifndef EARLY
        ; run Edge()
#endif
#ifndef LIVENESS
        ; run Quiet()
#endif
    }
}

#ifdef LIVENESS
/* A stream that was started ends for its readers and is done; cancelled ones too, also endless. */
ltl ends { [] (begun[0] -> <> (rEnded[0] && hasDone[0] && committed > startAt[0])) }
#endif
