/*
 * One held command, from its request to its release, on two gateways over one store: every order in which votes, their
 * withdrawal, expiry, Ctrl-C, disconnects, lost answers, crashes and take-overs can come. Each step names the method it
 * models. it/model/run proves the invariants (the asserts), and that each guard is needed: -DBROKEN_… leaves one out.
 *
 * What the code does in one transaction, or under one compareAndSet, is one atomic step here. Where the model knows less
 * than the code (when a take-over is allowed, how long something waits, how often somebody votes), it allows more.
 */

#define QUORUM 2
#define NO_GATEWAY 2

/* Accounts, as bits. Alice asks, the bot acts for her, and Bob has two accounts. */
#define ALICE 1
#define BOB 2
#define BOB_AGAIN 4
#define CAROL 8
#define BOT 16

#define HAS(votes, who) (((votes) & (who)) != 0)
#define PERSONS(votes) (HAS(votes, ALICE) + HAS(votes, BOB | BOB_AGAIN) + HAS(votes, CAROL) + HAS(votes, BOT))
#define ACCOUNTS(votes) (PERSONS(votes) + (HAS(votes, BOB) && HAS(votes, BOB_AGAIN)))

mtype = { NONE, PENDING, APPROVED, REJECTED, EXPIRED, WITHDRAWN, ABANDONED }    /* approval.State */
mtype = { NOTHING, HOLD, APPROVE, REJECT, TAKE_BACK, END }                              /* Docket.hold, vote, withdraw, end */

typedef Row {
    mtype state = NONE;
    byte votes;                         /* approval_vote: what the code counts */
    byte meant;                         /* what people voted and did not take back: no guard reads it, only asserts do */
    bool recorded                       /* whether the ledger has a "release" entry */
}

/* The store. */
Row store;
byte turn = 0;                          /* ledger_writer.token */
byte lock = NO_GATEWAY;                 /* who has locked that row, and so has the one open transaction */

bool late;                              /* whether the clock says that the request's time is over; it can be set back */

/* The memory of both gateways: a crash loses it. */
bool up[2], recovering[2];
bool writing[2];                        /* inside a transaction, whose changes are these: */
Row staged[2];

/* HeldCommand and LiveSession, both on gateway 0, where the requester is connected. */
bool holds;                             /* PendingApprovals knows the command */
bool announced, settled;
chan answered = [2] of { mtype };       /* standings on their way to HeldCommand.settle */
chan telling = [2] of { mtype };        /* … from there to LiveSession.release */
bool asked, held, released, closed, drifted;
chan loop = [2] of { mtype };           /* … and from there to the session's event loop */

byte forwarded;                         /* how often the target has had the command */

/* The guards that can be left out. */
#ifdef BROKEN_QUORUM                    /* Progress.At.met */
#define NEEDED (QUORUM - 1)
#else
#define NEEDED QUORUM
#endif
#ifdef BROKEN_SAME_PERSON               /* People.same, as Approvers.voted and Progress.persons ask it */
#define MET(votes) (ACCOUNTS(votes) >= NEEDED)
#define VOTED(votes, who) HAS(votes, who)
#else
#define MET(votes) (PERSONS(votes) >= NEEDED)
#define VOTED(votes, who) HAS(votes, ((who) == BOB || (who) == BOB_AGAIN -> BOB | BOB_AGAIN : (who)))
#endif
#ifdef BROKEN_CHAIN                     /* Approvers.apart */
#define APART(who) true
#else
#define APART(who) ((who) != ALICE)
#endif
#ifdef BROKEN_AGENTS                    /* Approvers.mayApprove, Progress.persons: agents never countersign */
#define PERSON(who) true
#else
#define PERSON(who) ((who) != BOT)
#endif
#ifdef BROKEN_PENDING                   /* Docket refuses what is not pending, and so does ApprovalRequest.end */
#define IS_OPEN(row) (row.state != NONE)
#else
#define IS_OPEN(row) (row.state == PENDING)
#endif
#ifdef BROKEN_EXPIRY                    /* Standing.expired, asked with each vote */
#define OVER false
#else
#define OVER late
#endif
#ifdef BROKEN_TURN                      /* WriterTurn.keep */
#define MAY_WRITE(g) true
#define LOCK(g) lock
#else
#define MAY_WRITE(g) (turn == g && lock == NO_GATEWAY)
#define LOCK(g) g
#endif
#ifdef BROKEN_ONCE                      /* HeldCommand.settled, LiveSession.Pending.released and .pending */
#define UNSETTLED true
#define UNRELEASED true
#define UNDECIDED true
#else
#define UNSETTLED (!settled)
#define UNRELEASED (!released)
#define UNDECIDED asked
#endif
#ifdef BROKEN_CLOSING                   /* LiveSession.released: closed */
#define STILL_THERE true
#else
#define STILL_THERE (!closed && UNDECIDED)
#endif
#ifdef BROKEN_DIGEST                    /* LiveSession.same */
#define SAME true
#else
#define SAME (!drifted)
#endif

/* Docket.vote and count, with Approvers.mayApprove. */
inline vote(row, kind, who) {
    if
    :: OVER -> row.state = EXPIRED
    :: !OVER && APART(who) && PERSON(who) && !VOTED(row.votes, who) ->
        if
        :: kind == REJECT ->
            row.meant = 0;
#ifndef BROKEN_REJECTION                /* Docket.count */
            row.state = REJECTED
#endif
        :: kind == APPROVE ->
            row.votes = row.votes | who;
            row.meant = row.meant | who;
            if
            :: MET(row.votes) -> assert(!late); row.state = APPROVED; row.recorded = true
            :: else
            fi
        fi
    :: else                             /* "vote-refused" */
    fi
}

/* One work of Docket's in the committer's transaction; the answer is NONE where there is nothing to settle. */
inline work(row, kind, who, to, answer) {
    if
    :: kind == HOLD -> row.state = PENDING; answer = PENDING
    :: kind != HOLD && !IS_OPEN(row) ->
#ifdef BROKEN_TELLING                   /* Docket.end says how it ended, also where something else ended it */
        answer = (kind == END -> NOTHING : row.state)
#else
        answer = row.state
#endif
    :: kind != HOLD && IS_OPEN(row) ->
        if
        :: kind == END -> row.state = to
        :: kind == TAKE_BACK && OVER -> row.state = EXPIRED
        :: kind == TAKE_BACK && !OVER ->
            row.meant = row.meant & ~who;
#ifndef BROKEN_TAKING_BACK              /* ApprovalRequest.drop */
            row.votes = row.votes & ~who
#endif
        :: kind == APPROVE || kind == REJECT -> vote(row, kind, who)
        fi;
        answer = (row.state == PENDING -> answer : row.state)
    fi
}

inline copy(from, into) {
    into.state = from.state; into.votes = from.votes; into.meant = from.meant; into.recorded = from.recorded
}

inline clear(row) {
    row.state = NONE; row.votes = 0; row.meant = 0; row.recorded = false
}

inline ends_transaction(g) {
    writing[g] = false; lock = (lock == g -> NO_GATEWAY : lock); clear(staged[g])
}

/* HeldCommand hears of its own works only, while it lives. PendingApprovals forgets it once it has heard of an end. */
inline tells(g, answer) {
    if
    :: g == 0 && holds && answer != NONE && answer != NOTHING && len(answered) < 2 -> answered!answer
    :: answer == NOTHING -> assert(g != 0 || !asked || settled || len(answered) > 0)     /* nobody waits for ever */
    :: else
    fi
}

/* The hold could not be recorded, or nobody knows: the command is refused. */
inline not_held(answer) {
    if :: answer == PENDING -> asked = false; settled = true :: else fi
}

/* Committer.run: works are gathered in one transaction, and answered when it is committed. */
proctype Committer(byte g) {
    mtype opened, answer;
    do
    /* Committer.write: WriterTurn.keep tests the turn and locks its row; whoever has lost it writes nothing (TurnLost). */
    :: atomic { up[g] && !writing[g] && MAY_WRITE(g) ->
        lock = LOCK(g); writing[g] = true; copy(store, staged[g]) }
    /* Item.collect, for whatever somebody has submitted. */
    :: atomic { writing[g] && answer == NONE ->
        if
        :: g == 0 && asked && !holds && staged[g].state == NONE -> holds = true; work(staged[g], HOLD, 0, NONE, opened)
        :: staged[g].state != NONE ->
            if
            :: work(staged[g], APPROVE, ALICE, NONE, answer)
            :: work(staged[g], APPROVE, BOB, NONE, answer)
            :: work(staged[g], APPROVE, BOB_AGAIN, NONE, answer)
            :: work(staged[g], APPROVE, CAROL, NONE, answer)
            :: work(staged[g], APPROVE, BOT, NONE, answer)
            :: work(staged[g], REJECT, CAROL, NONE, answer)
            :: work(staged[g], TAKE_BACK, BOB, NONE, answer)
            :: g == 0 && holds && !settled -> work(staged[g], END, 0, EXPIRED, answer)     /* PendingApprovals.expire */
            :: g == 0 && held && asked -> work(staged[g], END, 0, WITHDRAWN, answer)       /* PendingApprovals.withdraw */
            :: g == 0 && holds && closed -> work(staged[g], END, 0, ABANDONED, answer)     /* PendingApprovals.abandon */
            :: recovering[g] -> work(staged[g], END, 0, ABANDONED, answer)                 /* PendingApprovals.recover */
            fi
        fi;
#ifdef BROKEN_DURABILITY                /* Committer.succeed comes after Store.transaction */
        tells(g, opened); tells(g, answer); opened = NONE
#endif
        }
    /* Store.transaction has committed: Committer.succeed answers, unless the answer is lost (Committer.watch, fail). */
    :: atomic { writing[g] ->
        assert(store.state == NONE || store.state == PENDING || store.state == staged[g].state);    /* ends once */
        copy(staged[g], store);
        recovering[g] = (store.state == PENDING -> recovering[g] : false);
        if :: true -> tells(g, opened); tells(g, answer) :: true -> not_held(opened) fi;
        ends_transaction(g); opened = NONE; answer = NONE }
    /* It was rolled back: Committer.fail. */
    :: atomic { writing[g] -> not_held(opened); ends_transaction(g); opened = NONE; answer = NONE }
    :: atomic { !up[g] && (opened != NONE || answer != NONE) -> opened = NONE; answer = NONE }
    od
}

/* What the gateway's executor carries after a commit. */
proctype Executor() {
    mtype how;
    do
    /* PendingApprovals.hold (announced), HeldCommand.settle. */
    :: atomic { len(answered) > 0 -> answered?how;
        if
        :: how == PENDING -> announced = true
        :: how != PENDING && UNSETTLED && len(telling) < 2 -> settled = true; telling!how
        :: else
        fi; how = NONE }
    /* HeldCommand.tell, LiveSession.release. */
    :: atomic { announced && len(telling) > 0 -> telling?how;
        if
        :: asked && UNRELEASED && len(loop) < 2 -> released = true; loop!how
        :: else                         /* Docket.releaseFailed */
        fi; how = NONE }
    od
}

/* LiveSession, on its event loop. */
proctype Session() {
    mtype how;
    asked = true;                       /* LiveSession.judge */
    do
    :: atomic { announced && asked && !held -> held = true }                    /* LiveSession.judged */
    :: atomic { held && !drifted -> drifted = true }                            /* the session's state is another now */
    :: atomic { (holds || asked) && !closed -> closed = true; asked = false }   /* LiveSession.close */
    /* LiveSession.released */
    :: atomic { held && len(loop) > 0 -> loop?how;
        if
        :: STILL_THERE && how == APPROVED && SAME ->
            asked = false;
            forwarded++;
#ifdef NEVER_RELEASED                   /* something is released at all: the other asserts are reached */
            assert(false);
#endif
            assert(forwarded == 1);                         /* never twice */
            assert(store.recorded);                         /* recorded before */
            assert(store.state == APPROVED);                /* never after another end */
            assert(!closed);                                /* never after the session's end */
            assert(PERSONS(store.meant) >= QUORUM);         /* never without quorum */
            assert(!HAS(store.meant, ALICE | BOT));         /* never by an excluded person */
            assert(!drifted)                                /* what was approved is what runs */
        :: else -> asked = false
        fi; how = NONE }
    od
}

inline drained(channel) {
    do :: len(channel) > 0 -> channel?_ :: else -> break od
}

proctype World() {
    do
    :: late = !late
    /* kill -9; the database ends the transaction of a connection that is gone. */
    :: atomic { up[0] -> up[0] = false; ends_transaction(0); recovering[0] = false;
        holds = false; announced = false; settled = false; asked = false; held = false; released = false; closed = false;
        drifted = false; drained(answered); drained(telling); drained(loop) }
    :: atomic { up[1] -> up[1] = false; ends_transaction(1); recovering[1] = false }
    /* GatewayStart.start: Committer.open takes the turn, then recover abandons what an earlier process left. */
    :: atomic { !up[0] && lock == NO_GATEWAY -> turn = 0; up[0] = true; recovering[0] = true }
    :: atomic { !up[1] && lock == NO_GATEWAY -> turn = 1; up[1] = true; recovering[1] = true }
    od
}

init {
    atomic {
        up[0] = true;
        run Committer(0);
        run Committer(1);
        run Executor();
        run Session();
        run World()
    }
}
